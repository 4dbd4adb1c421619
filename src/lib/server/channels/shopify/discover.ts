import type { Discovered } from '../channel.ts';
import { loopGuard } from '../sync/loop-guard.ts';
import type { ShopifyClient } from './client.ts';
import { ChannelError } from '../error.ts';
import { missingScope } from './errors.ts';
import { nodesOf } from './parse-order-graphql.ts';
import { COUNTS, LOCATIONS, SHOP } from './queries.ts';
import { object, requiredId, requiredText, text, type Json } from './read.ts';

export interface ShopLocation {
	externalId: string;
	name: string;
	country: string | null;
	isActive: boolean;
}

const NEEDED = ['read_orders', 'read_products', 'read_inventory', 'read_locations', 'read_customers'];

/**
 * Asks the shop who it is, and checks that the credentials open this very shop with all the rights we need.
 * @throws ChannelError that names the wrong credential or the missing scope
 */
export async function discoverShop(client: ShopifyClient): Promise<Discovered> {
	const data = await client.ask(SHOP);
	const shop = object(data.shop) ?? {};
	const domain = requiredText(shop.myshopifyDomain, 'The shop’s domain');
	if (domain !== client.shop) {
		throw new ChannelError(
			'credentials',
			`These credentials belong to ${domain}, not to ${client.shop}. Enter that address, or the credentials of ${client.shop}.`,
			'shop'
		);
	}
	const installation = object(data.currentAppInstallation);
	const scopes = (Array.isArray(installation?.accessScopes) ? installation.accessScopes : [])
		.map((one) => text(object(one)?.handle))
		.filter((one) => one !== null);
	const lacking = NEEDED.find(
		(scope) => !scopes.includes(scope) && !scopes.includes(scope.replace('read_', 'write_'))
	);
	if (lacking) throw missingScope(lacking);
	return {
		name: requiredText(shop.name, 'The shop’s name'),
		currency: requiredText(shop.currencyCode, 'The shop’s currency'),
		timeZone: text(shop.ianaTimezone) ?? 'UTC',
		facts: {
			domain,
			plan: text(object(shop.plan)?.publicDisplayName),
			scopes,
			/** Without it Shopify shows the last 60 days only. */
			allOrders: scopes.includes('read_all_orders')
		}
	};
}

/** All places of the shop, closed ones too. */
export async function listLocations(client: ShopifyClient): Promise<ShopLocation[]> {
	const found: ShopLocation[] = [];
	for await (const node of allPages(client, LOCATIONS, 'locations', { first: 100 })) {
		found.push({
			externalId: requiredId(node.id, 'A location’s id'),
			name: text(node.name) ?? 'Location',
			country: text(object(node.address)?.countryCode),
			isActive: node.isActive !== false
		});
	}
	return found;
}

/** How much there is to read, for the estimate of the first sync; null where the shop does not say. */
export async function countAll(
	client: ShopifyClient
): Promise<{ orders: number | null; products: number | null; customers: number | null }> {
	const data = await client.ask(COUNTS);
	const count = (value: unknown) => {
		const told = object(value)?.count;
		return typeof told === 'number' ? told : null;
	};
	return {
		orders: count(data.ordersCount),
		products: count(data.productVariantsCount),
		customers: count(data.customersCount)
	};
}

/**
 * Every node of a root connection, page after page.
 * @throws ChannelError when the paging loops: the same cursor twice, or an empty page that promises more, again and again
 */
export async function* allPages(
	client: ShopifyClient,
	query: string,
	field: string,
	variables: Record<string, unknown>
): AsyncGenerator<Json> {
	for await (const page of pages(client, query, field, variables)) yield* page.nodes;
}

/** One page after the other, for callers that write page by page. */
export async function* pages(
	client: ShopifyClient,
	query: string,
	field: string,
	variables: Record<string, unknown>
): AsyncGenerator<{ nodes: Json[]; cursor: string | null }> {
	const guard = loopGuard('Shopify', field);
	let after = text(variables.after);
	let first = Number(variables.first);
	for (;;) {
		let data: Json;
		try {
			data = await client.ask(query, { ...variables, first, after }, { cost: 200 });
		} catch (error) {
			if (!tooDear(error) || first <= 1) throw error;
			first = Math.max(1, Math.floor(first / 2));
			continue;
		}
		const connection = object(data[field]) ?? {};
		const info = object(connection.pageInfo) ?? {};
		const nodes = nodesOf(connection, `The page of ${field}`);
		after = info.hasNextPage === true ? guard(text(info.endCursor), nodes.length) : null;
		yield { nodes, cursor: after };
		if (after === null) return;
	}
}

/** True for a query whose cost is above what one query may ask for: the caller takes a smaller page. */
export function tooDear(error: unknown): boolean {
	return error instanceof ChannelError && error.message.startsWith('MAX_COST_EXCEEDED');
}
