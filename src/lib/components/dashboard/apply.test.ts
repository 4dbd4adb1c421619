import { describe, expect, test } from 'vitest';
import { filtersSchema, type DashboardView, type Filters } from '#lib/contracts/analytics.ts';
import type { DayDelta, LiveEvent, LiveOrder } from '#lib/contracts/live.ts';
import { applyEvent, bucketIndex } from './apply.ts';

const defaults = filtersSchema.parse({});
const bucket = (at: string) => ({
	at,
	net: '0',
	orders: 0,
	units: 0,
	averageOrder: null,
	byChannel: {},
	previousNet: null
});
const zero = { gross: '0', discounts: '0', refunds: '0', net: '0', orders: 0, units: 0, averageOrder: null };
const view: DashboardView = {
	position: 10,
	asOf: '2026-11-19T20:00:00Z',
	currency: 'USD',
	period: {
		from: '2026-11-17',
		to: '2026-11-19',
		previousFrom: '2026-11-14',
		previousTo: '2026-11-16',
		running: true,
		timeZone: 'UTC'
	},
	totals: zero,
	previous: zero,
	by: 'day',
	series: ['2026-11-17', '2026-11-18', '2026-11-19'].map(bucket),
	channels: [{ channel: 'shopify', net: '0', orders: 0, previousNet: '0' }],
	products: [],
	awaitingPrice: 0,
	unconverted: [],
	options: { channels: [], categories: [], countries: [], regions: [] }
};
const delta = (more: Partial<DayDelta> = {}): DayDelta => ({
	day: '2026-11-19',
	currency: 'USD',
	orders: 1,
	units: 2,
	gross: '20.00',
	discounts: '1.50',
	refunds: '0',
	net: '18.5',
	...more
});
const order: LiveOrder = {
	id: 'o',
	name: '#1',
	channel: 'shopify',
	kind: 'sale',
	status: 'paid',
	placedAt: '2026-11-19T14:10:00Z',
	summary: '',
	units: 2,
	total: '18.50',
	net: '18.50',
	currency: 'USD',
	city: null,
	country: 'NO',
	region: null
};
const event = (deltas: DayDelta[], more: Partial<LiveOrder> = {}): LiveEvent => ({
	kind: 'order',
	change: 'created',
	position: 11,
	at: '',
	order: { ...order, ...more },
	deltas,
	days: deltas.map(({ day }) => day),
	dimensions: { channel: 'shopify', categories: [], locations: [], country: 'NO' }
});
const hour = (instant: string) => instant.slice(0, 13) + ':00';
const apply = (each: LiveEvent, filters: Partial<Filters> = {}, from = view) =>
	applyEvent(from, { ...defaults, ...filters }, each, hour);

test('a new order moves totals, its day and its channel, and asks for the rest', () => {
	const { view: next, ask } = apply(event([delta()]));
	expect(ask).toBe(true);
	expect(next.totals).toEqual({
		gross: '20',
		discounts: '1.5',
		refunds: '0',
		net: '18.5',
		orders: 1,
		units: 2,
		averageOrder: '18.5'
	});
	expect(next.series[2]).toMatchObject({ net: '18.5', orders: 1, units: 2, byChannel: { shopify: '18.5' } });
	expect(next.series[1]).toBe(view.series[1]);
	expect(next.channels).toEqual([{ channel: 'shopify', net: '18.5', orders: 1, previousNet: '0' }]);
	expect(view.totals.net).toBe('0');
});

test('a refund of an older order moves the refund’s day only', () => {
	const refund = delta({
		day: '2026-11-18',
		orders: 0,
		units: 0,
		gross: '0',
		discounts: '0',
		refunds: '5',
		net: '-5'
	});
	const { view: next } = apply(event([refund], { placedAt: '2026-10-01T00:00:00Z' }));
	expect(next.totals).toMatchObject({ refunds: '5', net: '-5', orders: 0 });
	expect(next.series.map(({ net }) => net)).toEqual(['0', '-5', '0']);
});

describe('the figures stay as they are', () => {
	test.each([
		['another channel', {}, { channels: ['amazon'] }, false],
		['another country', {}, { countries: ['SE'] }, false],
		['a category filter: only the server knows', {}, { categories: ['Kitchen'] }, true],
		['a region filter: only the server knows', {}, { regions: ['CA'] }, true],
		['another currency: only the server has the rate', { currency: 'NOK' }, {}, true],
		[
			'a day after a custom range',
			{ day: '2026-11-20' },
			{ range: { from: '2026-11-17', to: '2026-11-19' } },
			false
		],
		['a new day: a range that moves with the day moves on', { day: '2026-11-20' }, {}, true],
		['a day of the previous period', { day: '2026-11-15' }, {}, true]
	] as const)('%s', (_name, change, filters, ask) => {
		const result = apply(event([delta(change)]), filters as Partial<Filters>);
		expect(result.view.totals).toEqual(view.totals);
		expect(result.ask).toBe(ask);
	});
});

test('an order without a price counts, and is left out of the average', () => {
	const priced = apply(event([delta()])).view;
	const { view: next } = apply(
		event([delta({ gross: '0', discounts: '0', net: '0' })], { total: null, net: null }),
		{},
		priced
	);
	expect(next.totals).toMatchObject({ orders: 2, averageOrder: '18.5' });
	expect(next.awaitingPrice).toBe(1);
});

test('hours are those of the order, not of its refund', () => {
	const hours = {
		...view,
		by: 'hour' as const,
		series: ['2026-11-19T13:00', '2026-11-19T14:00', '2026-11-19T15:00'].map(bucket)
	};
	expect(apply(event([delta()]), { by: 'hour' }, hours).view.series.map(({ orders }) => orders)).toEqual([
		0, 1, 0
	]);
	const refund = delta({ orders: 0, units: 0, gross: '0', discounts: '0', refunds: '5', net: '-5' });
	const { view: next } = apply(event([refund]), { by: 'hour' }, hours);
	expect(next.series.map(({ net }) => net)).toEqual(['0', '0', '0']);
	expect(next.totals.net).toBe('-5');
});

test('a day lies in the week or month that began before it', () => {
	const weeks = ['2026-11-02', '2026-11-09', '2026-11-16'].map(bucket);
	expect(bucketIndex(weeks, '2026-11-15')).toBe(1);
	expect(bucketIndex(weeks, '2026-11-16')).toBe(2);
	expect(bucketIndex(weeks, '2026-11-01')).toBe(-1);
});

test('an order that was only shipped moves nothing and asks nothing', () => {
	const shipped = { ...event([]), days: ['2026-11-19'] } as LiveEvent;
	expect(apply(shipped)).toEqual({ view, ask: false });
	expect(apply(shipped, { countries: ['NO'] }).ask).toBe(true); // its address may have changed
});

test('a bulk page asks again only where it touches the range', () => {
	const bulk = (days: string[]): LiveEvent => ({
		kind: 'orders',
		position: 11,
		at: '',
		orderIds: [],
		days,
		dimensions: { channel: null, categories: [], locations: [], country: null }
	});
	expect(apply(bulk(['2024-01-01'])).ask).toBe(false);
	expect(apply(bulk(['2024-01-01', '2026-11-18'])).ask).toBe(true);
});
