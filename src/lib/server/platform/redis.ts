import { Redis } from 'ioredis';
import { log } from './log.ts';
import { settings } from './running.ts';

const held = globalThis as unknown as { tidemarkRedis?: { url: string; client: Redis } };

/**
 * The process' Redis connection, or null without REDIS_URL. Commands fail at once while it is down: every user of it has
 * an answer of its own for that case.
 */
export function redis(): Redis | null {
	const url = settings().REDIS_URL;
	if (!url) return null;
	if (held.tidemarkRedis?.url === url) return held.tidemarkRedis.client;
	held.tidemarkRedis?.client.disconnect();
	const client = new Redis(url, {
		enableOfflineQueue: false,
		maxRetriesPerRequest: 0,
		connectTimeout: 2000,
		commandTimeout: 1000,
		retryStrategy: (attempt) => Math.min(attempt * 200, 5000)
	});
	let down = false;
	client.on('error', (error) => {
		if (!down) log.warn({ err: error }, 'Redis is not reachable; this process works alone until it is back');
		down = true;
	});
	client.on('ready', () => {
		if (down) log.info('Redis is back');
		down = false;
	});
	held.tidemarkRedis = { url, client };
	return client;
}

/** Ends the connection. */
export async function closeRedis(): Promise<void> {
	held.tidemarkRedis?.client.disconnect();
	delete held.tidemarkRedis;
}
