import { Redis } from 'ioredis';
import { database } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { log } from '../platform/log.ts';
import { wake, watchedOrganizations } from './feed.ts';
import { subscribeAll } from './hub.ts';

const CHANNEL = 'tidemark_live';
/** Wake-ups of one organization within this time become one. */
const COALESCE_MS = 20;

/** Carries short messages to the other processes of this installation. */
interface Transport {
	send(message: string): Promise<unknown>;
	close(): Promise<unknown>;
}

/**
 * Wakes the streams of other processes when this one recorded something, and the other way round: one coalesced message per
 * organization, never one per event; the receiver reads the outbox. Redis where there is one, else PostgreSQL's NOTIFY, sent
 * after the commit. A process with embedded PostgreSQL is alone and needs no bridge. Without the bridge streams still hear of
 * everything, at the next beat (15 s).
 */
export async function startBridge(
	settings: { REDIS_URL?: string | undefined; DATABASE_URL?: string | undefined },
	onWake?: (organizationId: string) => void
): Promise<{ stop(): Promise<void> }> {
	if (!settings.REDIS_URL && !settings.DATABASE_URL) return { stop: async () => {} };
	const self = newId();
	const receive = (message: string) => {
		const [sender, ...organizationIds] = message.split(' ');
		if (sender === self) return;
		for (const id of organizationIds) {
			void wake(id);
			onWake?.(id);
		}
	};
	const transport = settings.REDIS_URL
		? await overRedis(settings.REDIS_URL, receive)
		: await overPostgres(receive);
	const changed = new Set<string>();
	let timer: NodeJS.Timeout | undefined;
	const flush = () => {
		timer = undefined;
		const message = [self, ...changed].join(' ');
		changed.clear();
		transport
			.send(message)
			.catch((error: unknown) =>
				log.warn({ err: error }, 'other processes were not woken; they look by themselves')
			);
	};
	const unsubscribe = subscribeAll(({ organizationId }) => {
		changed.add(organizationId);
		// a NOTIFY carries at most 8,000 bytes: 200 ids of 36 and their spaces
		if (changed.size >= 200) {
			clearTimeout(timer);
			flush();
		} else {
			timer ??= setTimeout(flush, COALESCE_MS);
		}
	});
	return {
		stop: async () => {
			unsubscribe();
			clearTimeout(timer);
			await transport.close();
		}
	};
}

/** After a lost connection everything watched is looked at once, since messages in between are gone. */
const lookAtAll = () => {
	for (const id of watchedOrganizations()) void wake(id);
};

async function overRedis(url: string, receive: (message: string) => void): Promise<Transport> {
	const options = {
		lazyConnect: true,
		maxRetriesPerRequest: 1,
		retryStrategy: (tries: number) => Math.min(tries * 100, 2000)
	};
	const sender = new Redis(url, { ...options, enableOfflineQueue: false });
	const receiver = new Redis(url, options);
	for (const client of [sender, receiver]) {
		let away = false; // said once, not at each try
		client.on('error', (error: Error) => {
			if (!away) log.warn({ err: error }, 'Redis is away; the live bridge waits for it');
			away = true;
		});
		client.on('ready', () => (away = false));
	}
	receiver.on('message', (_channel: string, message: string) => receive(message));
	receiver.on('ready', () => void receiver.subscribe(CHANNEL).then(lookAtAll, () => {}));
	// ioredis keeps trying; correctness does not depend on it
	await Promise.all([sender.connect(), receiver.connect()]).catch(() => {});
	return {
		send: (message) => sender.publish(CHANNEL, message),
		close: async () => [sender, receiver].forEach((client) => client.disconnect())
	};
}

async function overPostgres(receive: (message: string) => void): Promise<Transport> {
	const { listener = database().system } = database();
	const listening = await listener.listen(CHANNEL, receive, lookAtAll);
	return { send: (message) => database().system.notify(CHANNEL, message), close: () => listening.unlisten() };
}
