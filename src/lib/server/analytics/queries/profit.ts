import { z } from 'zod';
import type { Question, Shape } from '../ask.ts';
import { MOVE_SUMS, MOVES } from '../projection/profit-moves.ts';
import { bucket, CURRENT_BUILDS, decimalText, money, narrowed, rangeParams, ratesJoin } from './parts.ts';

/** `products`: these only; empty means all. */
export const profitParams = rangeParams.extend({ products: z.array(z.uuid()).max(200) });

const MONEY = [
	'gross',
	'discounts',
	'refunds',
	'shipping',
	'shipping_refunds',
	'fees',
	'fees_estimated',
	'labels',
	'labels_estimated',
	'other'
] as const;

const sums = z.object({
	...(Object.fromEntries(MONEY.map((name) => [name, decimalText])) as Record<
		(typeof MONEY)[number],
		typeof decimalText
	>),
	cogs: decimalText,
	units: z.coerce.number(),
	uncosted: z.coerce.number(),
	costUnconverted: z.coerce.number()
});
export type ProfitRow = z.output<typeof sums>;

const NOBODY = `toUUID('00000000-0000-0000-0000-000000000000')`;

/** Rows `s` with the rate of their money, and with cost per piece and its rate: those of the order's day. */
function joined(shape: Shape, source: string): string {
	const costRates = shape.converts
		? ratesJoin(shape)
				.replaceAll('rate_currency', 'cost_rate_currency')
				.replaceAll('rate_from', 'cost_rate_from')
				.replace(' as rate\n', ' as cost_rate\n')
				.replace('as x on s.currency = x.', 'as y on c.cost_currency = y.')
				.replace('>= x.', '>= y.')
		: '';
	return `(${source}) as s ${ratesJoin(shape)}
	asof left join (
		select product_id as cost_product, from_day, currency as cost_currency, unit_cost from product_costs final
		where organization_id = {organization:UUID} and generation = {generation:UInt32}
	) as c on s.product_id = c.cost_product and s.rate_day >= c.from_day ${costRates}`;
}

/** Rows of the rollup in the range. */
function rows(shape: Shape): string {
	return joined(
		shape,
		`select day, rate_day, channel, currency, product_id, sold, returned, ${MONEY.join(', ')} from daily_profit
		where ${narrowed(shape)} and ${CURRENT_BUILDS} and (empty({products:Array(UUID)}) or product_id in {products:Array(UUID)})
			${shape.byCategory ? 'and category in {categories:Array(String)}' : ''}`
	);
}

function figures(shape: Shape): string {
	const pieces = '(s.sold - s.returned)';
	const known = `c.cost_product != ${NOBODY}`;
	const costed = shape.converts ? 'cost_rate > 0' : 'c.cost_currency = {currency:String}';
	const cogs = shape.converts
		? `toString(sumIf(toDecimal128(${pieces}, 0) * c.unit_cost * cost_rate, rate > 0))`
		: `toString(sumIf(toDecimal128(${pieces}, 0) * c.unit_cost, currency = {currency:String} and ${costed}))`;
	return `${MONEY.map((name) => `${money(shape, `s.${name}`)} as ${name}`).join(', ')}, ${cogs} as cogs,
		toString(sum(s.sold)) as units, toString(sumIf(s.sold, not ${known})) as uncosted,
		toString(sumIf(s.sold, ${known} and not ${costed})) as costUnconverted`;
}

const bucketRow = sums.extend({ at: z.string(), channel: z.string() });

/** Profit by bucket and channel. */
export const profitOverTime: Question<typeof profitParams, typeof bucketRow> = {
	name: 'profit',
	tables: ['daily_profit', 'cells', 'product_costs'],
	params: profitParams,
	row: bucketRow,
	sql: (shape) =>
		`select ${bucket(shape)} as at, s.channel as channel, ${figures(shape)} from ${rows(shape)} group by at, channel`
};

const productRow = sums.extend({ productId: z.uuid() });

/** Profit by product; the zero id holds what belongs to none. */
export const profitByProduct: Question<typeof profitParams, typeof productRow> = {
	name: 'profit by product',
	tables: ['daily_profit', 'cells', 'product_costs'],
	params: profitParams,
	row: productRow,
	sql: (shape) =>
		`select toString(s.product_id) as productId, ${figures(shape)} from ${rows(shape)} group by s.product_id`
};

const leftOutRow = z.object({
	currency: z.string(),
	net: decimalText,
	shipping: decimalText,
	fees: decimalText,
	labels: decimalText,
	other: decimalText
});

/** Money without a rate, in its own currency. */
export const profitUnconverted: Question<typeof profitParams, typeof leftOutRow> = {
	name: 'profit without a rate',
	tables: ['daily_profit', 'cells'],
	params: profitParams,
	row: leftOutRow,
	sql: (shape) => `
		select s.currency as currency, toString(sum(s.gross - s.discounts - s.refunds)) as net, toString(sum(s.shipping - s.shipping_refunds)) as shipping,
			toString(sum(s.fees + s.fees_estimated)) as fees, toString(sum(s.labels + s.labels_estimated)) as labels, toString(sum(s.other)) as other
		from (
			select day, rate_day, currency, ${MONEY.join(', ')} from daily_profit
			where ${narrowed(shape)} and ${CURRENT_BUILDS} and (empty({products:Array(UUID)}) or product_id in {products:Array(UUID)})
				${shape.byCategory ? 'and category in {categories:Array(String)}' : ''} and currency != {currency:String}
		) as s ${ratesJoin(shape)} ${shape.converts ? 'where rate = 0' : ''}
		group by s.currency having net != '0' or shipping != '0' or fees != '0' or labels != '0' or other != '0' order by currency`
};

const orderParams = profitParams.omit({ from: true, to: true, products: true }).extend({ order: z.uuid() });
const orderRow = sums.extend({ rows: z.coerce.number() });

/** Profit of one order over all its days, from its facts; `rows` is 0 where nothing of it is counted. */
export const profitOfOrder: Question<typeof orderParams, typeof orderRow> = {
	name: 'profit of an order',
	tables: ['sales_facts', 'product_costs'],
	params: orderParams,
	row: orderRow,
	sql: (shape) => {
		const source = `
			select rate_day, m.1 as currency, m.3 as product_id, ${MOVE_SUMS.map(([name, sum]) => `${sum} as ${name}`).join(', ')}
			from (
				select order_day as rate_day, ${MOVES} from sales_facts final
				where organization_id = {organization:UUID} and generation = {generation:UInt32} and order_id = {order:UUID}
					and (empty({channels:Array(String)}) or channel in {channels:Array(String)})
			) where ${shape.byCategory ? 'm.2 in {categories:Array(String)}' : '1'}
			group by rate_day, m.1, m.3`;
		return `select ${figures(shape)}, toString(count()) as rows from ${joined(shape, source)}`;
	}
};
