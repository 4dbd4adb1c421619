import { record } from '../../../live/index.ts';
import { recordOrders } from '../../../orders/index.ts';
import { inOrganization } from '../../../platform/db.ts';
import { log } from '../../../platform/log.ts';
import type { RunContext } from '../../channel.ts';
import { loadCursor, moveCursor } from '../../sync/cursors.ts';
import type { WalmartClient } from '../client.ts';
import { orderById } from '../listing.ts';
import { parseWalmartOrder } from '../parse-order.ts';
import { attachReturns } from '../returns-book.ts';

const NAME = 'orders:missing';
/** An order that is not shown in so many runs is given up; it was deleted at Walmart. */
const MOST_TRIES = 12;

/** Keeps ids of orders that Walmart had but could not give, before the page without them counts as read. */
export async function rememberMissing({ connection }: RunContext, ids: readonly string[]): Promise<void> {
	await inOrganization(connection.organizationId, async (tx) => {
		const tries = await load(tx, connection);
		for (const id of ids) tries[id] ??= 0;
		await moveCursor(tx, connection, NAME, { syncedTo: null, state: { tries } });
	});
}

/** Reads what earlier runs could not; answers how many orders are still missing. */
export async function readMissing(context: RunContext<WalmartClient>): Promise<number> {
	const { connection, client, timeZone } = context;
	const tries = await inOrganization(connection.organizationId, (tx) => load(tx, connection));
	const ids = Object.keys(tries);
	for (const id of ids) {
		context.assertWanted();
		const node = await orderById(client, id);
		if (node) await attachReturns(client, [node]);
		await record(connection.organizationId, async (tx) => {
			const now = await load(tx, connection);
			if (node || (now[id] ?? 0) + 1 >= MOST_TRIES) delete now[id];
			else now[id] = (now[id] ?? 0) + 1;
			await moveCursor(tx, connection, NAME, { syncedTo: null, state: { tries: now } });
			if (!node) return { result: undefined, events: [] };
			const scope = { organizationId: connection.organizationId, connectionId: connection.id };
			const order = parseWalmartOrder(node, 'poll');
			const { events } = await recordOrders(tx, [{ ...scope, channel: connection.channel, timeZone, order }]);
			return { result: undefined, events };
		});
		if (!node && (tries[id] ?? 0) + 1 >= MOST_TRIES)
			log.warn(
				{ connectionId: connection.id, order: id },
				'an order that Walmart could not give is given up'
			);
		if (node) context.progress.add('orders', { done: 1, written: 1 });
	}
	return ids.length;
}

async function load(
	tx: Parameters<typeof loadCursor>[0],
	connection: { organizationId: string; id: string }
): Promise<Record<string, number>> {
	const { state } = await loadCursor(tx, connection, NAME);
	return { ...(state.tries as Record<string, number> | undefined) };
}
