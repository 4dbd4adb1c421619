import { z } from 'zod';
import type { Question, Shape } from '../ask.ts';
import type { Keeping } from '../spans/keep.ts';
import type { SpanKind } from '../spans/known.ts';
import { MOVE_SUMS, MOVES } from '../projection/profit-moves.ts';
import {
	CURRENT_BUILDS,
	dayOf,
	decimalText,
	narrowed,
	rangeParams,
	rateOf,
	withRate,
	worth
} from './parts.ts';
import { ofRest, ofSpans, spanOf } from './spans.ts';

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
	costUnconverted: z.coerce.number(),
	/** Pieces sold for which no receipt was left; under first in, first out only. */
	unreceived: z.coerce.number()
});
export type ProfitRow = z.output<typeof sums>;

const TABLES = ['daily_profit', 'daily_money', 'product_costs', 'fifo_takes', 'span_sums'];
const PRODUCT = 's.product_id';
const NOBODY = `toUUID('00000000-0000-0000-0000-000000000000')`;

/**
 * Rows `s` with their cost per piece, that of the order's day. Besides its money a row has
 * `pieces` that cost what the period says for `cost_product`, the pieces sold among them as `counted`, and under first in, first out the
 * pieces `taken` from a receipt at `take_cost`.
 */
function joined(source: string): string {
	return `(${source}) as s asof left join (
		select product_id as costed, from_day, currency as cost_currency, unit_cost from product_costs final
		where organization_id = {organization:UUID} and generation = {generation:UInt32}
	) as c on s.cost_product = c.costed and s.rate_day >= c.from_day`;
}

const PERIOD_COLUMNS = `product_id as cost_product, toDecimal128(sold - returned, 0) as pieces, toDecimal128(sold, 0) as counted`;
const NOTHING_TAKEN = `toDecimal128(0, 0) as taken, toDecimal128(0, 0) as taken_sold, toDecimal64(0, 6) as take_cost, '' as take_currency`;

/** Rows of the rollup in the range, and under first in, first out what they take from receipts. */
function rows(shape: Shape): string {
	const products = `(empty({products:Array(UUID)}) or product_id in {products:Array(UUID)})
			${shape.byCategory ? 'and category in {categories:Array(String)}' : ''}`;
	const rollup = `select day, rate_day, channel, ${shape.fifo ? 'toString(currency) as currency, toString(category) as category' : 'currency, category'}, product_id, sold, returned, ${MONEY.join(', ')}, ${PERIOD_COLUMNS}${shape.fifo ? `, ${NOTHING_TAKEN}` : ''}
		from daily_profit where ${narrowed(shape)} and ${ofRest(shape)} and ${CURRENT_BUILDS} and ${products}`;
	const takes = `select day, rate_day, channel, toString(currency) as currency, toString(category), product_id, 0, 0, ${MONEY.map(() => 'toDecimal64(0, 4)').join(', ')},
			owner, toDecimal128(pieces, 0), toDecimal128(if(flow = 'sold', pieces, 0), 0),
			toDecimal128(taken, 0), toDecimal128(if(flow = 'sold', taken, 0), 0), unit_cost, toString(cost_currency)
		from fifo_takes final where ${narrowed(shape)} and generation = {generation:UInt32} and ${products}`;
	return joined(shape.fifo ? `${rollup} union all ${takes}` : rollup);
}

/**
 * Sums by `groups` (column and expression of `rows`). What takes the same rates is added up before these are looked up: in the own currency all
 * days together; not where there are thousands of groups, which would cost more than it saves. `beside`: further columns of the sums.
 * `moneyRows`: where the money is read from instead, since of `rows` then only the pieces are. `text` false: sums stay numbers.
 */
