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

/** Puts deliveries into the inbox with one statement; answers those that were not there yet. */
export async function insertInbox({ sql }: Tx, items: readonly ReadDelivery[]): Promise<Set<ReadDelivery>> {
	// sorted, so that two processes that get the same deliveries do not wait for each other in a circle
	const sorted = [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
	const ids = sorted.map(() => newId());
	const of = <T>(pick: (item: ReadDelivery) => T) => sorted.map(pick);
	const made = await sql<{ id: string }[]>`
		insert into inbox (id, organization_id, connection_id, delivery_id, topic, body, triggered_at, status, error)
		select id, organization_id, connection_id, delivery_id, topic, decode(body, 'base64'), triggered_at, status, error
		from unnest(${ids}::uuid[], ${of((i) => i.delivery.organizationId)}::uuid[], ${of((i) => i.delivery.connectionId)}::uuid[],
			${of((i) => i.delivery.deliveryId)}::text[], ${of((i) => i.delivery.topic)}::text[], ${of((i) => i.delivery.body.toString('base64'))}::text[],
			${of((i) => i.delivery.triggeredAt)}::timestamptz[], ${of(statusOf)}::text[], ${of((i) => i.error)}::text[])
			as r (id, organization_id, connection_id, delivery_id, topic, body, triggered_at, status, error)
		on conflict (connection_id, delivery_id) do nothing returning id`;
	const fresh = new Set(made.map((row) => row.id));
	return new Set(sorted.filter((_, index) => fresh.has(ids[index]!)));
}

function key({ delivery }: ReadDelivery): string {
	return `${delivery.connectionId} ${delivery.deliveryId}`;
}
