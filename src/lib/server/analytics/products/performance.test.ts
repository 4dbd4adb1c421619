import { expect, test } from 'vitest';
import { add, type Sums } from '../profit-sums.ts';
import { performanceOf, ranked, type Figures } from './performance.ts';

const units = (value: bigint) => value * 10n ** 14n;
const nothing = add([]);
const sums = (given: Partial<Sums>): Sums => ({ ...nothing, ...given });
const besides = { available: null, sessions: null, sessionUnits: null };

test('figures of a product, counted by hand', () => {
	const now = sums({
		gross: units(200n),
		discounts: units(20n),
		refunds: units(45n),
		cogs: units(60n),
		units: 10
	});
	const before = sums({ gross: units(80n), units: 4 });
	expect(
		performanceOf('p', now, before, { available: 30, sessions: 400, sessionUnits: 9 }, 30)
	).toMatchObject({
		netSales: '135',
		margin: '75',
		marginPercent: '55.6',
		averagePrice: '20',
		previousAveragePrice: '20',
		velocity: '0.33',
		sellThrough: '25.0',
		daysOfCover: '90.0',
		conversion: '2.3',
		returnRate: '25.0',
		trend: '150.0'
	});
});

test('what nobody told is unknown, not zero', () => {
	expect(performanceOf('p', nothing, nothing, besides, 30)).toMatchObject({
		averagePrice: null,
		available: null,
		sellThrough: null,
		daysOfCover: null,
		conversion: null,
		returnRate: null,
		trend: null,
		marginPercent: null
	});
	expect(performanceOf('p', nothing, nothing, { ...besides, available: -2 }, 30)).toMatchObject({
		sellThrough: null,
		daysOfCover: null
	});
});

test('unknown comes last both ways, equals by id', () => {
	const row = (productId: string, returnRate: string | null) => ({ productId, returnRate }) as Figures;
	const rows = [row('d', '5.0'), row('a', null), row('c', '-1.0'), row('b', '5.0')];
	const order = (by: 'asc' | 'desc') => ranked(rows, 'return_rate', by).map(({ productId }) => productId);
	expect(order('desc')).toEqual(['b', 'd', 'c', 'a']);
	expect(order('asc')).toEqual(['c', 'b', 'd', 'a']);
});