function figures(
	shape: Shape,
	groups: Record<string, string>,
	rows: string,
	{ beside = '', moneyRows = '', text = true } = {}
): string {
	const own = ['c.cost_currency', ...(shape.fifo ? ['s.take_currency'] : [])].map(
		(currency) => `and ${currency} in ('', {currency:String})`
	);
	const many = Object.values(groups).includes(PRODUCT);
	const sum = (amount: string) => (many ? amount : `sum(${amount})`);
	const folded = (further: readonly string[]) =>
		shape.converts
			? `if(s.currency = {currency:String} ${further.join(' ')}, toDate('1970-01-01'), s.rate_day)`
			: `toDate('1970-01-01')`;
	const names = Object.keys(groups);
	const grouped = names.map((name) => `${groups[name]} as ${name}, `).join('');
	const keys = [
		...names,
		'currency',
		'rate_day',
		'cost_currency',
		'known',
		...(shape.fifo ? ['take_currency'] : [])
	];
	const takes = `, s.take_currency as take_currency, ${sum('s.taken_sold')} as taken_sold, ${sum('s.taken * s.take_cost')} as take`;
	const amounts = MONEY.map((name) => `${moneyRows ? 'toDecimal128(0, 4)' : sum(`s.${name}`)} as ${name}`);
	const added = `
		select ${grouped}s.currency as currency, ${many ? 's.rate_day' : folded(own)} as rate_day,
			c.cost_currency as cost_currency, c.costed != ${NOBODY} as known, ${amounts.join(', ')},
			${sum('s.sold')} as sold, ${sum('s.counted')} as counted, ${sum('s.pieces * c.unit_cost')} as cost${shape.fifo ? takes : ''}
		from ${rows} ${many ? '' : `group by ${keys.join(', ')}`}`;
	const nothingTaken = `, '' as take_currency, toDecimal128(0, 0) as taken_sold, toDecimal128(0, 6) as take`;
	const earned = `
		select ${grouped}s.currency as currency, ${folded([])} as rate_day, '' as cost_currency, false as known,
			${MONEY.map((name) => `sum(s.${name}) as ${name}`).join(', ')},
			toInt64(0) as sold, toDecimal128(0, 0) as counted, toDecimal128(0, 6) as cost${shape.fifo ? nothingTaken : ''}
		from (${moneyRows}) as s group by ${[...names, 'currency', 'rate_day'].join(', ')}`;
	const costed = shape.converts ? `${rateOf('s.cost_currency')} > 0` : 's.cost_currency = {currency:String}';
	const taken = shape.converts ? `${rateOf('s.take_currency')} > 0` : 's.take_currency = {currency:String}';
	const rate = (currency: string) => (shape.converts ? ` * ${rateOf(currency)}` : '');
	const given = (cost: string) =>
		shape.converts ? 'rate > 0' : `s.currency = {currency:String} and ${cost}`;
	const cogs = [
		`sumIf(s.cost${rate('s.cost_currency')}, ${given(costed)})`,
		...(shape.fifo ? [`sumIf(s.take${rate('s.take_currency')}, ${given(taken)})`] : [])
	].join(' + ');
	const unconverted = [
		`sumIf(s.counted, s.known and not (${costed}))`,
		...(shape.fifo ? [`sumIf(s.taken_sold, s.take_currency != '' and not (${taken}))`] : [])
	].join(' + ');
	const shown = (sum: string) => (text ? `toString(${sum})` : sum);
	return `
	${withRate(shape)} select ${names.map((name) => `${shown(`s.${name}`)} as ${name}, `).join('')}${MONEY.map((name) => `${shown(`sum(${worth(shape, `s.${name}`)})`)} as ${name}`).join(', ')},
		${shown(cogs)} as cogs, ${shown('sum(s.sold)')} as units, ${shown('sumIf(s.counted, not s.known)')} as uncosted,
		${shown(unconverted)} as costUnconverted, ${shown(shape.fifo ? 'sum(s.counted)' : 'toDecimal128(0, 0)')} as unreceived${beside}
	from (${moneyRows ? `${added} union all ${earned}` : added}) as s${names.length > 0 ? ` group by ${names.map((name) => `s.${name}`).join(', ')}` : ''}`;
}

const SUMS = [...MONEY, 'cogs', 'units', 'uncosted', 'costUnconverted', 'unreceived'] as const;

/** `figures` where some days, or all, are in spans of a kind, in which the groups are called `kept`. */
function figuresWith(
	kind: SpanKind,
	shape: Shape,
	groups: Record<string, string>,
	kept: Record<string, string>,
	beside: { moneyRows?: string },
	{ products = false, text = true } = {}
): string {
	const daily = (text: boolean) => figures(shape, groups, rows(shape), { ...beside, text });
	if (!shape.spans) return daily(text);
	const shown = (sum: string) => (text ? `toString(${sum})` : sum);
	const names = Object.keys(groups);
	const spans = `select ${names.map((name) => `${kept[name]} as ${name}, `).join('')}${MONEY.join(', ')}, cogs, units, uncosted,
			cost_unconverted as costUnconverted, toDecimal128(0, 0) as unreceived
		from (select *, first as day from span_sums where ${ofSpans(kind, shape, products)}) as s`;
	return `
		select ${names.map((name) => `${shown(`t.${name}`)} as ${name}, `).join('')}${SUMS.map((name) => `${shown(`sum(t.${name})`)} as ${name}`).join(', ')}
		from (${shape.spans === 'some' ? `${daily(false)} union all ${spans}` : spans}) as t${names.length > 0 ? ` group by ${names.map((name) => `t.${name}`).join(', ')}` : ''}`;
}

