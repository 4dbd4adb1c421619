import { describe, expect, test } from 'vitest';
import { goalRange, progressOf } from './goal-progress.ts';

test.each([
	['week', '2026-11-22', '2026-11-16', '2026-11-22'],
	['week', '2026-11-23', '2026-11-23', '2026-11-29'],
	['month', '2024-02-10', '2024-02-01', '2024-02-29'],
	['quarter', '2026-12-31', '2026-10-01', '2026-12-31'],
	['quarter', '2026-01-01', '2026-01-01', '2026-03-31'],
	['year', '2026-06-01', '2026-01-01', '2026-12-31']
] as const)('a %s that holds %s is %s to %s', (period, today, from, to) => {
	expect(goalRange(period, today)).toEqual({ from, to });
});

describe('progress', () => {
	const november = { from: '2026-11-01', to: '2026-11-30' };
	test.each([
		['net_sales', '1000', '500', '2026-11-15', { percent: '50.0', elapsed: '50.0', pace: 'ahead' }],
		['net_sales', '1000', '499', '2026-11-15', { percent: '49.9', elapsed: '50.0', pace: 'behind' }],
		['net_sales', '1000', '1000', '2026-11-02', { percent: '100.0', elapsed: '6.7', pace: 'met' }],
		['orders', '10', '0', '2026-12-05', { percent: '0.0', elapsed: '100.0', pace: 'behind' }],
		['average_order_value', '50', '40', '2026-11-15', { percent: '80.0', elapsed: '50.0', pace: null }],
		['average_order_value', '50', null, '2026-11-15', { percent: null, elapsed: '50.0', pace: null }],
		['return_rate', '5', '4', '2026-11-15', { percent: null, elapsed: '50.0', pace: null }]
	] as const)('%s: target %s, value %s on %s', (metric, target, value, today, wanted) => {
		expect(progressOf(metric, target, value, november, today)).toEqual(wanted);
	});
});
