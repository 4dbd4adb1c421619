import type { Filters } from '#lib/contracts/analytics.ts';
import { orderQuerySchema, type OrderFilters } from '#lib/contracts/orders.ts';
import { daysOf, many, one, parseRange, type Parsed, writeRange } from './url.ts';

/** The order list's address: the contract's filters, with the range as people chose it. */
export interface OrdersState {
	/** Null is any time. */
	range: Filters['range'] | null;
	channels: OrderFilters['channels'];
	statuses: OrderFilters['statuses'];
	countries: OrderFilters['countries'];
	search: string;
	sort: 'placed' | 'total';
	direction: 'desc' | 'asc';
	/** Of the page shown; undefined is the first. */
	cursor?: string;
}

export const NO_ORDER_FILTERS: OrdersState = {
	range: null,
	channels: [],
	statuses: [],
	countries: [],
	search: '',
	sort: 'placed',
	direction: 'desc'
};

/** Reads the order list's filters from the address. Never throws: what cannot be used is left out and named in `notes`. */
export function parseOrders(params: URLSearchParams): Parsed<OrdersState> {
	const notes: string[] = [];
	const { shape } = orderQuerySchema;
	const given = (name: string) => params.get(name) ?? undefined;
	const search = (given('search') ?? '').replaceAll('\0', '').toWellFormed();
	const cursor = one(shape.cursor, given('cursor'), 'page', notes);
	const filters: OrdersState = {
		range: parseRange(params, notes),
		channels: many(shape.channels.unwrap(), params, 'channel', notes),
		statuses: many(shape.statuses.unwrap(), params, 'status', notes),
		countries: many(shape.countries.unwrap(), params, 'country', notes),
		search: search.trim().length > 100 ? '' : search.trim(),
		sort: one(shape.sort, given('sort'), 'column to sort by', notes) ?? 'placed',
		direction: one(shape.direction, given('direction'), 'direction', notes) ?? 'desc',
		...(cursor && { cursor })
	};
	if (search.trim().length > 100)
		notes.push('What is searched for may have 100 characters at most, so all orders are shown.');
	return { filters, notes };
}

/** The address of an order list, defaults left out; '' for the defaults alone. */
export function ordersQuery(state: OrdersState): string {
	const params = new URLSearchParams();
	if (state.search) params.set('search', state.search);
	if (state.range !== null) writeRange(params, state.range, null);
	for (const channel of state.channels) params.append('channel', channel);
	for (const status of state.statuses) params.append('status', status);
	for (const country of state.countries) params.append('country', country);
	if (state.sort !== 'placed') params.set('sort', state.sort);
	if (state.direction !== 'desc') params.set('direction', state.direction);
	if (state.cursor) params.set('cursor', state.cursor);
	return params.size > 0 ? `?${params}` : '';
}

/** The filters as the verbs take them, on the organization's day `today`. */
export function orderFilters(
	{ range, channels, statuses, countries, search }: OrdersState,
	today: string
): Partial<OrderFilters> {
	return { channels, statuses, countries, search, ...(range !== null && daysOf(range, today)) };
}

/** The order list that belongs to the dashboard's filters: what it can be narrowed to in common. */
export function ordersOf({ range, channels, countries }: Filters): OrdersState {
	return { ...NO_ORDER_FILTERS, range, channels, countries };
}

/** How many filters narrow the list, for the words over an empty one. */
export function isNarrowed({ range, channels, statuses, countries, search }: OrdersState): boolean {
	return range !== null || channels.length + statuses.length + countries.length > 0 || search !== '';
}
