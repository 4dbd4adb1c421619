import type { ConnectionView } from '#lib/contracts/channel-views.ts';
import type { LiveRun } from '#lib/contracts/live.ts';

type Tone = 'none' | 'info' | 'accent' | 'positive' | 'warning' | 'critical';

/** A connection's state in one or two words. */
export function statusTag({
	status,
	run,
	authMethod
}: Pick<ConnectionView, 'status' | 'run' | 'authMethod'>): {
	text: string;
	tone: Tone;
} {
	if (authMethod === 'file') return { text: 'Files only', tone: 'none' };
	switch (status) {
		case 'connecting':
			return { text: run?.kind === 'backfill' ? 'First sync' : 'Connecting', tone: 'accent' };
		case 'healthy':
			// orders are here, the rest of the first sync is still being read
			return run?.kind === 'backfill'
				? { text: 'First sync', tone: 'accent' }
				: { text: 'Healthy', tone: 'positive' };
		case 'degraded':
			return { text: 'Delayed', tone: 'warning' };
		case 'needs_reauthorization':
			return { text: 'Needs you', tone: 'critical' };
		case 'paused':
			return { text: 'Paused', tone: 'none' };
		case 'disconnected':
			return { text: 'Disconnected', tone: 'none' };
	}
}

/** What a state means for the figures, and what happens or is to be done next. Null when all is well. */
export function guidance({ status }: Pick<ConnectionView, 'status'>): string | null {
	switch (status) {
		case 'degraded':
			return 'What was read is kept. What changes meanwhile is not lost: it comes with the next check that works.';
		case 'needs_reauthorization':
			return 'Nothing that was read is lost. Nothing new is read until the account is connected again; then it goes on from where it stopped.';
		case 'paused':
			return 'Nothing is lost meanwhile: when you resume, everything that changed since then is read.';
		case 'disconnected':
			return 'Its orders and figures stay.';
		default:
			return null;
	}
}

/** What the parts of a run are called, in the order in which they are read. */
export const PARTS: readonly { key: string; label: string }[] = [
	{ key: 'locations', label: 'Locations' },
	{ key: 'products', label: 'Products' },
	{ key: 'orders', label: 'Orders' },
	{ key: 'returns', label: 'Returns' },
	{ key: 'stock', label: 'Stock' },
	{ key: 'customers', label: 'Customers' },
	{ key: 'transactions', label: 'Fees and payouts' },
	{ key: 'fees', label: 'Fee estimates' },
	{ key: 'figures', label: 'The channel’s own figures' },
	{ key: 'traffic', label: 'Visits' },
	{ key: 'reviews', label: 'Review topics' }
];

/** Parts that every first sync has, said to be next before they began. */
export const EXPECTED: readonly string[] = ['products', 'orders', 'stock'];

/** What is kept of a connection. */
export const STORED_NAMES: Record<string, string> = {
	orders: 'Orders',
	refunds: 'Refunds',
	listings: 'Listings',
	stock: 'Stock levels',
	locations: 'Locations',
	customers: 'Customers',
	transactions: 'Fees and payouts',
	figures: 'Days of the channel’s own figures',
	traffic: 'Days of visits',
	reviews: 'Review topics'
};

export const RUN_NAMES: Record<string, string> = {
	backfill: 'First sync',
	incremental: 'Orders',
	stock: 'Stock levels',
	catalog: 'Products and more',
	finances: 'Fees and payouts',
	reconcile: 'Nightly check'
};

/** A run's state in a word. */
export const RUN_STATES: Record<string, { text: string; tone: Tone }> = {
	queued: { text: 'Waits', tone: 'none' },
	running: { text: 'Running', tone: 'accent' },
	succeeded: { text: 'Done', tone: 'none' },
	failed: { text: 'Failed', tone: 'critical' },
	cancelled: { text: 'Stopped', tone: 'none' }
};

/** Why a run was begun. */
export const TRIGGERS: Record<string, string> = {
	connect: 'when it was connected',
	schedule: 'on schedule',
	person: 'by a member',
	webhook: 'by an event',
	recovery: 'after a restart'
};

/** How far the orders of a first sync are, and from the pace so far how long they still take, in seconds; null while unknown. */
export function estimate(
	run: LiveRun,
	now: number
): { share: number | null; perSecond: number | null; secondsLeft: number | null } {
	const orders = run.progress.orders;
	const seconds = run.startedAt ? (now - Date.parse(run.startedAt)) / 1000 : 0;
	if (!orders || orders.done === 0 || seconds < 1)
		return { share: orders?.total ? 0 : null, perSecond: null, secondsLeft: null };
	const perSecond = orders.done / seconds;
	if (!orders.total) return { share: null, perSecond, secondsLeft: null };
	return {
		share: Math.min(1, orders.done / orders.total),
		perSecond,
		secondsLeft: Math.max(0, (orders.total - orders.done) / perSecond)
	};
}

/** What a first sync is at, in words. Some channels tell other things before the orders, all tell some after them. */
export function stage({ status, progress }: Pick<LiveRun, 'status' | 'progress'>): {
	text: string;
	/** It is the orders' turn: their pace and the time they take say something. */
	orders: boolean;
} {
	if (status === 'queued') return { text: 'Waits for its turn', orders: false };
	const { orders } = progress;
	const begun = PARTS.filter(({ key }) => key !== 'orders' && (progress[key]?.done ?? 0) > 0).at(-1);
	const read = orders !== undefined && orders.total !== null && orders.done >= orders.total;
	if (!begun || (orders && !read)) return { text: 'Reading orders', orders: true };
	const part = begun.label.replace(/^The/, 'the').replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
	return { text: `Reading ${part}${orders ? '' : ', orders follow'}`, orders: false };
}

/** "about 18 min left". */
export function timeLeft(seconds: number): string {
	if (seconds < 45) return 'less than a minute left';
	if (seconds < 5400) return `about ${Math.max(1, Math.round(seconds / 60))} min left`;
	return `about ${Math.round(seconds / 3600)} h left`;
}
