import { markDeleted, upsertListings } from '../../catalog/index.ts';
import { upsertCustomers, type MovedCustomer } from '../../customers/index.ts';
import { recordStock } from '../../inventory/index.ts';
import type { PendingEvent } from '../../live/index.ts';
import { buyersChanged } from '../../orders/index.ts';
import type { Tx } from '../../platform/db.ts';
import { setStatus } from '../connection-rows.ts';
import { keepPrivacySecret, storeRequests } from '../privacy/request.ts';
import { channelCustomer } from '../shopify/sync/customers-plan.ts';
import { channelListing } from '../shopify/sync/listing.ts';
import { connectionEvent } from '../sync/runs.ts';
import { inThousands } from '../sync/write.ts';
import { forgetAccounts } from './accounts.ts';
import type { Delivery, Effect } from './delivery.ts';
import type { ReadDelivery } from './inbox.ts';

/** Applies everything but orders, each kind with set-based statements. */
export async function applyOthers(tx: Tx, items: readonly ReadDelivery[]): Promise<PendingEvent[]> {
	const events: PendingEvent[] = [];
	await noteArrival(tx, items);
	for (const [scope, some] of byConnection(ofKind(items, 'listings'))) {
		const listings = some.flatMap(({ delivery, effect }) =>
			effect.listings.map((listing) => channelListing(listing, delivery.currency))
		);
		events.push(...(await inThousands(listings, (part) => upsertListings(tx, scope, part))).events);
	}
	for (const [scope, some] of byConnection(ofKind(items, 'delisted'))) {
		const groups = some.map(({ delivery, effect }) => ({
			externalId: effect.groupExternalId,
			at: delivery.triggeredAt ?? new Date().toISOString()
		}));
		events.push(...(await markDeleted(tx, scope, groups)));
	}
	await storeRequests(tx, ofKind(items, 'privacy'));
	const customers = ofKind(items, 'customer').map(({ delivery, effect }) =>
		channelCustomer(connectionOf(delivery), effect.customer)
	);
	if (customers.length > 0) {
		const moved: MovedCustomer[] = [];
		await upsertCustomers(tx, customers, { moved });
		events.push(...(await buyersChanged(tx, moved)));
	}
	for (const [scope, some] of byConnection(ofKind(items, 'stock'))) {
		events.push(
			...(
				await recordStock(
					tx,
					scope,
					some.map(({ effect }) => effect.level)
				)
			).events
		);
	}
	for (const { delivery, effect } of items)
		if (effect) events.push(...(await applyRare(tx, delivery, effect)));
	return events;
}

/** What concerns the connection itself: rare, so one at a time. */
async function applyRare(tx: Tx, delivery: Delivery, effect: Effect): Promise<PendingEvent[]> {
	const { organizationId, connectionId } = delivery;
	if (effect.kind === 'uninstalled') {
		await keepPrivacySecret(tx, connectionOf(delivery));
		await tx.sql`update connections set credentials = null where organization_id = ${organizationId} and id = ${connectionId}`;
		await setStatus(
			tx,
			connectionOf(delivery),
			'needs_reauthorization',
			'The app was uninstalled at Shopify. Install it again and connect the shop; its data is kept.'
		);
		await tx.sql`
			update sync_runs set status = 'cancelled', finished_at = now(), error = 'The app was uninstalled at Shopify.'
			where organization_id = ${organizationId} and connection_id = ${connectionId} and status in ('queued', 'running')`;
		forgetAccounts();
		return [await connectionEvent(tx, organizationId, connectionId)];
	}
	if (effect.kind === 'shop') {
		await tx.sql`
			update connections set name = coalesce(${effect.name}, name), currency = coalesce(${effect.currency}, currency), time_zone = coalesce(${effect.timeZone}, time_zone)
			where organization_id = ${organizationId} and id = ${connectionId}`;
	}
	return [];
}

const NOTE_EVERY_MS = 5_000;
const noted = new Map<string, number>();

/** Remembers when a connection last heard from its shop, at most every five seconds: one row would else be written by every commit. */
async function noteArrival({ sql }: Tx, items: readonly ReadDelivery[]): Promise<void> {
	const now = Date.now();
	const due = [...new Set(items.map(({ delivery }) => delivery.connectionId))]
		.filter((id) => (noted.get(id) ?? 0) + NOTE_EVERY_MS < now)
		.sort();
	if (due.length === 0) return;
	await sql`update connections set last_webhook_at = now() where id = any(${due}::uuid[])`;
	for (const id of due) noted.set(id, now);
}

function ofKind<K extends Effect['kind']>(
	items: readonly ReadDelivery[],
	kind: K
): { delivery: Delivery; effect: Extract<Effect, { kind: K }> }[] {
	const isKind = (effect: Effect | null): effect is Extract<Effect, { kind: K }> => effect?.kind === kind;
	return items.flatMap(({ delivery, effect }) => (isKind(effect) ? [{ delivery, effect }] : []));
}

/** In one order for every process, so that two commits do not wait for each other in a circle. */
function byConnection<Item extends { delivery: Delivery }>(
	items: readonly Item[]
): [{ organizationId: string; connectionId: string }, Item[]][] {
	return [...Map.groupBy(items, ({ delivery }) => delivery.connectionId)]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([connectionId, some]) => [
			{ organizationId: some[0]!.delivery.organizationId, connectionId },
			some
		]);
}

function connectionOf(delivery: Delivery): { organizationId: string; id: string } {
	return { organizationId: delivery.organizationId, id: delivery.connectionId };
}
