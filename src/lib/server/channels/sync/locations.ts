import { upsertLocations } from '../../inventory/index.ts';
import { record } from '../../live/index.ts';
import type { Tx } from '../../platform/db.ts';
import type { ShopLocation } from '../shopify/discover.ts';
import type { RunContext } from './run-context.ts';

/** Writes the shop's places; `last` runs in the same transaction. */
export async function writeLocations(
	context: RunContext,
	locations: readonly ShopLocation[],
	last: (tx: Tx) => Promise<void>
): Promise<void> {
	const { connection } = context;
	await record(connection.organizationId, async (tx) => {
		await upsertLocations(
			tx,
			{ organizationId: connection.organizationId, connectionId: connection.id },
			locations
		);
		await last(tx);
		return { result: undefined, events: [] };
	});
	context.progress.add('locations', { done: locations.length });
}
