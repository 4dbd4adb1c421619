import type { Tx } from '../platform/db.ts';
import type { OrderEntry, Recorded } from './record-types.ts';

/**
 * Records orders, at most 1,000 a call, of one or several organizations, with a fixed number of statements.
 * Use inside `live.record`, and append the answered events.
 */
export async function recordOrders(_tx: Tx, entries: readonly OrderEntry[]): Promise<Recorded> {
	throw new Error(`recording ${entries.length} orders is not there yet`);
}
