import { z } from 'zod';
import { CHANNELS, type Channel } from '#lib/contracts/channels.ts';
import type { Question, Shape } from '../ask.ts';
import type { Keeping } from '../spans/keep.ts';
import { CURRENT_BUILDS, decimalText, money, narrowed, rangeParams, withRate, worth } from './parts.ts';
import { ofRest, ofSpans, spanOf } from './spans.ts';

const NET = 'gross - discounts - refunds';
const KNOWN = `product_id != toUUID('00000000-0000-0000-0000-000000000000')`;

const topRow = z.object({
	productId: z.uuid(),
	net: decimalText,
	units: z.coerce.number(),
	...(Object.fromEntries(CHANNELS.map((channel) => [channel, decimalText])) as Record<
		Channel,
		typeof decimalText
	>)
});
const topParams = rangeParams.extend({ limit: z.number().int().max(200) });

/** Sales by product, kept over spans of days. Countries and regions are not in them. */
const kept = (shape: Shape): Keeping | null =>
	shape.byPlace
		? null
		: {
				kind: 'sales',
				rollup: 'daily_sales_summary',
				columns: ['category', 'product_id', 'units', 'net'],
				sums: (shape, days) => `
				${withRate(shape)} select ${spanOf(days)} as first, channel, category, product_id, sum(s.units) as units, sum(${worth(shape, NET)}) as net
				from (${rollup(shape, 'category, ')}) as s group by first, channel, category, product_id`
			};

/** Rows with product, channel, units and net sales in the organization's currency. `given` narrows them. */
function sold(shape: Shape, given: (product: string) => string): string {
	const daily = shape.byPlace
		? facts(shape, given('l.product_id'))
		: `${rollup(shape)} and ${given('product_id')}`;
	const rest = `${withRate(shape)} select product_id, channel, s.units as units, ${worth(shape, NET)} as net from (${daily}) as s`;
	const spans = `select product_id, channel, units, net from span_sums where ${ofSpans('sales', shape)} and ${KNOWN} and ${given('product_id')}`;
	return { none: rest, some: `${rest} union all ${spans}`, all: spans }[shape.spans ?? 'none'];
}

/** The products with the highest net sales, by channel. Refunds without a product are left out. */
export const topProducts: Question<typeof topParams, typeof topRow> = {
	name: 'top products',
	tables: ['daily_sales_summary', 'cells', 'sales_facts', 'span_sums'],
	kept,
	params: topParams,
	row: topRow,
	sql: (shape) => `
		select toString(product_id) as productId, toString(sum(r.net)) as net, toString(sum(r.units)) as units,
			${CHANNELS.map((channel) => `toString(sumIf(r.net, r.channel = '${channel}')) as ${channel}`).join(', ')}
		from (${sold(shape, () => '1')}) as r
		group by product_id order by sum(r.net) desc, productId limit {limit:UInt16}`
};

const earlierRow = z.object({ productId: z.uuid(), net: decimalText });
const earlierParams = rangeParams.extend({ products: z.array(z.uuid()) });
const these = (product: string) => `${product} in {products:Array(UUID)}`;

/** Net sales of some products. */
export const productSales: Question<typeof earlierParams, typeof earlierRow> = {
	name: 'sales of products',
	tables: ['daily_sales_summary', 'cells', 'sales_facts', 'span_sums'],
	kept,
	params: earlierParams,
	row: earlierRow,
	sql: (shape) => `
		select toString(product_id) as productId, toString(sum(r.net)) as net from (${sold(shape, these)}) as r group by product_id`
};

const untilParams = earlierParams.extend({ until: z.number().int() });

/** Net sales of some products up to an instant, `until` seconds since 1970: for a day that is cut at a clock time. */
export const productSalesUntil: Question<typeof untilParams, typeof earlierRow> = {
	name: 'sales of products until',
	tables: ['sales_facts'],
	params: untilParams,
	row: earlierRow,
	sql: (shape) => `
		${withRate(shape)} select toString(product_id) as productId, ${money(shape, NET)} as net
		from (${facts(shape, `${these('l.product_id')} and l.at < toDateTime({until:UInt32}, 'UTC')`)}) as s group by product_id`
};

function rollup(shape: Shape, further = ''): string {
	return `select day, rate_day, channel, currency, ${further}product_id, units, gross, discounts, refunds from daily_sales_summary
		where ${narrowed(shape)} and grain = 'product' and ${ofRest(shape)} and ${CURRENT_BUILDS} and ${KNOWN} ${shape.byCategory ? 'and category in {categories:Array(String)}' : ''}`;
}

/** Countries and regions are not in the products' rollup. */
function facts(shape: Shape, given: string): string {
	return `select day, order_day as rate_day, channel, currency, l.product_id as product_id, l.units as units, l.gross as gross, l.discounts as discounts, l.refunds as refunds
		from sales_facts final array join lines as l
		where ${narrowed(shape)} and generation = {generation:UInt32} and l.${KNOWN} ${shape.byCategory ? 'and l.category in {categories:Array(String)}' : ''} and ${given}`;
}
