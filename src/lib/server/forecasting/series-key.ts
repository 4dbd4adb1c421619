import type { Level } from '#lib/contracts/forecasts.ts';
import type { SeriesRef } from '#lib/contracts/forecast-views.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Tx } from '../platform/db.ts';

/** One text for which series is meant; the category '' is that of products without one. */
export function keyOf({ level, productId, channel, category }: SeriesRef): string {
	if (level === 'shop') return 'shop';
	if (level === 'channel') return `channel:${channel}`;
	if (level === 'category') return `category:${category}`;
	return level === 'product' ? `product:${productId}` : `product:${productId}:${channel}`;
}

/** The columns that say which series a row is about, from its key. `category` of a product stands beside it, since it may change. */
export function partsOf(
	key: string,
	categoryOf: (productId: string) => string | null
): { level: Level; productId: string | null; channel: string | null; category: string | null } {
	const none = { productId: null, channel: null, category: null };
	const [kind, ...rest] = key.split(':') as [string, ...string[]];
	if (kind === 'channel') return { ...none, level: 'channel', channel: rest.join(':') };
	if (kind === 'category') return { ...none, level: 'category', category: rest.join(':') };
	if (kind !== 'product') return { ...none, level: 'shop' };
	const productId = rest[0]!;
	return {
		level: rest.length > 1 ? 'product_channel' : 'product',
		productId,
		channel: rest[1] ?? null,
		category: categoryOf(productId)
	};
}

/**
 * Condition: the member's scope shows the series `f`. A sum over what lies outside of it is not shown: who sees one channel sees that channel
 * and SKUs on it, not the shop.
 */
export function visible({ sql }: Tx, { scope }: Ctx) {
	const { categories = null, channels = null } = scope ?? {};
	return sql`(${categories}::text[] is null or (f.level in ('category', 'product', 'product_channel') and coalesce(f.category, '') = any(${categories}::text[])))
		and (${channels}::text[] is null or (f.level in ('channel', 'product_channel') and f.channel = any(${channels}::text[])))`;
}

/** Columns of a `SeriesName`, from the series `f` and its product `p`. */
export function nameColumns({ sql }: Tx) {
	return sql`f.level, f.product_id, p.sku, p.title, f.category, f.channel`;
}
