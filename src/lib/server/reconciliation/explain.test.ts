import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reason } from '#lib/contracts/reconciliation.ts';
import { add, explain } from './explain.ts';

const ours = { orders: 10, units: 15, gross: '300' };
const reason = (key: Reason['key'], orders: number, units: number, gross: string): Reason => ({
	key,
	orders,
	units,
	gross
});

describe('explain', () => {
	test('equal figures need no reason, a cent of rounding included', () => {
		expect(explain(ours, { ...ours, gross: '300.01' }, [reason('tax', 0, 0, '24')])).toEqual({
			verdict: 'equal',
			reasons: []
		});
	});

	test('the fewest reasons that make up the whole difference', () => {
		const cancelled = reason('cancelled', 2, 3, '50');
		const discounts = reason('discounts', 0, 0, '-12.5');
		const tax = reason('tax', 0, 0, '24');
		expect(explain(ours, { orders: 12, units: 18, gross: '337.5' }, [tax, cancelled, discounts])).toEqual({
			verdict: 'explained',
			reasons: [cancelled, discounts]
		});
	});

	test('when nothing makes it up, only what leads there is named', () => {
		const cancelled = reason('cancelled', 1, 1, '20');
		const discounts = reason('discounts', 0, 0, '-12.5');
		expect(explain(ours, { orders: 12, units: 18, gross: '350' }, [cancelled, discounts])).toEqual({
			verdict: 'open',
			reasons: [cancelled]
		});
		expect(explain(ours, { orders: 9, units: 15, gross: '300' }, [])).toEqual({
			verdict: 'open',
			reasons: []
		});
	});

	test('a pending order, which the channel counts with a price that it tells nobody yet, takes what remains', () => {
		const theirs = { orders: 10, units: 15, gross: '390' };
		const tax = reason('tax', 0, 0, '24');
		expect(explain(ours, theirs, [tax]).verdict).toBe('open');
		expect(explain(ours, theirs, [tax], 1)).toEqual({
			verdict: 'explained',
			reasons: [reason('pendingPriced', 0, 0, '90')]
		});
		// an exact reason goes first; less money, or other orders, is no price
		expect(explain(ours, { ...theirs, gross: '324' }, [tax], 1).reasons).toEqual([tax]);
		expect(explain(ours, { ...theirs, gross: '290' }, [], 1).verdict).toBe('open');
		expect(explain(ours, { ...theirs, orders: 11 }, [], 1).verdict).toBe('open');
	});

	test('any set of reasons is found again, or a smaller one that says as much', () => {
		const amount = fc.integer({ min: -99_999, max: 99_999 }).map((cents) => (cents / 100).toFixed(2));
		const keys = ['pending', 'cancelled', 'excluded', 'late', 'discounts', 'tax'] as const;
		const candidates = fc.tuple(
			...keys.map((key) =>
				fc.record({ key: fc.constant(key), orders: fc.nat(5), units: fc.nat(9), gross: amount })
			)
		);
		fc.assert(
			fc.property(candidates, fc.nat(63), (list, set) => {
				const chosen = list.filter((_, at) => set & (2 ** at));
				const theirs = chosen.reduce(add, ours);
				const { verdict, reasons } = explain(ours, theirs, list);
				expect(verdict).not.toBe('open');
				expect(reasons.length).toBeLessThanOrEqual(chosen.length);
				const sum = reasons.reduce(add, ours);
				expect([sum.orders, sum.units]).toEqual([theirs.orders, theirs.units]);
				expect(Math.abs(Number(sum.gross) - Number(theirs.gross))).toBeLessThan(0.02);
			})
		);
	});
});
