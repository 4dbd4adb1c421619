import { record, type PendingEvent } from '../../live/index.ts';
import { recordOrders, type OrderEntry } from '../../orders/index.ts';
import type { Tx } from '../../platform/db.ts';
import { isConnectionError, Unavailable } from '../../platform/errors.ts';
import { log } from '../../platform/log.ts';
import { metrics } from '../../platform/metrics.ts';
import { messageOf } from '../unparsable.ts';
import { applyOthers } from './apply.ts';
import { readDelivery, type Delivery } from './delivery.ts';
import { insertInbox, type ReadDelivery } from './inbox.ts';

/** duplicate: it was here before and had its effect then. dead: kept, waits for a person. */
export type Outcome = 'processed' | 'duplicate' | 'ignored' | 'dead';

/**
 * Commits deliveries of any organizations together: inbox, orders, stock and all else with set-based statements, in one
 * transaction. When PostgreSQL refuses something, each delivery goes alone behind a savepoint, so that the one that is at fault
 * becomes a dead letter and nothing else does.
 * @throws Unavailable when PostgreSQL cannot be reached; then nothing was written
 */
export async function commitRead(items: readonly ReadDelivery[]): Promise<Outcome[]> {
	const organizationIds = [...new Set(items.map(({ delivery }) => delivery.organizationId))];
	metrics.webhookCommitSize.observe(items.length);
	let fresh: Set<ReadDelivery>;
	try {
		fresh = await record(organizationIds, async (tx) => {
			const inserted = await insertInbox(tx, items);
			return {
				result: inserted,
				events: await applyRead(
					tx,
					items.filter((item) => inserted.has(item))
				)
			};
		});
	} catch (error) {
		if (error instanceof Unavailable || isConnectionError(error)) throw error;
		log.warn({ err: error, size: items.length }, 'a group of webhooks was refused; each is tried alone');
		fresh = await record(organizationIds, (tx) => oneByOne(tx, items));
	}
	return items.map((item) => outcomeOf(item, fresh));
}

/** Reads deliveries and commits them together; see `commitRead`. */
export function commitDeliveries(deliveries: readonly Delivery[]): Promise<Outcome[]> {
	return commitRead(deliveries.map(readSafely));
}

/** Reads a delivery; why it could not be read stands beside it, and it becomes a dead letter. */
export function readSafely(delivery: Delivery): ReadDelivery {
	try {
		return { delivery, effect: readDelivery(delivery.topic, delivery.body), error: null };
	} catch (error) {
		return { delivery, effect: null, error: messageOf(error) };
	}
}

async function oneByOne(
	tx: Tx,
	items: readonly ReadDelivery[]
): Promise<{ result: Set<ReadDelivery>; events: PendingEvent[] }> {
	const fresh = new Set<ReadDelivery>();
	const events: PendingEvent[] = [];
	for (const item of items) {
		try {
			await tx.sql.savepoint(async (sql) => {
				const inner = { sql: sql as Tx['sql'], orm: tx.orm };
				const inserted = await insertInbox(inner, [item]);
				const own = await applyRead(inner, [...inserted]);
				for (const one of inserted) fresh.add(one);
				events.push(...own);
			});
		} catch (error) {
			if (isConnectionError(error)) throw error;
			log.error(
				{ err: error, topic: item.delivery.topic, connectionId: item.delivery.connectionId },
				'a webhook could not be applied; it is kept as a dead letter'
			);
			item.effect = null;
			item.error = messageOf(error);
			for (const one of await insertInbox(tx, [item])) fresh.add(one);
		}
	}
	return { result: fresh, events };
}

/** Applies deliveries that were read: orders of all organizations together, and everything else. */
export async function applyRead(tx: Tx, items: readonly ReadDelivery[]): Promise<PendingEvent[]> {
	const entries: OrderEntry[] = [];
	for (const { delivery, effect } of items) {
		if (effect?.kind === 'order')
			entries.push({
				organizationId: delivery.organizationId,
				connectionId: delivery.connectionId,
				channel: 'shopify',
				timeZone: delivery.timeZone,
				order: effect.order
			});
	}
	const events = await applyOthers(tx, items);
	if (entries.length > 0) events.push(...(await recordOrders(tx, entries)).events);
	return events;
}

function outcomeOf(item: ReadDelivery, fresh: ReadonlySet<ReadDelivery>): Outcome {
	if (!fresh.has(item)) return 'duplicate';
	if (item.error !== null) return 'dead';
	return item.effect?.kind === 'ignored' ? 'ignored' : 'processed';
}
