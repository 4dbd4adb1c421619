import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { database, inOrganization } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { asSystem } from '../platform/system.ts';
import { startBridge } from './bridge.ts';
import { openFeed } from './feed.ts';
import { appendToOutbox, type PendingEvent } from './outbox.ts';
import { record } from './record.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'tidemark-redis-'));
const socket = path.join(dir, 'redis.sock');
const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
let server: ReturnType<typeof spawn> | undefined;

beforeAll(async () => {
	if (!hasRedis) return;
	server = spawn(
		'redis-server',
		['--port', '47391', '--bind', '127.0.0.1', '--unixsocket', socket, '--save', '', '--dir', dir],
		{ stdio: 'ignore' }
	);
	const probe = new Redis(47391, '127.0.0.1', { retryStrategy: () => 50, maxRetriesPerRequest: null });
	probe.on('error', () => {});
	await probe.ping();
	probe.disconnect();
});
afterAll(() => {
	server?.kill();
	rmSync(dir, { recursive: true, force: true });
});

const event = (organizationId: string): PendingEvent => ({
	organizationId,
	subjectId: null,
	kind: 'rates',
	dimensions: { channel: null, categories: [], locations: [], country: null }
});

/** What another process does: its commits and its messages, past this process' hub. */
interface Peer {
	settings: { REDIS_URL?: string; DATABASE_URL?: string };
	send(message: string): Promise<unknown>;
	listen(listener: (message: string) => void): Promise<() => unknown>;
}

const overRedis = async (): Promise<Peer> => {
	const [sender, receiver] = [new Redis(47391, '127.0.0.1'), new Redis(47391, '127.0.0.1')];
	return {
		settings: { REDIS_URL: 'redis://127.0.0.1:47391' },
		send: (message) => sender.publish('tidemark_live', message),
		listen: async (listener) => {
			receiver.on('message', (_channel, message) => listener(message));
			await receiver.subscribe('tidemark_live');
			return () => [sender, receiver].forEach((client) => client.disconnect());
		}
	};
};
const overNotify = async (): Promise<Peer> => ({
	settings: { DATABASE_URL: 'postgres://set' },
	send: (message) => database().system.notify('tidemark_live', message),
	listen: async (listener) => {
		const listening = await database().system.listen('tidemark_live', listener);
		return () => listening.unlisten();
	}
});

describe.each([
	['Redis', overRedis],
	['NOTIFY', overNotify]
] as const)('%s', (name, peerOf) => {
	test.skipIf(name === 'Redis' && !hasRedis)(
		'one coalesced message wakes the streams of another process',
		async () => {
			const id = newId();
			await asSystem(
				'operator: queues and health',
				(tx) => tx.sql`insert into organizations (id, slug, name) values (${id}, ${id}, 'Test')`
			);
			const peer = await peerOf();
			const bridge = await startBridge(peer.settings);
			const heard: string[] = [];
			const leave = await peer.listen((message) => heard.push(message));
			const { feed, release } = await openFeed(id);
			const seen: number[] = [];
			feed.listen((events) => seen.push(...events.map((each) => each.position)));

			await Promise.all([1, 2, 3].map(() => record(id, async () => ({ result: null, events: [event(id)] }))));
			await vi.waitFor(() => expect(heard.some((message) => message.includes(id))).toBe(true));
			expect(heard.filter((message) => message.includes(id)).length).toBeLessThanOrEqual(2);

			await inOrganization(id, (tx) => appendToOutbox(tx, [event(id)])); // elsewhere
			await peer.send(`another-process ${id}`);
			await vi.waitFor(() => expect(seen).toEqual([1, 2, 3, 4]));
			release();
			await leave();
			await bridge.stop();
		}
	);
});

test('a process that is alone needs no bridge', async () => {
	await (await startBridge({})).stop();
});
