import { record } from '../../live/index.ts';
import { recordOrders } from '../../orders/index.ts';
import { inOrganization } from '../../platform/db.ts';
import { loadConnection } from '../connection-rows.ts';
import { openCredentials } from '../credentials.ts';
import { shopifyClient } from '../shopify/client.ts';
import { completeOrders } from '../shopify/complete-orders.ts';
import { parseGraphqlOrder } from '../shopify/parse-order.ts';
import { ORDERS_BY_ID } from '../shopify/queries.ts';
import { objects } from '../shopify/read.ts';

/** Reads single orders of a connection again and records them. Does nothing for a connection that is not in use. */
export async function fetchOrders(
	target: { organizationId: string; connectionId: string; externalIds: string[] },
	signal?: AbortSignal
): Promise<void> {
	const { connection, timeZone } = await inOrganization(target.organizationId, async (tx) => {
		const row = await loadConnection(tx, target.organizationId, target.connectionId);
		const [organization] = await tx.sql<
			{ timeZone: string }[]
		>`select time_zone from organizations where id = ${target.organizationId}`;
		return { connection: row, timeZone: organization?.timeZone ?? 'UTC' };
	});
	if (connection.credentials === null || !['connecting', 'healthy', 'degraded'].includes(connection.status))
		return;
	const client = shopifyClient({
		shop: connection.externalId,
		baseUrl: connection.baseUrl,
		credentials: openCredentials({ ...connection, credentials: connection.credentials }),
		row: { id: connection.id, organizationId: connection.organizationId },
		...(signal && { signal })
	});
	for (const externalId of target.externalIds) {
		const data = await client.ask(
			ORDERS_BY_ID,
			{ ids: [`gid://shopify/Order/${externalId}`], lines: 50 },
			{ cost: 800 }
		);
		const nodes = objects((data.nodes as unknown[]).filter(Boolean), 'The orders');
		await completeOrders(client, nodes);
		const orders = nodes.map((node) => parseGraphqlOrder(node, 'poll'));
		await record(connection.organizationId, async (tx) => {
			const { events } = await recordOrders(
				tx,
				orders.map((order) => ({
					organizationId: connection.organizationId,
					connectionId: connection.id,
					channel: connection.channel,
					timeZone,
					order
				}))
			);
			return { result: undefined, events };
		});
	}
}
