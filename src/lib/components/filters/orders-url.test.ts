import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RANGES } from '#lib/contracts/analytics.ts';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { ORDER_STATUS_NAMES, orderQuerySchema } from '#lib/contracts/orders.ts';
import {
	NO_ORDER_FILTERS,
	orderFilters,
	ordersOf,
	ordersQuery,
	parseOrders,
	type OrdersState
} from './orders-url.ts';
import { parseFilters } from './url.ts';

const read = (query: string) => parseOrders(new URLSearchParams(query));

const cases: [query: string, state: Partial<OrdersState>][] = [
	['', {}],
	['?search=%23AF18941', { search: '#AF18941' }],
	['?range=last-30-days', { range: 'last-30-days' }],
	['?from=2026-10-26&to=2026-11-14', { range: { from: '2026-10-26', to: '2026-11-14' } }],
	[
		'?channel=shopify&status=refunded&status=cancelled',
		{ channels: ['shopify'], statuses: ['refunded', 'cancelled'] }
	],
	['?country=NO&country=', { countries: ['NO', ''] }],
	['?sort=total&direction=asc&cursor=abc', { sort: 'total', direction: 'asc', cursor: 'abc' }]
];

test.each(cases)('%j is read and written the same', (query, state) => {
	expect(read(query)).toEqual({ filters: { ...NO_ORDER_FILTERS, ...state }, notes: [] });
	expect(ordersQuery({ ...NO_ORDER_FILTERS, ...state })).toBe(query);
});

const text = (maxLength: number) =>
	fc.string({ unit: 'grapheme-ascii', maxLength }).map((value) => value.trim());
const anyState = fc.record<OrdersState>(
	{
		range: fc.constantFrom(null, ...RANGES, { from: '2024-02-29', to: '2026-11-19' }),
		channels: fc.uniqueArray(fc.constantFrom(...CHANNELS)),
		statuses: fc.uniqueArray(fc.constantFrom(...ORDER_STATUS_NAMES)),
		countries: fc.uniqueArray(text(2), { maxLength: 60 }),
		search: text(100),
		sort: fc.constantFrom('placed', 'total'),
		direction: fc.constantFrom('asc', 'desc')
	},
	{ requiredKeys: ['range', 'channels', 'statuses', 'countries', 'search', 'sort', 'direction'] }
);

test('any state survives the address', () => {
	fc.assert(
		fc.property(anyState, (state) => {
			expect(read(ordersQuery(state))).toEqual({ filters: state, notes: [] });
		})
	);
});

test('any address gives a query that the contract accepts', () => {
	const name = fc.constantFrom(
		'search',
		'range',
		'from',
		'to',
		'channel',
		'status',
		'country',
		'sort',
		'direction',
		'cursor',
		'__proto__'
	);
	const value = fc.oneof(
		fc.string({ unit: 'binary', maxLength: 300 }),
		fc.constantFrom("' or 1=1 --", '2026-02-31', '\0', '\ud800', '%')
	);
	fc.assert(
		fc.property(fc.array(fc.tuple(name, value), { maxLength: 12 }), (pairs) => {
			const params = new URLSearchParams();
			for (const [key, each] of pairs) params.append(key, each);
			const { filters } = parseOrders(params);
			const { sort, direction, cursor } = filters;
			expect(
				orderQuerySchema.safeParse({ ...orderFilters(filters, '2026-11-19'), sort, direction, cursor })
					.success
			).toBe(true);
		})
	);
});

test.each([
	['?channel=etsy', 'channel'],
	['?status=lost', 'status'],
	[`?country=${'x'.repeat(201)}`, 'country'],
	['?sort=price', 'sort'],
	['?range=forever', 'range'],
	[`?cursor=${'x'.repeat(201)}`, 'page'],
	[`?search=${'x'.repeat(101)}`, '100 characters']
])('%s is left out and said', (query, word) => {
	const { filters, notes } = read(query);
	expect(filters).toEqual(NO_ORDER_FILTERS);
	expect(notes).toHaveLength(1);
	expect(notes[0]).toContain(word);
});

test('the dashboard’s filters carry over, as far as the list knows them', () => {
	const { filters } = parseFilters(
		new URLSearchParams('?range=today&channel=amazon&country=NO&country=EIRE&category=Kitchen'),
		'2026-11-19'
	);
	expect(ordersQuery(ordersOf(filters))).toBe('?range=today&channel=amazon&country=NO&country=EIRE');
});
