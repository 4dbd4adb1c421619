import type { PrivacyRequestView } from '#lib/contracts/channel-views.ts';
import { customerRecord } from '../../customers/index.ts';
import { audit, require } from '../../identity/index.ts';
import { buyerOrders } from '../../orders/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization } from '../../platform/db.ts';
import { NotFound } from '../../platform/errors.ts';
import { isAllowed } from '../views/allowed.ts';
import { uuidOr404 } from '../views.ts';

/** What the shop asked about its buyers, newest first. @throws Forbidden */
export async function listPrivacyRequests(ctx: Ctx, connectionId: string): Promise<PrivacyRequestView[]> {
	require(ctx, 'channels.read');
	const rows = await inOrganization(
		ctx.organization.id,
		(tx) => tx.sql<
			(Omit<PrivacyRequestView, 'receivedAt' | 'doneAt'> & { receivedAt: Date; doneAt: Date | null })[]
		>`
		select p.id, p.kind, p.customer_external_id as customer, p.received_at, p.done_at
		from privacy_requests p join connections c on c.id = p.connection_id and c.organization_id = p.organization_id
		where p.organization_id = ${ctx.organization.id} and p.connection_id = ${uuidOr404(connectionId)} and ${isAllowed(tx, ctx, 'c.channel')}
		order by p.received_at desc limit 100`
	);
	return rows.map((row) => ({
		...row,
		receivedAt: row.receivedAt.toISOString(),
		doneAt: row.doneAt?.toISOString() ?? null
	}));
}

/**
 * Everything stored about the buyer of a request for data, for the shop's owner to hand on.
 * @throws NotFound, Forbidden without the right to see payloads
 */
export async function exportPrivacyRequest(ctx: Ctx, id: string): Promise<Record<string, unknown>> {
	require(ctx, 'channels.manage');
	require(ctx, 'orders.payload');
	const organizationId = ctx.organization.id;
	return inOrganization(organizationId, async (tx) => {
		const [request] = await tx.sql<
			{ connectionId: string; customerExternalId: string; orderExternalIds: string[]; receivedAt: Date }[]
		>`
			select connection_id, customer_external_id, order_external_ids, received_at from privacy_requests
			where organization_id = ${organizationId} and id = ${uuidOr404(id)} and kind = 'data_request'`;
		if (!request) throw new NotFound('This request');
		const place = { organizationId, connectionId: request.connectionId };
		const customer = await customerRecord(tx, place, request.customerExternalId);
		const orders = await buyerOrders(tx, place, {
			customerIds: customer ? [customer.id] : [],
			externalIds: request.orderExternalIds
		});
		await audit(tx, ctx, 'privacy_request.exported', { kind: 'privacy_request', id });
		return { requestedAt: request.receivedAt.toISOString(), customer, orders };
	});
}

/** Notes that a request for data was answered. @throws NotFound when it is not open, Forbidden */
export async function answerPrivacyRequest(ctx: Ctx, id: string): Promise<void> {
	require(ctx, 'channels.manage');
	await inOrganization(ctx.organization.id, async (tx) => {
		const done = await tx.sql`
			update privacy_requests set done_at = now()
			where organization_id = ${ctx.organization.id} and id = ${uuidOr404(id)} and kind = 'data_request' and done_at is null`;
		if (done.count === 0) throw new NotFound('This request');
		await audit(tx, ctx, 'privacy_request.answered', { kind: 'privacy_request', id });
	});
}
