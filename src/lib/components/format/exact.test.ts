import Big from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, divide } from './exact.ts';

const amount = fc
	.bigInt(-(10n ** 12n), 10n ** 12n)
	.map((units) => new Big(units.toString()).div(10_000).toFixed());
test('sums and quotients are exact', () => {
	fc.assert(
		fc.property(amount, amount, (a, b) => {
			expect(add(a, b)).toBe(new Big(a).plus(b).toFixed());
		})
	);
	fc.assert(
		fc.property(amount, fc.integer({ min: 1, max: 100_000 }), (a, n) => {
			expect(divide(a, n)).toBe(new Big(new Big(a).div(n).toFixed(4)).toFixed());
		})
	);
});
