import { upsertListings } from '../../catalog/index.ts';
import { upsertCustomers } from '../../customers/index.ts';
import { audit, require } from '../../identity/index.ts';
import { recordStock } from '../../inventory/index.ts';
import { record, type PendingEvent } from '../../live/index.ts';
import { recordOrders } from '../../orders/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization, type Tx } from '../../platform/db.ts';
import { isConnectionError, NotFound, Unavailable } from '../../platform/errors.ts';
import { parseGraphqlOrder } from '../shopify/parse-order.ts';
import { readCustomer } from '../shopify/parse-order-graphql.ts';
import { parseGraphqlProduct } from '../shopify/parse-product.ts';
import { parseGraphqlLevels } from '../shopify/parse-stock.ts';
import { object } from '../shopify/read.ts';
import { channelCustomer } from '../sync/customers-plan.ts';
import { channelListing } from '../sync/listing.ts';
import { messageOf, missing, Unparsable } from '../unparsable.ts';
import { uuidOr404 } from '../views.ts';
import { applyRead } from './commit.ts';
import { readDelivery, type Delivery } from './delivery.ts';

/** Most dead letters tried again in one request. */
const MOST = 500;

/**
 * Tries dead letters again, one or all of a connection, oldest first; each in a transaction of its own. What fails again stays,
 * with the new reason.
 * @throws NotFound when there is none, Forbidden
 */
export async function replayDeadLetters(
	ctx: Ctx,
	which: { id: string } | { connectionId: string }
): Promise<{ replayed: number; failed: number }> {
	require(ctx, 'channels.manage');
	const organizationId = ctx.organization.id;
	const rows = await inOrganization(
		organizationId,
		({ sql }) => sql<{ id: string }[]>`
		select id from inbox where organization_id = ${organizationId} and status = 'dead'
			and ${'id' in which ? sql`id = ${uuidOr404(which.id)}` : sql`connection_id = ${uuidOr404(which.connectionId)}`}
		order by received_at limit ${MOST}`
	);
	if (rows.length === 0) throw new NotFound('This message');
	let replayed = 0;
	for (const { id } of rows) if (await replay(ctx, id)) replayed++;
	return { replayed, failed: rows.length - replayed };
}

/** Gives up dead letters for good. @throws NotFound when there is none, Forbidden */
export async function discardDeadLetter(ctx: Ctx, id: string): Promise<void> {
	require(ctx, 'channels.manage');
	await inOrganization(ctx.organization.id, async (tx) => {
		const [gone] = await tx.sql<{ connectionId: string; topic: string }[]>`
			update inbox set status = 'ignored' where organization_id = ${ctx.organization.id} and id = ${uuidOr404(id)} and status = 'dead' returning connection_id, topic`;
		if (!gone) throw new NotFound('This message');
		await audit(
			tx,
			ctx,
			'dead_letter.discarded',
			{ kind: 'connection', id: gone.connectionId },
			{ topic: gone.topic }
		);
	});
}

async function replay(ctx: Ctx, id: string): Promise<boolean> {
	const organizationId = ctx.organization.id;
	try {
		return await record(organizationId, async (tx) => {
			const [row] = await tx.sql<(Delivery & { id: string })[]>`
				select i.connection_id, i.organization_id, i.delivery_id, i.topic, i.body, null as triggered_at, o.time_zone, c.currency
				from inbox i join connections c on c.id = i.connection_id and c.organization_id = i.organization_id join organizations o on o.id = i.organization_id
				where i.organization_id = ${organizationId} and i.id = ${id} and i.status = 'dead' for update of i`;
			if (!row) return { result: false, events: [] };
			const events = await applyAgain(tx, row);
			await tx.sql`update inbox set status = 'processed', error = null, attempts = attempts + 1 where organization_id = ${organizationId} and id = ${id}`;
			await audit(
				tx,
				ctx,
				'dead_letter.replayed',
				{ kind: 'connection', id: row.connectionId },
				{ topic: row.topic }
			);
			return { result: true, events };
		});
	} catch (error) {
		if (error instanceof Unavailable || isConnectionError(error)) throw error;
		await inOrganization(
			organizationId,
			({ sql }) => sql`
			update inbox set error = ${messageOf(error)}, attempts = attempts + 1 where organization_id = ${organizationId} and id = ${id} and status = 'dead'`
		);
		return false;
	}
}

function applyAgain(tx: Tx, delivery: Delivery): Promise<PendingEvent[]> {
	if (!delivery.topic.startsWith('sync/'))
		return applyRead(tx, [{ delivery, effect: readDelivery(delivery.topic, delivery.body), error: null }]);
	return applySynced(tx, delivery);
}

/** A node that a sync set aside; its topic names the resource. */
async function applySynced(
	tx: Tx,
	{ topic, body, organizationId, connectionId, timeZone, currency }: Delivery
): Promise<PendingEvent[]> {
	const node = object(JSON.parse(body.toString('utf8'))) ?? missing('The payload');
	const scope = { organizationId, connectionId };
	switch (topic) {
		case 'sync/orders':
			return (
				await recordOrders(tx, [
					{ ...scope, channel: 'shopify', timeZone, order: parseGraphqlOrder(node, 'poll') }
				])
			).events;
		case 'sync/products':
			return (
				await upsertListings(
					tx,
					scope,
					parseGraphqlProduct(node).map((listing) => channelListing(listing, currency))
				)
			).events;
		case 'sync/stock':
			return (await recordStock(tx, scope, parseGraphqlLevels(node))).events;
		case 'sync/customers': {
			await upsertCustomers(tx, [
				channelCustomer(
					{ organizationId, id: connectionId },
					readCustomer(node) ?? missing('The customer’s id')
				)
			]);
			return [];
		}
		default:
			throw new Unparsable(`Nothing can be done with ${topic}.`);
	}
}
