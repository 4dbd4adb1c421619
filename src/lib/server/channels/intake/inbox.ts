import { isUtf8 } from 'node:buffer';
import type { Tx } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { Delivery, Effect } from './delivery.ts';

/** A delivery with what was read from it, or why it could not be. */
export interface ReadDelivery {
	delivery: Delivery;
	effect: Effect | null;
	error: string | null;
}

export type InboxStatus = 'processed' | 'ignored' | 'dead';

export function statusOf({ effect, error }: ReadDelivery): InboxStatus {
	if (error !== null) return 'dead';
	return effect!.kind === 'ignored' ? 'ignored' : 'processed';
}

/** Between two bodies: split by the server from one text they cost half of what an array of texts costs. */
const SEPARATOR = '\x1e';

/**
 * Puts deliveries into the inbox with one statement; answers those that were not there yet. A connection that was deleted a moment
 * ago gets none: its last deliveries must not hold up those of others.
 */
export async function insertInbox({ sql }: Tx, items: readonly ReadDelivery[]): Promise<Set<ReadDelivery>> {
	// sorted, so that two processes that get the same deliveries do not wait for each other in a circle
	const sorted = [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
	const ids = sorted.map(() => newId());
	const of = <T>(pick: (item: ReadDelivery) => T) => sorted.map(pick);
	// JSON never holds the separator bare; bodies that do, or that are no text at all, travel in base64
	const plain = sorted.every(
		({ delivery: { body } }) => isUtf8(body) && !body.includes(0) && !body.includes(SEPARATOR)
	);
	const bodies = of(({ delivery: { body } }) => body.toString(plain ? 'utf8' : 'base64')).join(SEPARATOR);
	const made = await sql<{ id: string }[]>`
		insert into inbox (id, organization_id, connection_id, delivery_id, topic, body, triggered_at, status, error)
		select id, organization_id, connection_id, delivery_id, topic,
			${plain ? sql`convert_to(coalesce(body, ''), 'UTF8')` : sql`decode(coalesce(body, ''), 'base64')`}, triggered_at, status, error
		from rows from (unnest(${ids}::uuid[]), unnest(${of((i) => i.delivery.organizationId)}::uuid[]), unnest(${of((i) => i.delivery.connectionId)}::uuid[]),
			unnest(${of((i) => i.delivery.deliveryId)}::text[]), unnest(${of((i) => i.delivery.topic)}::text[]), string_to_table(${bodies}::text, ${SEPARATOR}::text),
			unnest(${of((i) => i.delivery.triggeredAt)}::timestamptz[]), unnest(${of(statusOf)}::text[]), unnest(${of((i) => i.error)}::text[]))
			as r (id, organization_id, connection_id, delivery_id, topic, body, triggered_at, status, error)
		where exists (select 1 from connections c where c.id = r.connection_id and c.organization_id = r.organization_id)
		on conflict (connection_id, delivery_id) do nothing returning id`;
	const fresh = new Set(made.map((row) => row.id));
	return new Set(sorted.filter((_, index) => fresh.has(ids[index]!)));
}

function key({ delivery }: ReadDelivery): string {
	return `${delivery.connectionId} ${delivery.deliveryId}`;
}
