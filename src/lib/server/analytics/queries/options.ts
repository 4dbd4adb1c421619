import { z } from 'zod';
import type { Question } from '../ask.ts';
import { CURRENT_BUILDS, narrowed, rangeParams, withRate } from './parts.ts';

const optionRow = z.object({ what: z.enum(['channel', 'category', 'country', 'region']), value: z.string() });

/** Channels, categories, countries and regions that the range holds, for the filter menus. */
export const options: Question<typeof rangeParams, typeof optionRow> = {
	name: 'filter options',
	tables: ['daily_sales_summary', 'cells'],
	params: rangeParams,
	row: optionRow,
	sql: (shape) => {
		const grain = (name: string) =>
			`from daily_sales_summary where ${narrowed({ byPlace: false })} and grain = '${name}' and ${CURRENT_BUILDS}`;
		const category = shape.byCategory ? 'and category in {categories:Array(String)}' : '';
		const places = shape.byCategory ? 'category_place' : 'place';
		return `
		select o.1 as what, toString(arrayJoin(o.2)) as value from (
			select arrayJoin([('channel', groupUniqArray(channel)), ('country', groupUniqArray(country)),
				('region', groupUniqArray(region))]) as o ${grain(places)} ${category}
			union all
			select ('category', groupUniqArray(category)) as o ${grain('category')} ${category}
		)`;
	}
};

const currencyRow = z.object({ currency: z.string(), orders: z.coerce.number() });

/** Orders of the range by currency; a currency with refunds only has 0. */
export const currencies: Question<typeof rangeParams, typeof currencyRow> = {
	name: 'currencies',
	tables: ['daily_sales_summary', 'daily_order_sets', 'cells'],
	params: rangeParams,
	row: currencyRow,
	sql: (shape) => {
		const place = shape.byPlace ? 'place' : 'total';
		const other = `and currency != {currency:String}`;
		const orders = shape.byCategory
			? `select currency, day as rate_day, orders from daily_order_sets where ${narrowed(shape)} and grain = '${place}' and ${CURRENT_BUILDS} and hasAny(categories, {categories:Array(String)}) ${other}`
			: `select currency, rate_day, orders from daily_sales_summary where ${narrowed(shape)} and grain = '${place}' and ${CURRENT_BUILDS} ${other}`;
		const sums = `select currency, rate_day, 0 as orders from daily_sales_summary where ${narrowed(shape)} and grain = '${shape.byPlace ? 'category_place' : 'category'}' and ${CURRENT_BUILDS}
			${shape.byCategory ? 'and category in {categories:Array(String)}' : ''} ${other} and (gross != 0 or discounts != 0 or refunds != 0)`;
		return `${withRate(shape)} select s.currency as currency, toString(sum(s.orders)) as orders from (${orders} union all ${sums}) as s
			${shape.converts ? 'where rate = 0' : ''} group by s.currency order by currency`;
	}
};

const spanParams = rangeParams.pick({ from: true, to: true });
const spanRow = z.object({ currency: z.string(), first: z.iso.date(), last: z.iso.date() });

/** Currencies of all money in the range, each with the first and last day whose rate it takes. */
export const currencySpan: Question<typeof spanParams, typeof spanRow> = {
	name: 'currency span',
	tables: ['daily_profit', 'daily_money'],
	params: spanParams,
	row: spanRow,
	sql: (shape) => `
		select currency, toString(min(rate_day)) as first, toString(max(rate_day)) as last from ${shape.byCategory ? 'daily_profit' : 'daily_money'}
		where ${narrowed({ byPlace: false })} and ${CURRENT_BUILDS} ${shape.byCategory ? 'and category in {categories:Array(String)}' : ''} group by currency`
};
