import { z } from 'zod';
import { CHANNELS, type Channel } from '#lib/contracts/channels.ts';
import type { Question, Shape } from '../ask.ts';
import { CURRENT_BUILDS, decimalText, money, narrowed, rangeParams, withRate } from './parts.ts';

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

/** The products with the highest net sales, by channel. Refunds without a product are left out. */
export const topProducts: Question<typeof topParams, typeof topRow> = {
	name: 'top products',
	tables: ['daily_sales_summary', 'cells', 'sales_facts'],
	params: topParams,
	row: topRow,
	sql: (shape) => {
		const perChannel = CHANNELS.map(
			(channel) => `${money(shape, NET, `channel = '${channel}'`)} as ${channel}`
		).join(', ');
		return `
		${withRate(shape)} select toString(product_id) as productId, ${money(shape, NET)} as net, toString(sum(s.units)) as units, ${perChannel}
		from (${shape.byPlace ? facts(shape, '1') : rollup(shape)}) as s
		group by product_id order by toDecimal128(net, 14) desc, productId limit {limit:UInt16}`;
	}
};

const earlierRow = z.object({ productId: z.uuid(), net: decimalText });
const earlierParams = rangeParams.extend({ products: z.array(z.uuid()) });
const THESE = 'product_id in {products:Array(UUID)}';

/** Net sales of some products. */
export const productSales: Question<typeof earlierParams, typeof earlierRow> = {
	name: 'sales of products',
	tables: ['daily_sales_summary', 'cells', 'sales_facts'],
	params: earlierParams,
	row: earlierRow,
	sql: (shape) => `
		${withRate(shape)} select toString(product_id) as productId, ${money(shape, NET)} as net
		from (${shape.byPlace ? facts(shape, `l.${THESE}`) : `${rollup(shape)} and ${THESE}`}) as s group by product_id`
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
		from (${facts(shape, `l.${THESE} and l.at < toDateTime({until:UInt32}, 'UTC')`)}) as s group by product_id`
};

function rollup(shape: Shape): string {
	return `select day, rate_day, channel, currency, product_id, units, gross, discounts, refunds from daily_sales_summary
		where ${narrowed(shape)} and grain = 'product' and ${CURRENT_BUILDS} and ${KNOWN} ${shape.byCategory ? 'and category in {categories:Array(String)}' : ''}`;
}

/** Countries and regions are not in the products' rollup. */
function facts(shape: Shape, given: string): string {
	return `select day, order_day as rate_day, channel, currency, l.product_id as product_id, l.units as units, l.gross as gross, l.discounts as discounts, l.refunds as refunds
		from sales_facts final array join lines as l
		where ${narrowed(shape)} and generation = {generation:UInt32} and l.${KNOWN} ${shape.byCategory ? 'and l.category in {categories:Array(String)}' : ''} and ${given}`;
}
