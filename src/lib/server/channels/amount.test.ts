import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimal, micros } from './amount.ts';

/** Millionths by text alone: what the short way must agree with. */
function byText(sign: string, whole: string, fraction: string): bigint {
	const digits = BigInt(whole + fraction.slice(0, 6).padEnd(6, '0')) + (fraction.charAt(6) >= '5' ? 1n : 0n);
	return sign === '' ? digits : -digits;
}

test('any decimal is read exactly, and written with two places at least', () => {
	const digits = fc.stringMatching(/^\d{1,18}$/);
	fc.assert(
		fc.property(fc.constantFrom('', '-'), digits, fc.stringMatching(/^\d{0,9}$/), (sign, whole, fraction) => {
			const text = `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
			const amount = byText(sign, whole, fraction);
			expect(micros(text)).toBe(amount);
			const written = decimal(amount);
			expect(written).toMatch(/^-?\d+\.\d{2,6}$/);
			expect(written).not.toMatch(/\.\d{2,}0$/);
			expect(micros(written)).toBe(amount);
		}),
		{ numRuns: 3_000 }
	);
});

test('what is no decimal is not read', () => {
	for (const value of [
		'',
		'-',
		'.',
		'1.',
		'.5',
		'-.5',
		'--1',
		'+1',
		'1.2.3',
		'1,5',
		'1e3',
		' 1',
		'1 ',
		'٣',
		null,
		{},
		Number.NaN
	])
		expect(micros(value)).toBeNull();
	expect(micros(12.5)).toBe(12_500_000n);
	expect([decimal(0n), decimal(-10_000n), decimal(999_999_999_990_000n), decimal(33_300n)]).toEqual([
		'0.00',
		'-0.01',
		'999999999.99',
		'0.0333'
	]);
});
