import type { Redis } from 'ioredis';
import { log } from './log.ts';
import { redis } from './redis.ts';

/*
 * A cache of JSON values. In Redis when REDIS_URL is set, so that all processes share it; else, and while Redis is down, in this
 * process. It may forget at any time. While Redis is down a deleted value may live on in another process until its time is
 * up: keys of what must never be stale carry a position or revision.
 */
const KEPT = 5000;
const PREFIX = 'cache:';

interface Entry {
	value: unknown;
	/** Milliseconds since the epoch. */
	endsAt: number;
}

interface Held {
	/** In order of use: the first is the one to forget. */
	entries: Map<string, Entry>;
	making: Map<string, Promise<unknown>>;
	/** Deleted while Redis was down: its copies must not come back with it. */
	undeleted: Set<string>;
}

const holder = globalThis as unknown as { tidemarkCache?: Held };
const held = (holder.tidemarkCache ??= { entries: new Map(), making: new Map(), undeleted: new Set() });

/** The value kept under `key`, or undefined. Treat it as frozen: others get the same one. */
export async function get<T>(key: string): Promise<T | undefined> {
	const client = shared();
	if (!client) return local<T>(key);
	if (held.undeleted.has(key) && !(await flushDeletes())) return local<T>(key);
	try {
		const text = await client.get(PREFIX + key);
		return text === null ? undefined : (JSON.parse(text) as T);
	} catch {
		return local<T>(key);
	}
}

/** Keeps a JSON value for at most `ttlSeconds`. */
export async function set(key: string, ttlSeconds: number, value: unknown): Promise<void> {
	const client = shared();
	if (client) {
		try {
			await client.set(PREFIX + key, JSON.stringify(value), 'PX', Math.ceil(ttlSeconds * 1000));
			held.undeleted.delete(key);
			held.entries.delete(key);
			return;
		} catch {
			held.undeleted.add(key); // an older copy may be in Redis
		}
	}
	held.entries.delete(key);
	held.entries.set(key, { value, endsAt: Date.now() + ttlSeconds * 1000 });
	for (const oldest of held.entries.keys()) {
		if (held.entries.size <= KEPT) break;
		held.entries.delete(oldest);
	}
}

/** Forgets a value, here and in Redis; when Redis is down, as soon as it is back. */
export async function del(key: string): Promise<void> {
	held.entries.delete(key);
	held.making.delete(key); // who makes it now may have read what was true before
	if (!shared()) return;
	held.undeleted.add(key);
	await flushDeletes();
}

/** Forgets what this process keeps by itself, so that a bench measures what comes without it. */
export function forgetAll(): void {
	held.entries.clear();
}

/**
 * The value under `key`, made and kept when it is not there. Several callers at once wait for one `make`.
 * A `make` that throws keeps nothing.
 */
export async function remember<T>(key: string, ttlSeconds: number, make: () => Promise<T>): Promise<T> {
	const running = held.making.get(key);
	if (running) return running as Promise<T>;
	const current = () => held.making.get(key) === own; // false once somebody deleted the key meanwhile
	const own: Promise<T> = keepOrMake(key, ttlSeconds, make, current);
	held.making.set(key, own);
	try {
		return await own;
	} finally {
		if (current()) held.making.delete(key);
	}
}

async function keepOrMake<T>(
	key: string,
	ttlSeconds: number,
	make: () => Promise<T>,
	current: () => boolean
): Promise<T> {
	const kept = await get<T>(key);
	if (kept !== undefined) return kept;
	const value = await make();
	if (current()) await set(key, ttlSeconds, value);
	return value;
}

const watched = new WeakSet<Redis>();

function shared(): Redis | null {
	const client = redis();
	if (client && !watched.has(client)) {
		watched.add(client);
		client.on('ready', () => void flushDeletes());
	}
	return client;
}

function local<T>(key: string): T | undefined {
	const entry = held.entries.get(key);
	if (!entry) return undefined;
	held.entries.delete(key);
	if (entry.endsAt <= Date.now()) return undefined;
	held.entries.set(key, entry);
	return entry.value as T;
}

/** Deletes in Redis what could not be deleted before; false while it is down. */
async function flushDeletes(): Promise<boolean> {
	const keys = [...held.undeleted];
	if (keys.length === 0) return true;
	try {
		await redis()?.unlink(...keys.map((key) => PREFIX + key));
		for (const key of keys) held.undeleted.delete(key);
		return true;
	} catch (error) {
		log.debug({ err: error }, 'Redis did not take deletes; they wait');
		return false;
	}
}
