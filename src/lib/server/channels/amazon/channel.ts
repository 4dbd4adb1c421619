import { upsertListings } from '../../catalog/index.ts';
import { recordTransactions } from '../../finances/index.ts';
import type { ChannelOrder } from '../../orders/index.ts';
import type { Channel } from '../channel.ts';
import { object } from '../json.ts';
import { Unparsable } from '../unparsable.ts';
import { amazonClient, type AmazonClient } from './client.ts';
import { discoverSeller } from './discover.ts';
import { listenAmazon, readOrderChange } from './notifications.ts';
import { storeRefunds } from './orders/refunds-stored.ts';
import { joinRefunds, writeOrders } from './orders/write-orders.ts';
import { queueOf } from './queues.ts';
import { readListing } from './sync/catalog.ts';
import { INCLUDED, parseOrder } from './sync/orders.ts';
import { backfill, catalog, finances, incremental, reconcile, stock } from './sync/runs.ts';
import { readTransaction } from './transactions.ts';

/** Amazon: one seller in one region per connection, Selling Partner API, reports for the history, notifications by queue. */
export const amazonChannel: Channel<AmazonClient> = {
	name: 'amazon',
	label: 'Amazon',
	every: { incremental: 15, stock: 30, catalog: 360, finances: 60, backfill: 5 },
	open: amazonClient,
	discover: discoverSeller,
	hearsAtOnce: (connection) => queueOf(connection.baseUrl) !== null,
	runs: { backfill, incremental, stock, catalog, finances, reconcile },
	readHint: (_topic, body) => readOrderChange(body.toString('utf8'))?.orderId ?? null,
	listen: (signal) => listenAmazon(signal),
	async fetchOrders(client, externalIds) {
		const found: ChannelOrder[] = [];
		for (const orderId of externalIds) {
			const answer = await client.call(
				'getOrder',
				{ path: { orderId }, query: { includedData: INCLUDED } },
				{ absent: true }
			);
			const order = object(answer?.order);
			if (order) found.push(parseOrder(order, 'poll'));
		}
		return found;
	},
	join: joinRefunds,
	async reapply(tx, { organizationId, connectionId, timeZone, currency }, resource, node) {
		const scope = { organizationId, connectionId };
		switch (resource) {
			case 'orders':
				return (await writeOrders(tx, { ...scope, timeZone }, [parseOrder(node, 'poll', currency)])).events;
			case 'products':
				return (await upsertListings(tx, scope, [readListing(node)])).events;
			case 'transactions': {
				const { refundedOrderNode, ...transaction } = node;
				const { movements, refund } = readTransaction(transaction);
				if (refund) await storeRefunds(tx, scope, [refund]);
				const order = object(refundedOrderNode);
				const joined = order
					? await writeOrders(tx, { ...scope, timeZone }, [parseOrder(order, 'poll')])
					: null;
				const recorded = await recordTransactions(
					tx,
					movements.map((one) => ({ ...scope, channel: 'amazon' as const, timeZone, transaction: one }))
				);
				return [...(joined?.events ?? []), ...recorded.events];
			}
			default:
				throw new Unparsable(`Nothing can be done with ${resource}.`);
		}
	}
};
