import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plus, readSpendFile, sharedOut } from './spend-file.ts';

test('rows of one day, channel and platform are added up; the own currency stands where none is given', () => {
	const { rows, errors } = readSpendFile(
		'\uFEFFDate;Channel;Spend;Campaign;Currency\n2026-11-01;Shopify;10,50;Autumn;\n2026-11-01;shopify;0.25;Autumn;EUR\n\n2026-11-02;walmart;3;;usd\n',
		'EUR'
	);
	expect(errors).toEqual([]);
	expect(rows).toEqual([
		{ line: 3, day: '2026-11-01', channel: 'shopify', platform: 'Autumn', amount: '10.75', currency: 'EUR' },
		{ line: 5, day: '2026-11-02', channel: 'walmart', platform: '', amount: '3', currency: 'USD' }
	]);
});

test('what cannot be used is named with its line', () => {
	const { rows, errors } = readSpendFile(
		'day,channel,amount\n2026-13-01,shopify,1\n2026-11-01,ebay,1\n2026-11-01,amazon,-1\n',
		'USD'
	);
	expect(rows).toEqual([]);
	expect(errors.map(({ line }) => line)).toEqual([2, 3, 4]);
	expect(() => readSpendFile('a,b\n1,2', 'USD')).toThrow('The first line must name the columns');
	expect(() => readSpendFile('day,channel,amount\n"2026', 'USD')).toThrow('no CSV');
});

test('an amount shared out over days adds up to itself', () => {
	expect(sharedOut('100', 3)).toEqual(['33.34', '33.33', '33.33']);
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 9_999_999 }), fc.integer({ min: 1, max: 366 }), (cents, days) => {
			const amount = (cents / 100).toFixed(2);
			expect(Number(sharedOut(amount, days).reduce(plus, '0'))).toBe(Number(amount));
		})
	);
});
