import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newId } from '../platform/ids.ts';
import { closeRedis, redis } from '../platform/redis.ts';
import { settings, useRunning } from '../platform/running.ts';
import { rateBucket, type RatePlan } from './rate-bucket.ts';

const SERVER = '/usr/bin/redis-server';

describe.skipIf(!existsSync(SERVER))(`limits through Redis (needs ${SERVER})`, () => {
	let server: ChildProcess;
	beforeAll(async () => {
		const probe = net.createServer().listen(0, '127.0.0.1');
		await once(probe, 'listening');
		const { port } = probe.address() as net.AddressInfo;
		probe.close();
		server = spawn(
			SERVER,
			['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
			{ stdio: 'ignore' }
		);
		useRunning({
			settings: { ...settings(), REDIS_URL: `redis://127.0.0.1:${port}` },
			secretKey: 'a test key of more than thirty-two characters'
		});
		await vi.waitFor(async () => expect(await redis()!.ping()).toBe('PONG'), { timeout: 10_000 });
	});
	afterAll(async () => {
		await closeRedis();
		server.kill();
	});
	const held = globalThis as unknown as { tidemarkRateBuckets: Map<string, unknown> };
	const plan = (rate: number, burst: number): RatePlan => ({ key: newId(), channel: 'Amazon', rate, burst });
	/** The bucket as another process has it: with nothing of its own. */
	const elsewhere = (given: RatePlan) => {
		held.tidemarkRateBuckets.delete(given.key);
		return rateBucket(given);
	};
	const timed = async (work: () => Promise<unknown>) => {
		const from = Date.now();
		await work();
		return Date.now() - from;
	};

	test('two processes share one bucket', async () => {
		const given = plan(4, 2);
		await rateBucket(given).take();
		await elsewhere(given).take();
		expect(await timed(() => elsewhere(given).take())).toBeGreaterThan(150);
	});

	test('what one process learnt of the rate, or was refused, holds for the other', async () => {
		const given = plan(0.01, 2);
		const one = rateBucket(given);
		await one.take();
		await one.adopt(50);
		expect(await timed(() => elsewhere(given).take())).toBeLessThan(100);
		await elsewhere(given).refused(400);
		expect(await timed(() => elsewhere(given).take())).toBeGreaterThan(300);
		expect(elsewhere(given).state().rate).toBe(0.01);
	});

	test('without Redis a process counts alone, and nothing stops', async () => {
		server.kill();
		await once(server, 'exit');
		const given = plan(10, 1);
		const bucket = rateBucket(given);
		await bucket.take();
		expect(await timed(() => bucket.take())).toBeGreaterThan(50);
	});
});
