import { z } from 'zod';
import { require } from '../identity/index.ts';
import { currentPosition } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { ask, snapshotOf, type Question } from './ask.ts';
import { CURRENT_BUILDS, narrowed, rangeParams } from './queries/parts.ts';

const params = rangeParams.pick({ from: true, to: true }).extend({ products: z.array(z.uuid()).max(500) });
const row = z.object({ productId: z.uuid(), channel: z.string(), days: z.string() });

/** Units by product and channel; `days` reads `offset:units` with blanks between, offsets in days from `from`. One text a row: millions of cells would each cost a parse. */
const unitsByDayQuestion: Question<typeof params, typeof row> = {
	name: 'units by day',
	tables: ['daily_sales_summary', 'cells'],
	params,
	row,
	remembered: false,
	sql: (shape) => `
		select toString(product_id) as productId, channel, arrayStringConcat(groupArray(concat(toString(dateDiff('day', {from:Date}, day)), ':', toString(sold))), ' ') as days
		from (
			select product_id, channel, day, sum(s.units) as sold from daily_sales_summary as s
			where ${narrowed({ byPlace: false })} and grain = 'product' and ${CURRENT_BUILDS} ${shape.byCategory ? 'and category in {categories:Array(String)}' : ''}
				and product_id != toUUID('00000000-0000-0000-0000-000000000000') and (empty({products:Array(UUID)}) or product_id in {products:Array(UUID)})
			group by product_id, channel, day having sold != 0
		) group by product_id, channel order by product_id, channel`
};

const spanRow = z.object({ first: z.string(), products: z.array(z.uuid()) });

/** The first day with units, and every product that has any. */
const spanQuestion: Question<typeof params, typeof spanRow> = {
	name: 'span of units',
	tables: ['daily_sales_summary', 'cells'],
	params,
	row: spanRow,
	sql: (shape) => `
		select toString(min(day)) as first, arraySort(groupUniqArray(toString(product_id))) as products from daily_sales_summary
		where ${narrowed({ byPlace: false })} and grain = 'product' and ${CURRENT_BUILDS} ${shape.byCategory ? 'and category in {categories:Array(String)}' : ''}
			and product_id != toUUID('00000000-0000-0000-0000-000000000000') and (empty({products:Array(UUID)}) or product_id in {products:Array(UUID)}) and units > 0`
};

const shopRow = z.object({ days: z.string() });

/** Units of the whole shop, told as in `units by day`. */
const shopQuestion: Question<typeof params, typeof shopRow> = {
	name: 'units of the shop by day',
	tables: ['daily_sales_summary', 'cells'],
	params,
	row: shopRow,
	sql: (shape) => `
		select arrayStringConcat(groupArray(concat(toString(dateDiff('day', {from:Date}, day)), ':', toString(sold))), ' ') as days
		from (
			select day, sum(s.units) as sold from daily_sales_summary as s
			where ${narrowed({ byPlace: false })} and grain = 'product' and ${CURRENT_BUILDS} ${shape.byCategory ? 'and category in {categories:Array(String)}' : ''}
				and (empty({products:Array(UUID)}) or product_id in {products:Array(UUID)})
			group by day having sold != 0
		)`
};

/** Units of one product on one channel on each day of a range. */
export interface UnitsByDay {
	productId: string;
	channel: string;
	/** From `from` to `to`; days without a sale are 0. */
	units: Float64Array;
}

/** Products of one question. */
const PIECE = 200;
const EVERYTHING = { channels: [], categories: [], countries: [], regions: [] };
const PLAIN = { converts: false, granularity: 'day' } as const;

/** Which products sold anything from `from` to `to` (YYYY-MM-DD, the facts' zone), and when the first of it was; null where nothing was. @throws Forbidden without analytics.read */
export async function soldProducts(
	ctx: Ctx,
	from: string,
	to: string
): Promise<{ first: string; products: string[] } | null> {
	require(ctx, 'analytics.read');
	const [found] = await ask(ctx, spanQuestion, await snapshotOf(ctx), EVERYTHING, PLAIN, {
		from,
		to,
		products: []
	});
	return found && found.products.length > 0 ? found : null;
}

/**
 * Units sold a day by product and channel, in pieces of products, so that a big catalogue never blocks. Bundles count as themselves. Pieces are
 * read one after the other and may belong to newer facts than the first. @throws Forbidden without analytics.read
 */
export async function* unitsByDay(
	ctx: Ctx,
	from: string,
	to: string,
	products: readonly string[]
): AsyncGenerator<UnitsByDay> {
	require(ctx, 'analytics.read');
	for (let at = 0; at < products.length; at += PIECE) {
		const rows = await ask(ctx, unitsByDayQuestion, await snapshotOf(ctx), EVERYTHING, PLAIN, {
			from,
			to,
			products: products.slice(at, at + PIECE)
		});
		for (const { productId, channel, days } of rows)
			yield { productId, channel, units: daysOf(days, from, to) };
	}
}

/** Units sold a day by the whole shop, as far as the member sees it. @throws Forbidden without analytics.read */
export async function unitsOfShop(ctx: Ctx, from: string, to: string): Promise<Float64Array> {
	require(ctx, 'analytics.read');
	const [found] = await ask(ctx, shopQuestion, await snapshotOf(ctx), EVERYTHING, PLAIN, {
		from,
		to,
		products: []
	});
	return daysOf(found?.days ?? '', from, to);
}

/** True when the facts hold every order that was recorded up to this moment. */
export async function factsAreCurrent(ctx: Ctx): Promise<boolean> {
	require(ctx, 'analytics.read');
	const recorded = await currentPosition(ctx);
	return (await snapshotOf(ctx)).position >= recorded;
}

function daysOf(text: string, from: string, to: string): Float64Array {
	const units = new Float64Array(Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1);
	for (const one of text === '' ? [] : text.split(' ')) {
		const colon = one.indexOf(':');
		units[Number(one.slice(0, colon))] = Number(one.slice(colon + 1));
	}
	return units;
}
