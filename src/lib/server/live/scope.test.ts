import { expect, test } from 'vitest';
import type { LiveEvent } from '#lib/contracts/live.ts';
import { inScope } from './scope.ts';

const dimensions = {
	channel: 'shopify' as const,
	categories: ['kitchen'],
	locations: ['reno'],
	country: 'NO'
};
const order = {
	kind: 'order',
	position: 7,
	at: '2026-11-19T22:31:52Z',
	change: 'created',
	dimensions,
	deltas: [],
	days: ['2026-11-19'],
	order: {
		id: 'o1',
		name: '#1',
		channel: 'shopify',
		kind: 'sale',
		status: 'paid',
		placedAt: '',
		summary: '',
		units: 1,
		total: '9.50',
		net: '9.50',
		currency: 'USD',
		city: 'Oslo',
		country: 'NO',
		region: null
	}
} satisfies LiveEvent;
const rates = {
	kind: 'rates',
	position: 8,
	at: '',
	dimensions: { channel: null, categories: [], locations: [], country: null }
} satisfies LiveEvent;

test.each([
	['no scope', null, 'order'],
	['its channel', { channels: ['shopify'] }, 'order'],
	['another channel', { channels: ['amazon'] }, null],
	['a category of it: contents stay back', { categories: ['kitchen', 'garden'] }, 'orders'],
	['another category', { categories: ['garden'] }, null],
	['a location of it: contents stay back', { locations: ['reno'] }, 'orders'],
	[
		'an intersection that misses',
		{ channels: ['shopify'], categories: ['kitchen'], locations: ['oslo'] },
		null
	]
])('order, %s', (_name, scope, kind) => {
	expect(inScope(order, scope)?.kind ?? null).toBe(kind);
});

test('without contents there is nothing of the order but its id', () => {
	expect(inScope(order, { categories: ['kitchen'] })).toEqual({
		kind: 'orders',
		position: 7,
		at: order.at,
		days: ['2026-11-19'],
		orderIds: ['o1'],
		dimensions: { ...dimensions, country: null }
	});
});

test('what has no channel concerns everyone', () => {
	expect(inScope(rates, { channels: ['amazon'], categories: ['garden'] })).toBe(rates);
});
