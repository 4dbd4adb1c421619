import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { filtersSchema, type DashboardView } from '#lib/contracts/analytics.ts';
import type { LiveEvent } from '#lib/contracts/live.ts';
import { liveView } from './live-view.svelte.ts';

/** A server whose figures are the number of orders up to the position it has worked through. */
const viewAt = (position: number): DashboardView => ({
	position,
	asOf: '',
	currency: 'USD',
	period: {
		from: '2026-11-19',
		to: '2026-11-19',
		previousFrom: '2026-11-18',
		previousTo: '2026-11-18',
		running: true,
		timeZone: 'UTC'
	},
	by: 'hour',
	totals: {
		gross: String(position),
		discounts: '0',
		refunds: '0',
		net: String(position),
		orders: position,
		units: position,
		averageOrder: '1'
	},
	previous: { gross: '0', discounts: '0', refunds: '0', net: '0', orders: 0, units: 0, averageOrder: null },
	series: [],
	channels: [],
	products: [],
	awaitingPrice: 0,
	unconverted: [],
	options: { channels: [], categories: [], countries: [], regions: [] }
});
const order = (position: number): LiveEvent => ({
	kind: 'order',
	change: 'created',
	position,
	at: '',
	days: ['2026-11-19'],
	dimensions: { channel: 'shopify', categories: [], locations: [], country: null },
	deltas: [
		{
			day: '2026-11-19',
			currency: 'USD',
			orders: 1,
			units: 1,
			gross: '1',
			discounts: '0',
			refunds: '0',
			net: '1'
		}
	],
	order: {
		id: String(position),
		name: '',
		channel: 'shopify',
		kind: 'sale',
		status: 'paid',
		placedAt: '',
		summary: '',
		units: 1,
		total: '1',
		net: '1',
		currency: 'USD',
		city: null,
		country: null,
		region: null
	}
});
const document = { hidden: false };
let answers: (() => number)[];
let asked = 0;
const open = (position = 10) =>
	liveView({
		view: viewAt(position),
		filters: filtersSchema.parse({ by: 'hour' }),
		localHour: String,
		ask: async () => viewAt(answers[Math.min(asked++, answers.length - 1)]!())
	});

beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal('document', document);
	vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 16));
	vi.stubGlobal('cancelAnimationFrame', clearTimeout);
	document.hidden = false;
	asked = 0;
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

test('an event is on screen with the next frame, before the server is asked', () => {
	answers = [() => 11];
	const live = open();
	live.take(order(11));
	vi.advanceTimersByTime(16);
	expect(live.view.totals).toMatchObject({ orders: 11, net: '11' });
	expect(asked).toBe(0);
});

test('an answer that lags behind the stream loses nothing and is asked again', async () => {
	answers = [() => 11, () => 13];
	const live = open();
	[11, 12, 13].forEach((position) => live.take(order(position)));
	await vi.advanceTimersByTimeAsync(100);
	expect(asked).toBe(1);
	expect(live.view.position).toBe(11);
	expect(live.view.totals.orders).toBe(13);
	await vi.advanceTimersByTimeAsync(1000);
	expect(asked).toBe(2);
	expect(live.view).toEqual(viewAt(13));
	await vi.advanceTimersByTimeAsync(10_000);
	expect(asked).toBe(2);
});

test('an event that the stream repeats counts once', async () => {
	answers = [() => 10];
	const live = open();
	[11, 12, 11, 12, 12].forEach((position) => live.take(order(position)));
	await vi.advanceTimersByTimeAsync(16);
	[11, 12].forEach((position) => live.take(order(position)));
	await vi.advanceTimersByTimeAsync(16);
	expect(live.view.totals.orders).toBe(12);
});

test('an answer ahead of the stream counts its events once', async () => {
	answers = [() => 12];
	const live = open();
	live.take(order(11));
	await vi.advanceTimersByTimeAsync(100);
	live.take(order(12));
	await vi.advanceTimersByTimeAsync(100);
	expect(live.view.totals.orders).toBe(12);
});

test('a flood asks once a second', async () => {
	let position = 10;
	answers = [() => position];
	const live = open();
	for (let tick = 0; tick < 100; tick++) {
		live.take(order(++position));
		await vi.advanceTimersByTimeAsync(50);
	}
	expect(asked).toBeLessThanOrEqual(6);
	expect(live.view.totals.orders).toBe(110);
});

test('more events than are worth keeping: the figures wait for the server', async () => {
	answers = [() => 300, () => 700];
	const live = open();
	for (let position = 11; position <= 700; position++) live.take(order(position));
	vi.advanceTimersByTime(16);
	expect(live.view.totals.orders).toBe(10);
	await vi.advanceTimersByTimeAsync(3000);
	expect(live.view).toEqual(viewAt(700));
});

test('a hidden page asks nothing, and catches up when it is looked at', async () => {
	answers = [() => 12];
	document.hidden = true;
	const live = open();
	[11, 12].forEach((position) => live.take(order(position)));
	await vi.advanceTimersByTimeAsync(60_000);
	expect(asked).toBe(0);
	document.hidden = false;
	live.wake();
	expect(live.view.totals.orders).toBe(12);
	await vi.advanceTimersByTimeAsync(100);
	expect(asked).toBe(1);
});

test('a failed question keeps the figures, says so, and is asked again', async () => {
	answers = [
		() => {
			throw new Error('503');
		},
		() => 11
	];
	const live = open();
	live.take(order(11));
	await vi.advanceTimersByTimeAsync(100);
	expect(live.failed).toBe(true);
	expect(live.view.totals.orders).toBe(11);
	await vi.advanceTimersByTimeAsync(6000);
	expect(live.failed).toBe(false);
	expect(live.view).toEqual(viewAt(11));
});
