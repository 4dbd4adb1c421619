import Bell from '@lucide/svelte/icons/bell';
import BookOpen from '@lucide/svelte/icons/book-open';
import Boxes from '@lucide/svelte/icons/package';
import ChartColumn from '@lucide/svelte/icons/chart-no-axes-column';
import ChartSpline from '@lucide/svelte/icons/chart-spline';
import Coins from '@lucide/svelte/icons/coins';
import Plug from '@lucide/svelte/icons/plug';
import Receipt from '@lucide/svelte/icons/receipt-text';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import TrendingUp from '@lucide/svelte/icons/trending-up';
import Tag from '@lucide/svelte/icons/tag';
import Users from '@lucide/svelte/icons/users';
import type { Icon } from '#lib/components/ui/icon.ts';

/** One place to go. Only pages that exist are passed to the shell. */
export type NavItem = {
	key: NavKey;
	label: string;
	href: string;
	/** Under the icon on the phone, where the label is too long. */
	short?: string;
	/** Open alerts, say; zero shows nothing. */
	badge?: number;
	badgeLabel?: string;
};

export type NavKey = keyof typeof navIcons;

/** Every page of the app has one icon, everywhere. */
export const navIcons = {
	dashboard: ChartColumn,
	orders: Receipt,
	profit: Coins,
	products: Tag,
	inventory: Boxes,
	customers: Users,
	forecasts: ChartSpline,
	alerts: Bell,
	trends: TrendingUp,
	channels: Plug,
	docs: BookOpen,
	settings: SlidersHorizontal
} satisfies Record<string, Icon>;
