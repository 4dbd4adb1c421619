import { afterEach, expect, test, vi } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveEvent } from '#lib/contracts/live.ts';
import type { Ctx, Scope } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { asSystem } from '../platform/system.ts';
import * as hub from './hub.ts';
import { appendToOutbox, type PendingEvent } from './outbox.ts';
import { record } from './record.ts';
import { beat, closeStreams, openStream } from './stream.ts';

/** Reads a stream as a browser does. */
async function reader(ctx: Ctx, from: number | null, sessionId = 'session') {
	const stop = new AbortController();
	const response = await openStream(ctx, from, { signal: stop.signal, sessionId });
	const bytes = response.body!.getReader();
	const frames: { event: string; id: number | null; data: Record<string, unknown> | null }[] = [];
	const beats: { position: number; at: string }[] = [];
	let ended = false;
	const done = (async () => {
		let text = '';
		for (;;) {
			const { value, done } = await bytes.read();
			if (done) break;
			text += new TextDecoder().decode(value);
			for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
				const lines = text.slice(0, end).split('\n');
				text = text.slice(end + 2);
				const field = (name: string) =>
					lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
				if (field('retry')) continue;
				if (field('event') === 'beat') {
					beats.push(JSON.parse(field('data')!));
					continue;
				}
				frames.push({
					event: field('event') ?? 'message',
					id: Number(field('id')),
					data: JSON.parse(field('data') ?? 'null')
				});
			}
		}
		ended = true;
	})();
	return {
		frames,
		beats,
		ids: () => frames.map((frame) => frame.id),
		ended: () => ended,
		until: (count: number) =>
			vi.waitFor(() => expect(frames.length).toBeGreaterThanOrEqual(count), { timeout: 5000, interval: 5 }),
		end: async () => {
			stop.abort();
			await done;
		}
	};
}

async function organization(scope: Scope | null = null): Promise<Ctx> {
	const id = newId();
	await asSystem(
		'operator: queues and health',
		(tx) => tx.sql`insert into organizations (id, slug, name) values (${id}, ${id}, 'Test')`
	);
	return {
		organization: {
			id,
			slug: id,
			name: 'Test',
			currency: 'USD',
			timeZone: 'UTC',
			locale: 'en-US',
			plan: 'free',
			isDemo: false
		},
		actor: { kind: 'member', userId: newId() },
		permissions: new Set(['orders.read']),
		scope,
		requestId: 'test'
	};
}

const stock = (organizationId: string, available: number, categories: string[] = []): PendingEvent => ({
	organizationId,
	subjectId: null,
	kind: 'stock',
	productId: newId(),
	sku: 'SKU',
	available,
	dimensions: { channel: 'shopify', categories, locations: [], country: null }
});
const commit = (ctx: Ctx, count = 1, categories: string[] = []) =>
	record(ctx.organization.id, async () => ({
		result: null,
		events: Array.from({ length: count }, (_, n) => stock(ctx.organization.id, n, categories))
	}));
/** Recorded by another process: in the outbox, announced to no one here. */
const commitElsewhere = (ctx: Ctx) =>
	inOrganization(ctx.organization.id, (tx) => appendToOutbox(tx, [stock(ctx.organization.id, 1)])).then(
		(made) => made.get(ctx.organization.id)!
	);

afterEach(() => closeStreams(() => true));

test('a stream resumes from a position and goes on live, without a gap or a double', async () => {
	const ctx = await organization();
	await commit(ctx, 5);
	const opening = reader(ctx, 2);
	await Promise.all([commit(ctx, 3), commit(ctx, 1)]); // while it replays
	const stream = await opening;
	await commit(ctx, 1);
	await stream.until(8);
	expect(stream.ids()).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
	await stream.end();
});

test('two commits that publish the wrong way round arrive in commit order', async () => {
	const ctx = await organization();
	const stream = await reader(ctx, 0);
	const first = await commitElsewhere(ctx);
	const second = await commitElsewhere(ctx);
	hub.publish(ctx.organization.id, second);
	hub.publish(ctx.organization.id, first);
	await stream.until(2);
	expect(stream.ids()).toEqual([1, 2]);
	await stream.end();
});

