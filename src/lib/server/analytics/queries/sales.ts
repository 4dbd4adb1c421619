import { z } from 'zod';
import type { Question } from '../ask.ts';
import {
	bucket,
	counted,
	CURRENT_BUILDS,
	decimalText,
	money,
	narrowed,
	rangeParams,
	withRate
} from './parts.ts';

/** A bucket of one channel. `priced`: orders whose price is told; `converted`: those of them with a rate. */
export const salesRow = z.object({
	at: z.string(),
	channel: z.string(),
	gross: decimalText,
	discounts: decimalText,
	refunds: decimalText,
	units: z.coerce.number(),
	orders: z.coerce.number(),
	priced: z.coerce.number(),
	converted: z.coerce.number()
});
export type SalesRow = z.output<typeof salesRow>;

/** Money, units and orders by bucket and channel. With categories, orders are in `ordersByCategory`: they do not add up here. */
export const sales: Question<typeof rangeParams, typeof salesRow> = {
	name: 'sales',
	tables: ['daily_sales_summary', 'cells'],
	params: rangeParams,
	row: salesRow,
	sql: (shape) => {
		const grain = shape.byCategory
			? shape.byPlace
				? 'category_place'
				: 'category'
			: shape.byPlace
				? 'place'
				: 'total';
		return `
		${withRate(shape)} select ${bucket(shape)} as at, channel, ${money(shape, 'gross')} as gross, ${money(shape, 'discounts')} as discounts,
			${money(shape, 'refunds')} as refunds, toString(sum(s.units)) as units, toString(sum(s.orders)) as orders, toString(sum(s.priced)) as priced,
			toString(sumIf(s.priced, ${counted(shape)})) as converted
		from (
			select * from daily_sales_summary
			where ${narrowed(shape)} and grain = '${grain}' and ${CURRENT_BUILDS}
				${shape.byCategory ? 'and category in {categories:Array(String)}' : ''}
		) as s
		group by at, channel`;
	}
};

const ordersRow = salesRow.pick({ at: true, channel: true, orders: true, priced: true, converted: true });

/** Orders that hold any of the categories, by bucket and channel; each counted once. */
export const ordersByCategory: Question<typeof rangeParams, typeof ordersRow> = {
	name: 'orders by category',
	tables: ['daily_order_sets', 'cells'],
	params: rangeParams,
	row: ordersRow,
	sql: (shape) => `
		${withRate(shape)} select ${bucket(shape)} as at, channel, toString(sum(s.orders)) as orders, toString(sum(s.priced)) as priced,
			toString(sumIf(s.priced, ${counted(shape)})) as converted
		from (
			select *, day as rate_day from daily_order_sets
			where ${narrowed(shape)} and grain = '${shape.byPlace ? 'place' : 'total'}' and ${CURRENT_BUILDS}
				and hasAny(categories, {categories:Array(String)})
		) as s
		group by at, channel`
};
