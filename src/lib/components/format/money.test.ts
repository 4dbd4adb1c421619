import { expect, test } from 'vitest';
import { money, moneyPieces } from './money.ts';

test.each([
	['186790.64', 'USD', 'answer', '$186,790.64'],
	['56634.5', 'USD', 'summary', '$56,635'],
	[7500, 'USD', 'axis', '$7.5k'],
	[10_000, 'USD', 'axis', '$10k'],
	[2_500_000, 'USD', 'axis', '$2.5M'],
	['-0.84', 'USD', 'answer', '\u2212$0.84'],
	['1200', 'JPY', 'answer', '¥1,200'],
	['0', 'USD', 'answer', '$0.00']
] as const)('%s %s as %s is %s', (amount, currency, precision, expected) => {
	expect(money(amount, currency, 'en-US', { precision })).toBe(expected);
});

test('a decimal beyond the precision of a float keeps every digit', () => {
	expect(money('90071992547409931.07', 'USD')).toBe('$90,071,992,547,409,931.07');
});

test('an amount nobody told is unknown, not zero', () => {
	expect(money(null, 'USD')).toBe('unknown');
	expect(moneyPieces(undefined, 'USD')).toEqual(['unknown', '']);
});

test('the pieces join to the whole', () => {
	expect(moneyPieces('186790.64', 'USD')).toEqual(['$186,790', '.64']);
	expect(moneyPieces('-1200', 'JPY')).toEqual(['\u2212¥1,200', '']);
	expect(moneyPieces('1071.9', 'EUR', 'de-DE')[1]).toBe('');
});
