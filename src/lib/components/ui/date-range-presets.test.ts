import { expect, test } from 'vitest';
import { countDays, type Preset, resolveDays } from './date-range-presets.ts';

const cases: [Preset, today: string, from: string, to: string][] = [
	['today', '2026-11-19', '2026-11-19', '2026-11-19'],
	['yesterday', '2026-03-01', '2026-02-28', '2026-02-28'],
	['7d', '2026-11-19', '2026-11-13', '2026-11-19'],
	['30d', '2026-11-19', '2026-10-21', '2026-11-19'],
	['90d', '2026-11-19', '2026-08-22', '2026-11-19'],
	['month', '2026-11-19', '2026-11-01', '2026-11-19'],
	['last-month', '2026-03-31', '2026-02-01', '2026-02-28'],
	['last-month', '2026-01-15', '2025-12-01', '2025-12-31'],
	['ytd', '2026-11-19', '2026-01-01', '2026-11-19'],
	['12m', '2026-11-19', '2025-11-20', '2026-11-19'],
	['12m', '2024-02-29', '2023-03-01', '2024-02-29']
];

test.each(cases)('%s on %s is %s to %s', (preset, today, from, to) => {
	expect(resolveDays({ preset }, today)).toEqual({ from, to });
});

test('a custom range stands', () => {
	expect(resolveDays({ from: '2026-10-26', to: '2026-11-14' }, '2030-01-01')).toEqual({
		from: '2026-10-26',
		to: '2026-11-14'
	});
	expect(countDays({ from: '2026-10-26', to: '2026-11-14' })).toBe(20);
});