/** Profit kept over spans of days. Pieces taken from receipts are not: a receipt changes them on days that nothing else changes. */
const keeping =
	(kindOf: (shape: Shape) => SpanKind | null) =>
	(shape: Shape): Keeping | null => {
		const kind = shape.fifo ? null : kindOf(shape);
		if (kind === null) return null;
		const own: Record<string, string> = {
			days: {},
			categories: { category: 's.category' },
			profit: { category: 's.category', product_id: PRODUCT },
			sales: {}
		}[kind];
		return {
			kind,
			rollup: 'daily_profit',
			columns: [...Object.keys(own), ...MONEY, 'cogs', 'units', 'uncosted', 'cost_unconverted'],
			sums: (shape, days) =>
				`select * except (costUnconverted), costUnconverted as cost_unconverted from (
					${figures(shape, { first: spanOf(days), channel: 's.channel', ...own }, rows(shape), { ...(kind === 'days' && moneyApart(shape, false)), text: false })}
				)`
		};
	};

const bucketRow = sums.extend({ at: z.string(), channel: z.string() });

/** Of days without products; of a category, by category. */
const daysOf = (shape: Shape): SpanKind => (shape.byCategory ? 'categories' : 'days');

/** Profit by bucket and channel; `byProduct`: of some products. */
export const profitOverTime = (byProduct: boolean): Question<typeof profitParams, typeof bucketRow> => ({
	name: 'profit',
	tables: TABLES,
	kept: keeping((shape) => (byProduct ? null : daysOf(shape))),
	params: profitParams,
	row: bucketRow,
	sql: (shape) => {
		const groups = { at: dayOf(shape), channel: 's.channel' };
		return figuresWith(daysOf(shape), shape, groups, groups, moneyApart(shape, byProduct));
	}
});

/** Money of all products and categories is read where it is summed without them. */
function moneyApart(shape: Shape, narrow: boolean): { moneyRows?: string } {
	if (narrow || shape.byCategory) return {};
	return {
		moneyRows: `select day, rate_day, channel, currency, ${MONEY.join(', ')} from daily_money where ${narrowed(shape)} and ${ofRest(shape)} and ${CURRENT_BUILDS}`
	};
}

const groupRow = sums.extend({ at: z.string(), key: z.string() });
const KEYS = {
	none: `''`,
	channel: 's.channel',
	category: 's.category',
	product: PRODUCT
} as const;

/** Profit by a dimension; `timed` also by bucket, else `at` is empty; `byProduct`: of some products. */
export function profitBy(
	dimension: keyof typeof KEYS,
	timed: boolean,
	byProduct: boolean
): Question<typeof profitParams, typeof groupRow> {
	const kindOf = (shape: Shape): SpanKind | null => {
		// a product on a day is in no span
		if (dimension === 'product' || byProduct) return timed ? null : 'profit';
		return dimension === 'category' ? 'categories' : daysOf(shape);
	};
	return {
		name: `profit split by ${dimension}${timed ? ' over time' : ''}`,
		tables: TABLES,
		kept: keeping(kindOf),
		params: profitParams,
		row: groupRow,
		sql: (shape) => {
			const groups = { at: timed ? dayOf(shape) : `''`, key: KEYS[dimension] };
			return figuresWith(
				kindOf(shape) ?? 'profit',
				shape,
				groups,
				groups,
				moneyApart(shape, byProduct || dimension === 'category' || dimension === 'product'),
				{ products: byProduct }
			);
		}
	};
}

const listParams = profitParams.extend({ limit: z.number().int() });
/** `products`: how many there are in all. */
const productRow = sums.extend({ productId: z.uuid(), products: z.coerce.number() });
const MARGIN = `gross - discounts - refunds + shipping - shipping_refunds - cogs - fees - fees_estimated - labels - labels_estimated + other`;
const ANYTHING = SUMS.map((name) =>
	name === 'shipping' ? 'shipping != shipping_refunds' : name === 'shipping_refunds' ? '0' : `${name} != 0`
).join(' or ');

/** Profit by product, the highest margin first; the zero id holds what belongs to none. */
export const profitByProduct: Question<typeof listParams, typeof productRow> = {
	name: 'profit by product',
	tables: TABLES,
	kept: keeping(() => 'profit'),
	params: listParams,
	row: productRow,
	sql: (shape) => `
		select toString(p.productId) as productId, toString(p.products) as products, ${SUMS.map((name) => `toString(p.${name}) as ${name}`).join(', ')}
		from (
			select *, count() over () as products from (
				${figuresWith('profit', shape, { productId: PRODUCT }, { productId: PRODUCT }, {}, { products: true, text: false })}
			) where ${ANYTHING} order by ${MARGIN} desc, productId limit {limit:UInt32}
		) as p order by p.${MARGIN.replaceAll(/ ([a-z])/g, ' p.$1')} desc, productId`
};

