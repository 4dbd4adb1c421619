import { expect, test } from 'vitest';
import type { ProfitSums } from '#lib/contracts/profit.ts';
import { waterfall } from './steps.ts';

const sums: ProfitSums = {
	gross: '100',
	discounts: '10',
	refunds: '0',
	net: '90',
	shipping: '5',
	cogs: '40',
	fees: '10.05',
	feesEstimated: '4.95',
	labels: '0',
	labelsEstimated: '0',
	ads: null,
	other: '0',
	margin: '40',
	marginPercent: '44.4',
	units: 3,
	unitsWithoutCost: 0,
	unitsWithoutReceipt: 0
};

test('each step begins where the one before ended, and the last is the margin', () => {
	const steps = waterfall(sums);
	expect(steps.map(({ key, text, from, to }) => [key, text, from, to])).toEqual([
		['gross', '100', 0, 100],
		['discounts', '-10', 100, 90],
		['net', '90', 0, 90],
		['shipping', '5', 90, 95],
		['cogs', '-40', 95, 55],
		['fees', '-15', 55, 40],
		['margin', '40', 0, 40]
	]);
	expect(steps.find((step) => step.key === 'fees')?.estimated).toBe(4.95);
});

test('cost of goods and fees stand there at zero: their absence says something', () => {
	const steps = waterfall({ ...sums, cogs: '0', fees: '0', feesEstimated: '0', margin: '-5', other: '-100' });
	expect(steps.map(({ key }) => key)).toContain('cogs');
	expect(steps.find((step) => step.key === 'fees')?.text).toBe('0');
	expect(steps.at(-1)).toMatchObject({ text: '-5', from: 0, to: -5 });
});

test('what nobody told is unknown, not zero', () => {
	const steps = waterfall({
		...sums,
		cogs: '0',
		unitsWithoutCost: 3,
		fees: '0',
		feesEstimated: '0',
		margin: '95'
	});
	expect(steps.filter((step) => step.unknown).map(({ key }) => key)).toEqual(['cogs', 'fees']);
	expect(waterfall(sums).some((step) => step.unknown)).toBe(false);
});

test('ads stand before the margin where they are told', () => {
	const steps = waterfall({ ...sums, ads: '15', margin: '25' });
	expect(steps.at(-2)).toMatchObject({ key: 'ads', text: '-15', from: 40, to: 25 });
	expect(waterfall(sums).map(({ key }) => key)).not.toContain('ads');
});
