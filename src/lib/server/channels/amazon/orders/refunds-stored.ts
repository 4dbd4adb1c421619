import type { Tx } from '../../../platform/db.ts';
import type { RefundInput } from './canonical.ts';

interface Place {
	organizationId: string;
	connectionId: string;
}

/** A refund and the order it belongs to. */
export interface ToldRefund {
	orderExternalId: string;
	refund: RefundInput;
}

/** Keeps refunds by their id; the same one told again replaces itself. */
export async function storeRefunds(
	{ sql }: Tx,
	{ organizationId, connectionId }: Place,
	told: readonly ToldRefund[]
): Promise<void> {
	if (told.length === 0) return;
	const newest = new Map(told.map((one) => [`${one.orderExternalId} ${one.refund.externalId}`, one]));
	const rows = [...newest.values()].map(({ orderExternalId, refund }) => ({
		order_external_id: orderExternalId,
		external_id: refund.externalId,
		refund
	}));
	await sql`
		insert into channel_refunds as r (organization_id, connection_id, order_external_id, external_id, refund)
		select ${organizationId}, ${connectionId}, order_external_id, external_id, refund
		from json_to_recordset(${JSON.stringify(rows)}::text::json) as w (order_external_id text, external_id text, refund jsonb)
		on conflict (connection_id, order_external_id, external_id) do update set refund = excluded.refund, read_at = now() where r.refund <> excluded.refund`;
}

/** The refunds of orders, oldest first. */
export async function loadRefunds(
	{ sql }: Tx,
	{ organizationId, connectionId }: Place,
	orderExternalIds: readonly string[]
): Promise<Map<string, RefundInput[]>> {
	const rows = await sql<{ orderExternalId: string; refund: RefundInput }[]>`
		select order_external_id, refund from channel_refunds
		where organization_id = ${organizationId} and connection_id = ${connectionId} and order_external_id = any(${[...orderExternalIds]}::text[])
		order by order_external_id, refund->>'refundedAt', external_id`;
	const byOrder = new Map<string, RefundInput[]>();
	for (const { orderExternalId, refund } of rows)
		byOrder.set(orderExternalId, [...(byOrder.get(orderExternalId) ?? []), refund]);
	return byOrder;
}