const leftOutRow = z.object({
	currency: z.string(),
	net: decimalText,
	shipping: decimalText,
	fees: decimalText,
	labels: decimalText,
	other: decimalText
});

/** Money without a rate, in its own currency; `byProduct`: of some products. */
export const profitUnconverted = (byProduct: boolean): Question<typeof profitParams, typeof leftOutRow> => ({
	name: 'profit without a rate',
	tables: ['daily_profit', 'daily_money'],
	params: profitParams,
	row: leftOutRow,
	sql: (shape) => {
		const narrow = byProduct || shape.byCategory;
		const these = `and (empty({products:Array(UUID)}) or product_id in {products:Array(UUID)})
			${shape.byCategory ? 'and category in {categories:Array(String)}' : ''}`;
		return `
		${withRate(shape)} select s.currency as currency, toString(sum(s.gross - s.discounts - s.refunds)) as net, toString(sum(s.shipping - s.shipping_refunds)) as shipping,
			toString(sum(s.fees + s.fees_estimated)) as fees, toString(sum(s.labels + s.labels_estimated)) as labels, toString(sum(s.other)) as other
		from (
			select day, rate_day, currency, ${MONEY.join(', ')} from ${narrow ? 'daily_profit' : 'daily_money'}
			where ${narrowed(shape)} and ${CURRENT_BUILDS} ${narrow ? these : ''} and currency != {currency:String}
		) as s ${shape.converts ? 'where rate = 0' : ''}
		group by s.currency having net != '0' or shipping != '0' or fees != '0' or labels != '0' or other != '0' order by currency`;
	}
});

const orderParams = profitParams.omit({ from: true, to: true, products: true }).extend({ order: z.uuid() });
const orderRow = sums.extend({ rows: z.coerce.number() });

/**
 * Profit of one order over all its days, from its facts; `rows` is 0 where nothing of it is counted. Of what a day, channel and currency
 * take from receipts, an order has its share of pieces.
 */
export const profitOfOrder: Question<typeof orderParams, typeof orderRow> = {
	name: 'profit of an order',
	tables: ['sales_facts', 'product_costs', 'fifo_takes'],
	params: orderParams,
	row: orderRow,
	sql: (shape) => {
		const moves = `
			select day, order_day as rate_day, channel, m.1 as currency, m.3 as product_id, ${MOVE_SUMS.map(([name, sum]) => `${sum} as ${name}`).join(', ')}
			from (
				select day, order_day, channel, ${MOVES} from sales_facts final
				where organization_id = {organization:UUID} and generation = {generation:UInt32} and order_id = {order:UUID}
					and (empty({channels:Array(String)}) or channel in {channels:Array(String)})
			) where ${shape.byCategory ? 'm.2 in {categories:Array(String)}' : '1'}
			group by day, rate_day, channel, m.1, m.3`;
		const noTakes = shape.fifo
			? `, toDecimal128(0, 10) as taken, toDecimal128(0, 10) as taken_sold, toDecimal64(0, 6) as take_cost, '' as take_currency`
			: '';
		const own = `select rate_day, toString(currency) as currency, product_id, sold, returned, ${MONEY.join(', ')}, product_id as cost_product,
			toDecimal128(sold - returned, 10) as pieces, toDecimal128(sold, 10) as counted${noTakes} from (${moves})`;
		const share = `toDecimal128(if(t.flow = 'sold', o.sold, o.returned), 10) / t.demand`;
		const takes = `select o.rate_day, toString(o.currency), o.product_id, 0, 0, ${MONEY.map(() => 'toDecimal64(0, 4)').join(', ')}, t.owner,
			t.pieces * ${share}, if(t.flow = 'sold', t.pieces, 0) * ${share}, t.taken * ${share}, if(t.flow = 'sold', t.taken, 0) * ${share},
			t.unit_cost, toString(t.cost_currency)
			from (${moves}) as o inner join (
				select * from fifo_takes final where organization_id = {organization:UUID} and generation = {generation:UInt32}
			) as t on t.product_id = o.product_id and t.day = o.day and t.rate_day = o.rate_day and t.channel = o.channel and t.currency = o.currency`;
		return figures(shape, {}, joined(shape.fifo ? `${own} union all ${takes}` : own), {
			beside: `, toString(${shape.fifo ? `countIf(s.take_currency = '')` : 'count()'}) as rows`
		});
	}
};
