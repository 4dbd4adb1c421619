import type { Dimension } from '#lib/contracts/metrics/declaration.ts';
import type { Shape } from '../ask.ts';
import { CURRENT_BUILDS, narrowed } from '../queries/parts.ts';

/** What rows are read for: it decides which rollup is the smallest that answers. */
export interface Cut {
	dimension: Dimension | null;
	/** Only some products. */
	byProduct: boolean;
	/** By the hour, or cut at a clock time: the facts know it, the rollups do not. */
	exactTime: boolean;
	/** Of what is answered, only net sales and orders are wanted: all that the rollup of people knows. */
	netOnly: boolean;
}

const NOBODY = `toUUID('00000000-0000-0000-0000-000000000000')`;
const FACTS = (shape: Shape) =>
	`sales_facts final where ${narrowed(shape)} and generation = {generation:UInt32}`;
const PLACE_KEYS = {
	country: 'toString(country)',
	region: `if(region = '', concat(toString(country), '-'), concat(toString(country), '-', toString(region)))`
};
const UNTIL = `toDateTime({until:UInt32}, 'UTC')`;

/** Tables that `moneyRows` and `orderRows` may read. */
export const TABLES = [
	'daily_sales_summary',
	'daily_order_sets',
	'cells',
	'daily_customers',
	'sales_facts',
	'customer_cohorts'
] as const;

/** New and returning customers from the rollups, which unlike the facts are never ahead of the snapshot. */
const byPeople = (shape: Shape, cut: Cut) =>
	cut.dimension === 'customer' &&
	cut.netOnly &&
	!cut.exactTime &&
	!cut.byProduct &&
	!shape.byCategory &&
	!shape.byPlace;

/**
 * A query of rows with day, rate_day, channel, currency, units, gross, discounts, refunds, k (the group) and, from facts, at. Where only net
 * sales are wanted, they may stand in gross.
 */
export function moneyRows(shape: Shape, cut: Cut): string {
	const { dimension } = cut;
	if (byPeople(shape, cut))
		return `select day, rate_day, channel, currency, 0 as units, sum(net) as gross, 0 as discounts, 0 as refunds, k
			from (${peopleRows(shape, 'gross - discounts - refunds', 'net')}) group by day, rate_day, channel, currency, k having gross != 0`;
	const inCategories = (column: string) =>
		shape.byCategory ? `and ${column} in {categories:Array(String)}` : '';
	const inProducts = (column: string) => (cut.byProduct ? `and ${column} in {products:Array(UUID)}` : '');
	const wantsPlace = shape.byPlace || dimension === 'country' || dimension === 'region';
	const wantsProduct = cut.byProduct || dimension === 'product';
	if (cut.exactTime || dimension === 'customer' || (wantsPlace && wantsProduct)) {
		const key = keyOf(dimension, 'l.category', 'l.product_id');
		const rows = `select day, order_day as rate_day, channel, currency, customer_id, l.at as at, l.units as units, l.gross as gross,
				l.discounts as discounts, l.refunds as refunds, ${key} as k
			from ${FACTS(shape).replace(' where ', ' array join lines as l where ')} and l.at < ${UNTIL}
				${inCategories('l.category')} ${inProducts('l.product_id')}`;
		return dimension === 'customer' ? withCustomer(rows) : rows;
	}
	const byCategory = shape.byCategory || dimension === 'category';
	const grain = wantsProduct
		? 'product'
		: byCategory
			? wantsPlace
				? 'category_place'
				: 'category'
			: wantsPlace
				? 'place'
				: 'total';
	return `select day, rate_day, channel, currency, units, gross, discounts, refunds, ${keyOf(dimension, 'category', 'product_id')} as k
		from daily_sales_summary where ${narrowed(shape)} and grain = '${grain}' and ${CURRENT_BUILDS}
			${inCategories('category')} ${inProducts('product_id')}`;
}

