import { recordOrders, type ChannelOrder } from '../../../orders/index.ts';
import type { Tx } from '../../../platform/db.ts';
import type { Written } from '../../sync/write.ts';
import { withRefunds } from './canonical.ts';
import { loadRefunds } from './refunds-stored.ts';

export interface OrderPlace {
	organizationId: string;
	connectionId: string;
	/** The organization's, IANA. */
	timeZone: string;
}

/** Writes orders together with the refunds that transactions told of them. */
export async function writeOrders(
	tx: Tx,
	{ organizationId, connectionId, timeZone }: OrderPlace,
	orders: readonly ChannelOrder[],
	locked?: () => void
): Promise<Written> {
	const whole = await joinRefunds(tx, { organizationId, connectionId }, orders);
	const { outcomes, events } = await recordOrders(
		tx,
		whole.map((order) => ({ organizationId, connectionId, channel: 'amazon' as const, timeZone, order })),
		{ locked }
	);
	const written = outcomes.filter(({ outcome }) => outcome === 'created' || outcome === 'updated').length;
	return { written, unchanged: outcomes.length - written, events };
}

/**
 * Orders with the refunds that are stored for them. Their rows are locked first: whoever writes a refund of one of them at the same
 * time comes before or after, so that neither writes the order without it.
 */
export async function joinRefunds(
	tx: Tx,
	place: { organizationId: string; connectionId: string },
	orders: readonly ChannelOrder[]
): Promise<ChannelOrder[]> {
	const ids = orders.map(({ externalId }) => externalId);
	await tx.sql`
		select 1 from orders where organization_id = ${place.organizationId} and connection_id = ${place.connectionId} and external_id = any(${ids}::text[])
		order by external_id for update`;
	const refunds = await loadRefunds(tx, place, ids);
	return orders.map((order) => withRefunds(order, refunds.get(order.externalId) ?? []));
}
