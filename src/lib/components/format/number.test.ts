import { expect, test } from 'vitest';
import { compact, counted, integer, percent, range } from './number.ts';

test('whole numbers have separators and a true minus', () => {
	expect(integer(4515)).toBe('4,515');
	expect(integer('-1204')).toBe('\u22121,204');
	expect(integer(null)).toBe('unknown');
});

test('percent has one decimal', () => {
	expect(percent(0.303)).toBe('30.3%');
	expect(percent(-0.084)).toBe('\u22128.4%');
	expect(percent(Number.NaN)).toBe('unknown');
	expect(percent(1 / 0)).toBe('unknown');
});

test('short numbers use a small k', () => {
	expect(compact(7500)).toBe('7.5k');
	expect(compact(1_200_000)).toBe('1.2M');
});

test('counts name what they count', () => {
	expect(counted(1, 'order')).toBe('1 order');
	expect(counted(4515, 'order')).toBe('4,515 orders');
	expect(counted(0, 'category', 'categories')).toBe('0 categories');
});

test('ranges take an en dash', () => {
	expect(range('8,027', '9,321')).toContain('\u2013');
});
