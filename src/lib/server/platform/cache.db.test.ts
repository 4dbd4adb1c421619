import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { del, get, remember, set } from './cache.ts';
import { newId } from './ids.ts';
import { RateLimited } from './errors.ts';
import { addressKey, rateLimit } from './rate-limit.ts';
import { closeRedis, redis } from './redis.ts';
import { settings, useRunning } from './running.ts';

const SERVER = '/usr/bin/redis-server';
let server: ChildProcess | null = null;

function useRedis(url: string | undefined): void {
	useRunning({
		settings: { ...settings(), REDIS_URL: url },
		secretKey: 'a test key of more than thirty-two characters'
	});
}

async function freePort(): Promise<number> {
	const probe = net.createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const { port } = probe.address() as net.AddressInfo;
	probe.close();
	return port;
}

async function startRedis(port: number): Promise<void> {
	server = spawn(
		SERVER,
		['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
		{ stdio: 'ignore' }
	);
	useRedis(`redis://127.0.0.1:${port}`);
	await vi.waitFor(async () => expect(await redis()!.ping()).toBe('PONG'), { timeout: 10_000 });
}

async function killRedis(): Promise<void> {
	if (!server) return;
	const ended = once(server, 'exit');
	server.kill('SIGKILL');
	await ended;
	server = null;
}

afterEach(async () => {
	await closeRedis();
	await killRedis();
	useRedis(undefined);
});

test('a value is kept for its time, and forgotten when deleted', async () => {
	const key = newId();
	await set(key, 0.05, { a: '1.00' });
	expect(await get(key)).toEqual({ a: '1.00' });
	await sleep(80);
	expect(await get(key)).toBeUndefined();
	await set(key, 60, 1);
	await del(key);
	expect(await get(key)).toBeUndefined();
});

test('many callers at once make a value once; one that fails is not kept', async () => {
	const key = newId();
	const make = vi.fn(async () => {
		await sleep(20);
		return 'made';
	});
	const answers = await Promise.all(Array.from({ length: 20 }, () => remember(key, 60, make)));
	expect(new Set(answers)).toEqual(new Set(['made']));
	expect(make).toHaveBeenCalledTimes(1);
	const failing = newId();
	await expect(remember(failing, 60, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
	expect(await remember(failing, 60, async () => 'second')).toBe('second');
});

test('a value deleted while it is being made is not kept', async () => {
	const key = newId();
	const making = remember(key, 60, async () => {
		await sleep(30);
		return 'old';
	});
	await sleep(5);
	await del(key);
	expect(await making).toBe('old');
	expect(await get(key)).toBeUndefined();
});

test.skipIf(!existsSync(SERVER))(
	'Redis is shared; when it is killed the process goes on alone, and nothing stale returns with it',
	async () => {
		const port = await freePort();
		await startRedis(port);
		const key = newId();
		await set(key, 60, 'shared');
		expect(await redis()!.get(`cache:${key}`)).toBe('"shared"');

		server!.kill('SIGSTOP'); // it answers nothing, as when a network is cut; its data stays
		await del(key);
		expect(await get(key)).toBeUndefined();
		const make = vi.fn(async () => 'alone');
		expect(await remember(key, 60, make)).toBe('alone');
		expect(await remember(key, 60, make)).toBe('alone');
		expect(make).toHaveBeenCalledTimes(1);
		server!.kill('SIGCONT');
		await vi.waitFor(async () => expect(await redis()!.ping()).toBe('PONG'), { timeout: 10_000 });
		expect(await get(key)).not.toBe('shared');

		await killRedis();
		const before = performance.now();
		expect(await remember(newId(), 60, async () => 'still works')).toBe('still works');
		expect(performance.now() - before).toBeLessThan(1500);
		await startRedis(port);
		const next = newId();
		await set(next, 60, 'back');
		expect(await redis()!.get(`cache:${next}`)).toBe('"back"');
	},
	30_000
);

test.skipIf(!existsSync(SERVER))(
	'limits count in Redis, and alone while it is down',
	async () => {
		const port = await freePort();
		await startRedis(port);
		const one = rateLimit({ name: 'test', tries: 3, seconds: 60 });
		const other = rateLimit({ name: 'test', tries: 3, seconds: 60 }); // as another process would
		const key = newId();
		await one.take(key);
		await other.take(key);
		await one.take(key);
		const refusal = await other.take(key).catch((error: unknown) => error);
		expect(refusal).toBeInstanceOf(RateLimited);
		expect((refusal as RateLimited).retryAfter).toBeGreaterThan(50);
		await one.reset(key);
		await other.take(key);
		await killRedis();
		const fresh = newId();
		for (let tries = 0; tries < 3; tries++) await one.take(fresh);
		await expect(one.take(fresh)).rejects.toThrow(RateLimited);
	},
	30_000
);

test.each([
	['203.0.113.9', '203.0.113.9'],
	['::ffff:203.0.113.9', '203.0.113.9'],
	['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
	['2001:db8::1', '2001:db8:0:0'],
	['2001:0db8:0000:0000:ffff::1', '2001:db8:0:0'],
	['::1', '0:0:0:0']
])('one customer of a network counts once: %s', (address, key) => {
	expect(addressKey(address)).toBe(key);
});
