import { log } from '../../platform/log.ts';
import { assertNoUserErrors, type ShopifyClient } from './client.ts';
import { allPages } from './discover.ts';
import { ChannelError } from '../error.ts';
import { WEBHOOK_CREATE, WEBHOOK_DELETE, WEBHOOKS_PAGE } from './queries.ts';
import { requiredText, text } from './read.ts';

/** What we want to hear of at once. The privacy topics are set in the app's configuration, not here. */
const TOPICS = [
	'ORDERS_CREATE',
	'ORDERS_UPDATED',
	'ORDERS_EDITED',
	'ORDERS_CANCELLED',
	'ORDERS_PAID',
	'ORDERS_FULFILLED',
	'REFUNDS_CREATE',
	'PRODUCTS_CREATE',
	'PRODUCTS_UPDATE',
	'PRODUCTS_DELETE',
	'INVENTORY_LEVELS_UPDATE',
	'CUSTOMERS_CREATE',
	'CUSTOMERS_UPDATE',
	'APP_UNINSTALLED',
	'SHOP_UPDATE'
];

/**
 * Makes the subscriptions that are missing (Shopify deletes one after eight failed deliveries) and removes those that point to an
 * earlier address of ours. Answers how many it made.
 */
export async function ensureWebhooks(client: ShopifyClient, uri: string): Promise<{ created: number }> {
	const missing = new Set(TOPICS);
	for await (const node of allPages(client, WEBHOOKS_PAGE, 'webhookSubscriptions', { first: 100 })) {
		const topic = requiredText(node.topic, 'A subscription’s topic');
		if (text(node.uri) === uri) missing.delete(topic);
		else if (text(node.uri)?.endsWith('/webhooks/shopify')) await client.ask(WEBHOOK_DELETE, { id: node.id });
	}
	let created = 0;
	for (const topic of missing) {
		const data = await client.ask(WEBHOOK_CREATE, { topic, webhookSubscription: { uri, format: 'JSON' } });
		try {
			assertNoUserErrors(data.webhookSubscriptionCreate, `the webhook ${topic}`);
			created++;
		} catch (error) {
			// another run made it meanwhile
			if (!(error instanceof ChannelError) || !/already been taken/i.test(error.message)) throw error;
		}
	}
	if (created > 0) log.info({ shop: client.shop, created }, 'webhook subscriptions made');
	return { created };
}
