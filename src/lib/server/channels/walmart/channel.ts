import { upsertListings } from '../../catalog/index.ts';
import { recordTransactions } from '../../finances/index.ts';
import { recordStock } from '../../inventory/index.ts';
import { recordOrders } from '../../orders/index.ts';
import type { Channel } from '../channel.ts';
import { Unparsable } from '../unparsable.ts';
import { walmartClient, type WalmartClient } from './client.ts';
import { discoverSeller } from './discover.ts';
import { orderById } from './listing.ts';
import { parseItem } from './parse-item.ts';
import { parseWalmartOrder } from './parse-order.ts';
import { parseSettledRow } from './parse-settlement.ts';
import { parseInventory, parseWfsInventory } from './parse-stock.ts';
import { readWalmartHint } from './receive.ts';
import { attachReturns } from './returns-book.ts';
import { subscriptionUri } from './subscriptions.ts';
import { reconcile } from './sync/reconcile.ts';
import { backfill, catalogRun, incrementalRun, stockRun } from './sync/runs.ts';
import { financesRun } from './sync/finances-run.ts';

/** Walmart Marketplace: one seller per connection, keys of the Developer Portal, polling with notifications as hints. */
export const walmartChannel: Channel<WalmartClient> = {
	name: 'walmart',
	label: 'Walmart',
	every: { incremental: 15, stock: 30, catalog: 360, finances: 720, backfill: 5 },
	open: walmartClient,
	discover: discoverSeller,
	runs: {
		backfill,
		incremental: incrementalRun,
		stock: stockRun,
		catalog: catalogRun,
		finances: financesRun,
		reconcile
	},
	async fetchOrders(client, externalIds) {
		const nodes = (await Promise.all(externalIds.map((id) => orderById(client, id)))).filter(
			(node) => node !== null
		);
		await attachReturns(client, nodes);
		return nodes.map((node) => parseWalmartOrder(node, 'poll'));
	},
	async reapply(tx, { organizationId, connectionId, timeZone }, resource, node) {
		const scope = { organizationId, connectionId };
		const place = { ...scope, channel: 'walmart' as const, timeZone };
		switch (resource) {
			case 'orders':
				return (await recordOrders(tx, [{ ...place, order: parseWalmartOrder(node, 'poll') }])).events;
			case 'products':
				return (await upsertListings(tx, scope, [parseItem(node)])).events;
			case 'stock':
				return (await recordStock(tx, scope, node.shipNodes ? parseWfsInventory(node) : parseInventory(node)))
					.events;
			case 'transactions': {
				const transaction = parseSettledRow(node, '', new Map());
				return transaction ? (await recordTransactions(tx, [{ ...place, transaction }])).events : [];
			}
			default:
				throw new Unparsable(`Nothing can be done with ${resource}.`);
		}
	},
	readHint: readWalmartHint,
	hearsAtOnce: (connection) => subscriptionUri({ id: '', organizationId: '', ...connection }) !== null
};
