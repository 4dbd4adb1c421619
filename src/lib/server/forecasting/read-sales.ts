import { soldProducts, unitsByDay, unitsOfShop } from '../analytics/index.ts';
import { emptyDays } from '../inventory/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { promotions } from '../reporting/index.ts';
import { HORIZON, type SalesSet, type SkuSales } from './sales-set.ts';
import { dateOf, dayOf, type Day } from './series.ts';

/** Days back that any engine looks at. */
const MEMORY = 1100;

interface ProductFacts {
	id: string;
	category: string;
	/** What it is taken apart into; none for a plain product. */
	components: { id: string; quantity: number }[];
}

/**
 * What was sold up to `origin`, the last whole day: SKUs with any sale in the last three years. A bundle's pieces count for its components, which
 * is what has to be in stock; a merged SKU for the one that took over. Days without stock that sold nothing are unknown.
 * `only` narrows to some products; what they sold in bundles is then read along.
 */
export async function readSales(
	ctx: Ctx,
	origin: Day,
	only: readonly string[] | null = null
): Promise<SalesSet> {
	const [from, to] = [dateOf(origin - MEMORY + 1), dateOf(origin)];
	const sold = only ? { products: [...only] } : await soldProducts(ctx, from, to);
	if (!sold) return { origin, channels: [], skus: [], promotions: [] };
	const wanted = only ? new Set(only) : null;
	const facts = await productFacts(ctx, only);
	const read = wanted
		? [...facts.values()].filter((one) => leadsTo(one, wanted)).map(({ id }) => id)
		: sold.products;
	const daily = new Map<string, Map<string, Float64Array>>();
	const add = (productId: string, channel: string, units: Float64Array, times: number) => {
		if (wanted && !wanted.has(productId)) return;
		const channels = daily.get(productId) ?? new Map<string, Float64Array>();
		daily.set(productId, channels);
		const sum = channels.get(channel) ?? new Float64Array(MEMORY);
		channels.set(channel, sum);
		units.forEach((value, i) => (sum[i]! += value * times));
	};
	for await (const { productId, channel, units } of unitsByDay(ctx, from, to, read)) {
		const components = facts.get(productId)?.components ?? [];
		if (components.length === 0) add(productId, channel, units, 1);
		for (const { id, quantity } of components) add(id, channel, units, quantity);
	}
	const channels = [...new Set([...daily.values()].flatMap((own) => [...own.keys()]))].sort();
	const ids = [...daily.keys()].filter((id) => facts.has(id)).sort();
	const empty = await inOrganization(ctx.organization.id, (tx) =>
		emptyDays(tx, ctx.organization.id, { from, to }, ids)
	);
	const skus = ids
		.map((id) => skuSales(facts.get(id)!, daily.get(id)!, channels, origin, empty.get(id)))
		.filter((sku) => sku !== null);
	const planned = await promotions(ctx, from, dateOf(origin + HORIZON));
	return {
		origin,
		channels,
		skus,
		promotions: planned.map((one) => ({ ...one, from: dayOf(one.from), to: dayOf(one.to) }))
	};
}

/** Units of the whole shop, for what its weekdays and seasons look like. */
export async function readShop(ctx: Ctx, origin: Day): Promise<{ start: Day; units: Float64Array }> {
	const units = await unitsOfShop(ctx, dateOf(origin - MEMORY + 1), dateOf(origin));
	const first = Math.max(
		0,
		units.findIndex((value) => value > 0)
	);
	return { start: origin - MEMORY + 1 + first, units: units.slice(first) };
}

/** Null where nothing was ever sold. A series begins on its first day with a sale. */
function skuSales(
	{ id, category }: ProductFacts,
	byChannel: Map<string, Float64Array>,
	channels: readonly string[],
	origin: Day,
	empty: readonly string[] | undefined
): SkuSales | null {
	const rows = [...byChannel.values()];
	const total = new Float64Array(MEMORY);
	for (const units of rows) units.forEach((value, i) => (total[i]! += value));
	const first = total.findIndex((value) => value > 0);
	if (first < 0) return null;
	const start = origin - MEMORY + 1 + first;
	for (const day of empty ?? []) {
		const i = dayOf(day) - (origin - MEMORY + 1);
		if (i >= 0 && i < MEMORY && !(total[i]! > 0)) total[i] = Number.NaN;
	}
	return {
		id,
		category,
		start,
		units: total.slice(first),
		byChannel: channels.map((channel) => {
			const units = byChannel.get(channel);
			return units?.some((value) => value > 0) ? units.slice(first) : null;
		})
	};
}

function leadsTo({ id, components }: ProductFacts, wanted: ReadonlySet<string>): boolean {
	return wanted.has(id) || components.some((one) => wanted.has(one.id));
}

/** Products that were not merged away, those of `only` with the bundles that hold them. */
async function productFacts(ctx: Ctx, only: readonly string[] | null): Promise<Map<string, ProductFacts>> {
	const rows = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<ProductFacts[]>`
		select p.id, coalesce(p.category, '') as category,
			coalesce((select jsonb_agg(jsonb_build_object('id', k.component_id, 'quantity', k.quantity)) from product_components k where k.bundle_id = p.id), '[]') as components
		from products p
		where p.organization_id = ${ctx.organization.id} and p.merged_into is null and (${only}::uuid[] is null or p.id = any(${only}::uuid[])
			or exists (select 1 from product_components k where k.bundle_id = p.id and k.component_id = any(${only}::uuid[])))`
	);
	return new Map(rows.map((row) => [row.id, row]));
}
