import { z } from 'zod';
import { NOTHING } from '../ads.ts';
import { ask, type Narrowing, type Question, type Shape, type Snapshot } from '../ask.ts';
import { money } from '../dashboard.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { addDays, type ResolvedPeriod } from '../periods.ts';
import { add, type Sums } from '../profit-sums.ts';
import { decimalText, money as sumOf, narrowed, rangeParams, withRate } from '../queries/parts.ts';
import { profitBy } from '../queries/profit.ts';
import type { Rates } from '../rates.ts';

/** Money and pieces of products in the period before, by product. Costs and fees of a day that is cut are not in them. */
export async function earlierByProduct(
	ctx: Ctx,
	at: Snapshot,
	narrowing: Narrowing,
	{ rates, fifo, products }: { rates: Rates; fifo: boolean; products: readonly string[] },
	{ previousFrom, previousTo, previousUntil }: ResolvedPeriod
): Promise<Map<string, Sums>> {
	const shape = { converts: rates.converts, granularity: 'day' as const, fifo };
	const params = { ...money(ctx, rates), products: [...products] };
	const wholeTo = previousUntil ? addDays(previousTo, -1) : previousTo;
	const [whole, cut] = await Promise.all([
		previousFrom <= wholeTo
			? ask(ctx, profitBy('product', false, products.length > 0), at, narrowing, shape, {
					...params,
					from: previousFrom,
					to: wholeTo
				})
			: [],
		previousUntil
			? ask(ctx, soldUntil, at, narrowing, shape, {
					...params,
					from: previousTo,
					to: previousTo,
					until: previousUntil.getTime() / 1000
				})
			: []
	]);
	const rows = Map.groupBy([...whole, ...cut.map((row) => ({ ...NOTHING, ...row }))], (row) => row.key);
	return new Map([...rows].map(([key, own]) => [key, add(own)]));
}

const params = rangeParams.extend({ products: z.array(z.uuid()), until: z.number().int() });
const row = z.object({
	key: z.string(),
	gross: decimalText,
	discounts: decimalText,
	refunds: decimalText,
	units: z.coerce.number()
});

/** By product up to an instant, `until` seconds since 1970, from the facts: the rollups know no clock. Pieces as profit counts them. */
export const soldUntil: Question<typeof params, typeof row> = {
	name: 'products until',
	tables: ['sales_facts'],
	params,
	row,
	sql: (shape: Shape) => `
		${withRate(shape)} select toString(s.product_id) as key, ${sumOf(shape, 'gross')} as gross, ${sumOf(shape, 'discounts')} as discounts,
			${sumOf(shape, 'refunds')} as refunds, toString(sum(s.units)) as units
		from (
			select day, order_day as rate_day, channel, currency, l.product_id as product_id, toInt64(priced * l.units) as units,
				l.gross as gross, l.discounts as discounts, l.refunds as refunds
			from sales_facts final array join lines as l
			where ${narrowed(shape)} and generation = {generation:UInt32} and l.at < toDateTime({until:UInt32}, 'UTC')
				and (empty({products:Array(UUID)}) or l.product_id in {products:Array(UUID)})
				${shape.byCategory ? 'and l.category in {categories:Array(String)}' : ''}
		) as s group by product_id`
};
