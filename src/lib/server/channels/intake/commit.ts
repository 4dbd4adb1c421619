import { record, type PendingEvent } from '../../live/index.ts';
import { findStored, recordOrders, type OrderEntry } from '../../orders/index.ts';
import type { Ahead, Tx } from '../../platform/db.ts';
import { isConnectionError, Unavailable } from '../../platform/errors.ts';
import { log } from '../../platform/log.ts';
import { metrics } from '../../platform/metrics.ts';
import { messageOf } from '../unparsable.ts';
import { applyOthers } from './apply.ts';
import { readDelivery, type Delivery, type Effect } from './delivery.ts';
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
		fresh = await record(organizationIds, (tx, ahead) => allAtOnce(tx, items, ahead));
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

/** Two trips for orders: what is stored is asked for along with the inbox, and everything is written along with the commit. */
async function allAtOnce(
	tx: Tx,
	items: readonly ReadDelivery[],
	ahead: Ahead
): Promise<{ result: Set<ReadDelivery>; events: PendingEvent[] }> {
	const inserting = insertInbox(tx, items);
	// what else is applied may make the very customers and listings that were asked for
	const onlyOrders = items.every(({ effect }) => effect === null || ORDERS_ONLY.has(effect.kind));
	const finding = onlyOrders ? findStored(tx, items.flatMap(orderEntry)) : undefined;
	const [inserted, stored] = await Promise.all([inserting, finding]);
	const events = await applyRead(
		tx,
		items.filter((item) => inserted.has(item)),
		stored && { stored, ahead }
	);
	return { result: inserted, events };
}

const ORDERS_ONLY: ReadonlySet<Effect['kind']> = new Set(['order', 'ignored', 'fetch-order']);

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
export async function applyRead(
	tx: Tx,
	items: readonly ReadDelivery[],
	given: Parameters<typeof recordOrders>[2] = {}
): Promise<PendingEvent[]> {
	const entries = items.flatMap(orderEntry);
	const events = await applyOthers(tx, items);
	if (entries.length > 0) events.push(...(await recordOrders(tx, entries, given)).events);
	return events;
}

function orderEntry({ delivery, effect }: ReadDelivery): OrderEntry[] {
	if (effect?.kind !== 'order') return [];
	const { organizationId, connectionId, timeZone } = delivery;
	return [{ organizationId, connectionId, channel: 'shopify', timeZone, order: effect.order }];
}

function outcomeOf(item: ReadDelivery, fresh: ReadonlySet<ReadDelivery>): Outcome {
	if (!fresh.has(item)) return 'duplicate';
	if (item.error !== null) return 'dead';
	return item.effect?.kind === 'ignored' ? 'ignored' : 'processed';
}
