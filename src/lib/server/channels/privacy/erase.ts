import { customerRecord, eraseCustomers } from '../../customers/index.ts';
import { audit } from '../../identity/index.ts';
import { eraseCities, record, type PendingEvent } from '../../live/index.ts';
import { buyersChanged, eraseBuyers } from '../../orders/index.ts';
import type { Tx } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import { setStatus } from '../connection-rows.ts';
import { forgetAccounts } from '../intake/accounts.ts';
import { connectionEvent } from '../sync/runs.ts';
import type { PrivacyRequest } from './request.ts';

interface Place {
	organizationId: string;
	connectionId: string;
}

/** How many orders were cleared of their buyers, and whose. */
interface Erased {
	orders: number;
	customerIds: string[];
}

/** Does all open erasures of a connection, with their audit rows, in one transaction. Figures stay, buyers go. */
export async function eraseAsked(place: Place): Promise<void> {
	const { organizationId, connectionId } = place;
	await record(organizationId, async (tx) => {
		const requests = await tx.sql<(PrivacyRequest & { id: string })[]>`
			select id, kind, customer_external_id, order_external_ids from privacy_requests
			where organization_id = ${organizationId} and connection_id = ${connectionId} and done_at is null and kind <> 'data_request'
			order by received_at for update`;
		const events: PendingEvent[] = [];
		for (const request of requests) {
			const { orders, customerIds } =
				request.kind === 'shop_redact' ? await eraseShop(tx, place) : await eraseCustomer(tx, place, request);
			// without their address they are joined with nobody: analytics must forget who was one person
			const moved = customerIds.map((customerId) => ({ organizationId, customerId }));
			events.push(...(await buyersChanged(tx, moved)));
			await tx.sql`update privacy_requests set done_at = now() where organization_id = ${organizationId} and id = ${request.id}`;
			const actor = { kind: 'channel', connectionId } as const;
			await audit(
				tx,
				{ actor, organization: { id: organizationId }, requestId: newId() },
				request.kind === 'shop_redact' ? 'shop.erased' : 'customer.erased',
				{ kind: 'connection', id: connectionId },
				{ orders }
			);
		}
		if (requests.length > 0) events.push(await connectionEvent(tx, organizationId, connectionId));
		return { result: undefined, events };
	});
	forgetAccounts();
}

async function eraseCustomer(
	tx: Tx,
	place: Place,
	{ customerExternalId, orderExternalIds }: PrivacyRequest
): Promise<Erased> {
	const known = customerExternalId === null ? null : await customerRecord(tx, place, customerExternalId);
	const customerIds =
		customerExternalId === null ? [] : await eraseCustomers(tx, place, [customerExternalId]);
	const { count, externalIds } = await eraseBuyers(tx, place, { customerIds, externalIds: orderExternalIds });
	await eraseCities(tx, place, externalIds);
	await eraseBodies(
		tx,
		place,
		[customerExternalId ?? '', ...orderExternalIds, ...externalIds],
		known?.email as string | null
	);
	return { orders: count, customerIds };
}

async function eraseShop(tx: Tx, place: Place): Promise<Erased> {
	const { sql } = tx;
	const { organizationId, connectionId } = place;
	const customerIds = await eraseCustomers(tx, place, 'all');
	const { count } = await eraseBuyers(tx, place, 'all');
	await eraseCities(tx, place, 'all');
	await sql`
		update inbox set body = ${ERASED}, status = case when status = 'dead' then 'ignored' else status end
		where organization_id = ${organizationId} and connection_id = ${connectionId}`;
	await sql`
		update sync_runs set status = 'cancelled', finished_at = now(), error = 'The shop’s data was erased.'
		where organization_id = ${organizationId} and connection_id = ${connectionId} and status in ('queued', 'running')`;
	await sql`
		update connections set credentials = null, privacy_secret = null, facts = '{}' where organization_id = ${organizationId} and id = ${connectionId}`;
	await setStatus(
		tx,
		{ organizationId, id: connectionId },
		'disconnected',
		'Shopify asked for the erasure of this shop. Its buyers’ data is erased; figures stay.'
	);
	return { orders: count, customerIds };
}

const ERASED = Buffer.from('{"erased":true}');

/** Empties kept messages that name one of these ids as a value, or the address. A dead letter among them is given up. */
async function eraseBodies(
	{ sql }: Tx,
	{ organizationId, connectionId }: Place,
	ids: readonly string[],
	email: string | null
): Promise<void> {
	const plain = [...new Set(ids)].filter((id) => /^[\w-]{1,60}$/.test(id));
	const named = `[:/\\[,]\\s*"?(${plain.join('|') || '-'})["},\\]\\s]`;
	await sql`
		update inbox set body = ${ERASED}, status = case when status = 'dead' then 'ignored' else status end
		where organization_id = ${organizationId} and connection_id = ${connectionId} and topic !~ '^(products|inventory_levels|shop|app)/'
			and (encode(body, 'escape') ~ ${named} or position(lower(${email ?? ''}::text) in lower(encode(body, 'escape'))) > ${email ? 0 : 2147483647}::int)`;
}