/** A query of rows with day, rate_day, channel, currency, orders, priced, k and, from facts, at; an order stands once in each group. */
export function orderRows(shape: Shape, cut: Cut): string {
	const { dimension } = cut;
	if (byPeople(shape, cut))
		return `select day, rate_day, channel, currency, sum(net) as orders, 0 as priced, k
			from (${peopleRows(shape, 'toInt64(orders)', 'toInt64(sold)')}) group by day, rate_day, channel, currency, k having orders != 0`;
	const wantsPlace = shape.byPlace || dimension === 'country' || dimension === 'region';
	const heldCategories = shape.byCategory ? 'and hasAny(categories, {categories:Array(String)})' : '';
	const ofCategory = shape.byCategory
		? 'arrayJoin(arrayFilter(c -> has({categories:Array(String)}, c), arrayMap(c -> toString(c), categories)))'
		: 'toString(arrayJoin(categories))';
	if (cut.exactTime || dimension === 'customer' || dimension === 'product' || cut.byProduct) {
		const held = `arrayDistinct(arrayMap(l -> l.2, arrayFilter(l -> l.4 != 0${
			shape.byCategory ? ' and has({categories:Array(String)}, toString(l.3))' : ''
		}${cut.byProduct ? ' and has({products:Array(UUID)}, l.2)' : ''}, lines)))`;
		const key =
			dimension === 'category'
				? ofCategory
				: dimension === 'product'
					? `toString(arrayJoin(${held}))`
					: keyOf(dimension, `''`, `''`);
		const rows = `select day, order_day as rate_day, channel, currency, customer_id, sold_at as at, orders, priced, ${key} as k
			from ${FACTS(shape)} and orders = 1 and sold_at < ${UNTIL} ${heldCategories} ${cut.byProduct ? `and notEmpty(${held})` : ''}`;
		return dimension === 'customer' ? withCustomer(rows) : rows;
	}
	if (shape.byCategory || dimension === 'category') {
		const key = dimension === 'category' ? ofCategory : keyOf(dimension, `''`, `''`);
		return `select day, day as rate_day, channel, currency, orders, priced, ${key} as k
			from daily_order_sets where ${narrowed(shape)} and grain = '${wantsPlace ? 'place' : 'total'}' and ${CURRENT_BUILDS} ${heldCategories}`;
	}
	return `select day, rate_day, channel, currency, orders, priced, ${keyOf(dimension, `''`, `''`)} as k
		from daily_sales_summary where ${narrowed(shape)} and grain = '${wantsPlace ? 'place' : 'total'}' and ${CURRENT_BUILDS}`;
}

function keyOf(dimension: Dimension | null, category: string, product: string): string {
	switch (dimension) {
		case 'channel':
			return 'toString(channel)';
		case 'country':
		case 'region':
			return PLACE_KEYS[dimension];
		case 'category':
			return `toString(${category})`;
		case 'product':
			return `toString(${product})`;
		default:
			return `''`;
	}
}

/** What people bought, and the rest of each day, which is nobody's: `whole` of daily_sales_summary, `known` of daily_customers, as net. */
function peopleRows(shape: Shape, whole: string, known: string): string {
	const people = `daily_customers where organization_id = {organization:UUID} and day between {from:Date} and {to:Date} and grain = 'sales' and ${CURRENT_BUILDS}
		and (empty({channels:Array(String)}) or source in {channels:Array(String)})`;
	return `select day, rate_day, channel, currency, ${whole} as net, 'guest' as k
			from daily_sales_summary where ${narrowed(shape)} and grain = 'total' and ${CURRENT_BUILDS}
		union all select day, rate_day, source, currency, 0 - (${known}) as net, 'guest' as k from ${people}
		union all select day, rate_day, source, currency, ${known} as net, if(is_new = 1, 'new', 'returning') as k from ${people}`;
}

/**
 * New: the order is of the day of the person's first sale, on any channel. Orders of nobody whom we could know again (guests, addresses
 * that a channel makes for one order) are apart.
 */
function withCustomer(rows: string): string {
	return `select f.* except k, multiIf(c.known = ${NOBODY}, 'guest', f.rate_day = c.first_day, 'new', 'returning') as k
		from (${rows}) as f left join (
			select arrayJoin(customers) as known, first_day from customer_cohorts final
			where organization_id = {organization:UUID} and generation = {generation:UInt32}
		) as c on f.customer_id = c.known`;
}
