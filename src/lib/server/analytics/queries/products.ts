import { z } from 'zod';
import { CHANNELS, type Channel } from '#lib/contracts/channels.ts';
import type { Question } from '../ask.ts';
import { CURRENT_BUILDS, decimalText, money, narrowed, rangeParams, ratesJoin } from './parts.ts';

const productRow = z.object({
	productId: z.uuid(),
	category: z.string(),
	net: decimalText,
	previousNet: decimalText,
	units: z.coerce.number(),
	...(Object.fromEntries(CHANNELS.map((channel) => [channel, decimalText])) as Record<
		Channel,
		typeof decimalText
	>)
});

/**
 * `split` is the first day of the current period, `previousTo` the last one before; on `cutDay` only what happened before `until`
 * (seconds since 1970) counts.
 */
const params = rangeParams.extend({
	split: z.iso.date(),
	previousTo: z.iso.date(),
	cutDay: z.iso.date(),
	until: z.number().int(),
	limit: z.number().int().max(200)
});

/**
 * The products with the highest net sales, with the period before and by channel. Refunds without a product are left out. Narrowed
 * by country or region, it reads the facts.
 */
export const topProducts: Question<typeof params, typeof productRow> = {
	name: 'top products',
	tables: ['daily_sales_summary', 'cells', 'sales_facts'],
	params,
	row: productRow,
	sql: (shape) => {
		const net = 'gross - discounts - refunds';
		const now = 'day >= {split:Date}';
		const before = 'day <= {previousTo:Date}';
		const perChannel = CHANNELS.map(
			(channel) => `${money(shape, net, `${now} and channel = '${channel}'`)} as ${channel}`
		).join(', ');
		const category = shape.byCategory ? 'and category in {categories:Array(String)}' : '';
		const asked = `(${now} or ${before})`;
		const known = `product_id != toUUID('00000000-0000-0000-0000-000000000000')`;
		const columns = 'day, channel, currency, product_id, category, units, gross, discounts, refunds';
		const rollup = `select ${columns} from daily_sales_summary
			where ${narrowed(shape)} and grain = 'product' and ${CURRENT_BUILDS} and ${known} ${category} and ${asked} and day != {cutDay:Date}`;
		const facts = (
			days: string
		) => `select day, channel, currency, l.product_id as product_id, l.category as category, l.units as units,
			l.gross as gross, l.discounts as discounts, l.refunds as refunds
			from sales_facts final array join lines as l
			where ${narrowed(shape)} and generation = {generation:UInt32} and l.${known} ${category.replace('category', 'l.category')} and ${days}`;
		const cut = `l.at < toDateTime({until:UInt32}, 'UTC')`;
		const source = shape.byPlace
			? facts(`${asked} and (day != {cutDay:Date} or ${cut})`)
			: `${rollup} union all ${facts(`day = {cutDay:Date} and ${cut}`)}`;
		return `
		select toString(product_id) as productId, any(category) as category, ${money(shape, net, now)} as net, ${money(shape, net, before)} as previousNet,
			toString(sumIf(s.units, ${now})) as units, ${perChannel}
		from (${source}) as s ${ratesJoin(shape)}
		group by product_id
		having countIf(${now}) > 0
		order by toDecimal128(net, 14) desc, productId
		limit {limit:UInt16}`;
	}
};
