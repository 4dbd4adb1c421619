import { expect, test } from 'vitest';
import { marginDoubts } from './margin-doubts.ts';

const row = { fees: '1', feesEstimated: '0', units: 3, unitsWithoutCost: 0, unitsWithoutReceipt: 0 };
const view = (totals: object, more: object = {}) =>
	({
		currency: 'USD',
		totals: { ...row, ...totals },
		channels: [{ ...row, channel: 'shopify' }],
		unitsWithUnconvertedCost: 0,
		...more
	}) as unknown as Parameters<typeof marginDoubts>[0];
const words = (given: ReturnType<typeof view>) => marginDoubts(given, 'en-US').map(({ text }) => text);

test('a margin nothing is missing from has no doubts', () => {
	expect(words(view({}))).toEqual([]);
});

test('one piece and many are said rightly', () => {
	expect(words(view({ unitsWithoutCost: 1 }))).toEqual([
		'1 piece of 3 sold has no cost yet, so the margin is too high by what it costs.'
	]);
	expect(
		words(
			view({ units: 4200, unitsWithoutCost: 1234, unitsWithoutReceipt: 2 }, { unitsWithUnconvertedCost: 2 })
		)
	).toEqual([
		'1,234 pieces of 4,200 sold have no cost yet, so the margin is too high by what they cost.',
		'2 pieces have no receipt left to take from: they cost what is entered for the period.',
		'2 pieces cost money in a currency without a rate to USD: their cost is left out.'
	]);
});

test('a channel that sold and told no fee is named; one that sold nothing is not', () => {
	const silent = { ...row, fees: '0', channel: 'amazon' };
	expect(words(view({}, { channels: [silent, { ...silent, channel: 'walmart', units: 0 }] }))).toEqual([
		'Amazon told no fees in this range, so the margin is too high by them.'
	]);
});
