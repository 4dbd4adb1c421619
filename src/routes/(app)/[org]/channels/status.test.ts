import { expect, test } from 'vitest';
import type { LiveRun } from '#lib/contracts/live.ts';
import { stage, statusTag } from './status.ts';

const part = (done: number, total: number | null = null) => ({
	done,
	total,
	written: 0,
	unchanged: 0,
	dead: 0
});
const at = (progress: LiveRun['progress'], status = 'running') => stage({ status, progress });

test('a first sync says what it is at', () => {
	expect(at({}, 'queued').text).toBe('Waits for its turn');
	expect(at({})).toEqual({ text: 'Reading orders', orders: true });
	expect(at({ products: part(225), transactions: part(2660) })).toEqual({
		text: 'Reading fees and payouts, orders follow',
		orders: false
	});
	expect(at({ products: part(240, 240), orders: part(0, 35_417), customers: part(0, 25_684) })).toEqual({
		text: 'Reading orders',
		orders: true
	});
	expect(at({ orders: part(100, 100), customers: part(7, 90), stock: part(0) })).toEqual({
		text: 'Reading customers',
		orders: false
	});
});

test('a connection whose first sync goes on is not said to be well yet', () => {
	const run = { kind: 'backfill' } as LiveRun;
	expect(statusTag({ status: 'healthy', run, authMethod: 'client_credentials' }).text).toBe('First sync');
	expect(statusTag({ status: 'healthy', run: null, authMethod: 'client_credentials' }).text).toBe('Healthy');
});
