import { expect, test } from 'vitest';
import { change, points } from './change.ts';

test.each([
	['186790.64', '157500', 'up', '18.6%'],
	[90, 100, 'down', '10.0%'],
	[5, 0, 'new', 'new'],
	[0, 0, 'none', 'no change'],
	[100, 100, 'none', 'no change'],
	[null, 100, 'unknown', 'unknown'],
	[100, null, 'unknown', 'unknown'],
	[-50, 100, 'down', 'below zero'],
	[50, -100, 'up', 'from below zero'],
	[-50, -100, 'up', '50.0%'],
	[2300, 100, 'up', '2,200%']
] as const)('from %2$s to %1$s', (current, previous, direction, text) => {
	expect(change(current, previous)).toEqual({ direction, text });
});

test('shares change in points', () => {
	expect(points(0.031, 0.035)).toEqual({ direction: 'down', text: '0.4 pt' });
	expect(points(0.031, 0.0311)).toEqual({ direction: 'none', text: 'no change' });
});
