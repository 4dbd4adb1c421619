import { findListings, type LineOffer, type ResolvedListing } from '../catalog/index.ts';
import { findCustomers, type ChannelCustomer, type StoredCustomers } from '../customers/index.ts';
import type { Tx } from '../platform/db.ts';
import type { OrderEntry } from './record-types.ts';
import { lockHeads, type StoredHead } from './stored.ts';

/** What the database knows of a batch before anything of it is written. */
export interface Stored {
	/** By `headKey`; locked until the commit. */
	heads: ReadonlyMap<string, StoredHead>;
	customers: StoredCustomers;
	listings: ReadonlyMap<string, ResolvedListing>;
}

export function headKey(order: { connectionId: string; externalId: string }): string {
	return `${order.connectionId} ${order.externalId}`;
}

/**
 * Locks the orders that are stored and finds their customers and listings: three statements in one trip. `recordOrders` does this
 * by itself; a caller that has to ask something else first lets both travel together.
 */
export async function findStored(tx: Tx, entries: readonly OrderEntry[]): Promise<Stored> {
	const [heads, customers, listings] = await Promise.all([
		lockHeads(tx, entries),
		findCustomers(tx, entries.flatMap(customerOf)),
		findListings(tx, entries.flatMap(offersOf))
	]);
	return { heads: new Map(heads.map((head) => [headKey(head), head])), customers, listings };
}

/** The buyer, where the order names one. */
export function customerOf({ organizationId, connectionId, order }: OrderEntry): ChannelCustomer[] {
	return order.customer ? [{ organizationId, connectionId, ...order.customer }] : [];
}

/** What was sold, line by line. */
export function offersOf({ organizationId, connectionId, order }: OrderEntry): LineOffer[] {
	return order.lines.map((line) => ({
		organizationId,
		connectionId,
		listingExternalId: line.listingExternalId,
		groupExternalId: line.groupExternalId,
		sku: line.sku,
		title: line.title,
		variantTitle: line.variantTitle,
		vendor: line.vendor,
		category: line.category
	}));
}
