import { record } from '../../live/index.ts';
import type { Tx } from '../../platform/db.ts';
import type { ShopLocation } from '../shopify/discover.ts';
import { upsertLocations } from './pending.ts';
import type { RunContext } from './run-context.ts';

/** Writes the shop's places; `last` runs in the same transaction. */
export async function writeLocations(context: RunContext, locations: readonly ShopLocation[], last: (tx: Tx) => Promise<void>): Promise<void> {
	const { connection } = context;
	const counts = await record(connection.organizationId, async (tx) => {
		const { events, ...result } = await upsertLocations(tx, locations.map((location) => ({ connection, location })));
		await last(tx);
		return { result, events };
	});
	context.progress.add('locations', { done: locations.length, ...counts });
}