test('an event that no one announced is read from the outbox when the next one shows the gap', async () => {
	const ctx = await organization();
	const stream = await reader(ctx, 0);
	await commitElsewhere(ctx);
	await commit(ctx);
	await stream.until(2);
	expect(stream.ids()).toEqual([1, 2]);
	await stream.end();
});

test('a beat finds what another process recorded, and says up to where the stream is complete', async () => {
	const ctx = await organization();
	const stream = await reader(ctx, null);
	await commitElsewhere(ctx);
	await beat(new Date('2026-11-19T22:32:07Z'));
	await vi.waitFor(() => expect(stream.beats).toHaveLength(2));
	expect(stream.ids()).toEqual([1]);
	expect(stream.beats[0]!.position).toBe(0);
	expect(stream.beats[1]).toEqual({ position: 1, at: '2026-11-19T22:32:07.000Z' });
	await stream.end();
});

test.each([
	['too much was missed', 0, async (ctx: Ctx) => commit(ctx, 2100)],
	[
		'what was missed is pruned',
		1,
		async (ctx: Ctx) => {
			await commit(ctx, 5);
			await inOrganization(
				ctx.organization.id,
				(tx) => tx.sql`delete from outbox where organization_id = ${ctx.organization.id} and position <= 3`
			);
		}
	],
	['the position is of another life of the database', 99, async (ctx: Ctx) => commit(ctx, 3)]
])('reset when %s, then live from the present', async (_name, from, before) => {
	const ctx = await organization();
	await before(ctx);
	const stream = await reader(ctx, from);
	await stream.until(1);
	const present = stream.frames[0]!.id!;
	expect(stream.frames[0]!.event).toBe('reset');
	await commit(ctx);
	await stream.until(2);
	expect(stream.frames[1]).toMatchObject({ event: 'message', id: present + 1 });
	await stream.end();
});

test('a scope keeps events back without leaving a gap', async () => {
	const ctx = await organization({ categories: ['kitchen'] });
	const stream = await reader(ctx, 0);
	await commit(ctx, 1, ['garden']);
	await commit(ctx, 1, ['garden', 'kitchen']);
	await stream.until(1);
	expect(stream.ids()).toEqual([2]);
	await stream.end();
});

test('nothing of another organization', async () => {
	const [mine, theirs] = [await organization(), await organization()];
	const stream = await reader(mine, 0);
	await commit(theirs, 3);
	await commit(mine);
	await stream.until(1);
	await sleep(50);
	expect(stream.frames).toHaveLength(1);
	expect((stream.frames[0]!.data as unknown as LiveEvent).position).toBe(1);
	await stream.end();
});

test('a reader that stops reading is dropped at 1 MB; the others go on', async () => {
	const ctx = await organization();
	const stop = new AbortController();
	const stuck = await openStream(ctx, 0, { signal: stop.signal });
	const stream = await reader(ctx, 0);
	const wide = ['x'.repeat(100_000)];
	for (let sent = 0; sent < 12; sent++) await commit(ctx, 1, wide);
	await stream.until(12);
	await expect(new Response(stuck.body).text()).rejects.toThrow('1 MB behind');
	expect(stream.ended()).toBe(false);
	await stream.end();
});

test('a revoked session ends its streams only', async () => {
	const ctx = await organization();
	const revoked = await reader(ctx, 0, 'old');
	const other = await reader(ctx, 0, 'new');
	closeStreams((owner) => owner.sessionId === 'old');
	await vi.waitFor(() => expect(revoked.ended()).toBe(true));
	expect(other.ended()).toBe(false);
	await other.end();
});

test('without the permission there is no stream', async () => {
	const ctx = { ...(await organization()), permissions: new Set<string>() };
	await expect(reader(ctx, 0)).rejects.toMatchObject({ status: 403 });
});
