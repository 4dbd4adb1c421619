import { upsertListings } from '../../catalog/index.ts';
import { upsertCustomers, type MovedCustomer } from '../../customers/index.ts';
import { recordTransactions } from '../../finances/index.ts';
import { recordStock } from '../../inventory/index.ts';
import { buyersChanged, recordOrders } from '../../orders/index.ts';
import type { Channel } from '../channel.ts';
import { webhookUri } from '../config.ts';
import { missing, Unparsable } from '../unparsable.ts';
import { shopifyClient, type ShopifyClient } from './client.ts';
import { completeOrders } from './complete-orders.ts';
import { discoverShop } from './discover.ts';
import { readCustomer } from './parse-order-graphql.ts';
import { parseGraphqlOrder } from './parse-order.ts';
import { parseGraphqlProduct } from './parse-product.ts';
import { parseGraphqlLevels } from './parse-stock.ts';
import { ORDERS_BY_ID } from './queries.ts';
import { objects } from './read.ts';
import { keepingSecret } from './replacing.ts';
import { channelCustomer } from './sync/customers-plan.ts';
import { channelListing } from './sync/listing.ts';
import { financesRun } from './sync/finances.ts';
import { parseBalanceTransaction, parsePayout } from './parse-transaction.ts';
import { backfill, catalogRun, incrementalRun, nightlyRun, stockRun } from './sync/runs.ts';
import { shopifyOnly } from './token.ts';

/** Shopify: one shop per connection, GraphQL Admin API, bulk operations for the first sync, webhooks. */
export const shopifyChannel: Channel<ShopifyClient> = {
	name: 'shopify',
	label: 'Shopify',
	every: { incremental: 15, stock: 30, catalog: 360, finances: 360, backfill: 5 },
	open: ({ externalId, credentials, ...account }, { signal } = {}) =>
		shopifyClient({
			...account,
			shop: externalId,
			credentials: shopifyOnly(credentials),
			...(signal && { signal })
		}),
	discover: discoverShop,
	runs: {
		backfill,
		incremental: incrementalRun,
		stock: stockRun,
		catalog: catalogRun,
		finances: financesRun,
		reconcile: nightlyRun
	},
	hearsAtOnce: (connection) => webhookUri(connection) !== null,
	replacing: keepingSecret,
	async fetchOrders(client, externalIds) {
		const ids = externalIds.map((id) => `gid://shopify/Order/${id}`);
		const data = await client.ask(ORDERS_BY_ID, { ids, lines: 50 }, { cost: 800 });
		const nodes = objects((data.nodes as unknown[]).filter(Boolean), 'The orders');
		await completeOrders(client, nodes);
		return nodes.map((node) => parseGraphqlOrder(node, 'poll'));
	},
	async reapply(tx, { organizationId, connectionId, timeZone, currency }, resource, node) {
		const scope = { organizationId, connectionId };
		switch (resource) {
			case 'orders':
				return (
					await recordOrders(tx, [
						{ ...scope, channel: 'shopify', timeZone, order: parseGraphqlOrder(node, 'poll') }
					])
				).events;
			case 'products': {
				const listings = parseGraphqlProduct(node).map((one) => channelListing(one, currency));
				return (await upsertListings(tx, scope, listings)).events;
			}
			case 'stock':
				return (await recordStock(tx, scope, parseGraphqlLevels(node))).events;
			case 'customers': {
				const customer = readCustomer(node) ?? missing('The customer’s id');
				const moved: MovedCustomer[] = [];
				await upsertCustomers(tx, [channelCustomer({ organizationId, id: connectionId }, customer)], {
					moved
				});
				return buyersChanged(tx, moved);
			}
			case 'transactions': {
				const transaction = 'issuedAt' in node ? parsePayout(node) : parseBalanceTransaction(node);
				if (!transaction) return [];
				return (await recordTransactions(tx, [{ ...scope, channel: 'shopify', timeZone, transaction }]))
					.events;
			}
			default:
				throw new Unparsable(`Nothing can be done with ${resource}.`);
		}
	}
};
