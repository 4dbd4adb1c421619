import { expect, test } from 'vitest';
import type { LiveEvent } from '#lib/contracts/live.ts';
import { firstSyncText, movesFirstSync } from './first-sync.ts';

test('a first sync is said in place of "Live", a broken stream in place of both', () => {
	expect(firstSyncText([], 'live')).toBeUndefined();
	expect(firstSyncText(['shopify'], 'live')).toBe('First sync of Shopify');
	expect(firstSyncText(['amazon', 'shopify'], 'live')).toBe('First syncs');
	expect(firstSyncText(['shopify'], 'offline')).toBeUndefined();
});

test('the page asks again when a first sync begins and when it ends, not for each step of it', () => {
	const event = (kind: string, status: string) =>
		({
			kind: 'connection',
			connectionId: 'c',
			status: 'healthy',
			run: { kind, status }
		}) as unknown as LiveEvent;
	expect(movesFirstSync(event('backfill', 'queued'), [])).toBe(true);
	expect(movesFirstSync(event('backfill', 'running'), ['shopify'])).toBe(false);
	expect(movesFirstSync(event('backfill', 'succeeded'), ['shopify'])).toBe(true);
	expect(movesFirstSync(event('incremental', 'running'), [])).toBe(false);
	expect(movesFirstSync({ kind: 'rates' } as LiveEvent, ['shopify'])).toBe(false);
});
