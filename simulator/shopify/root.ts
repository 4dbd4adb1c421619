import { GraphQLError } from 'graphql';
import { isoUtc, zoneOffset } from '../world/time.ts';
import { cancelBulk, runBulkQuery, type BulkOperation, type BulkServices } from './bulk/operation.ts';
import { bulkView } from './bulk/view.ts';
import { Connection, type PageArgs } from './connection.ts';
import { gid, parseGid } from './ids.ts';
import type { Found } from './listings.ts';
import { answerShopifyql } from './shopifyql.ts';
import type { Tenant } from './tenant.ts';
import { CustomerView } from './views/customer.ts';
import { InventoryItemView, locationView } from './views/inventory.ts';
import { OrderView } from './views/order.ts';
import { paymentsAccount } from './views/payments.ts';
import { ProductView, VariantView } from './views/product.ts';
import { RefundView } from './views/refund.ts';
import {
	createSubscription,
	deleteSubscription,
	subscriptionView,
	updateSubscription,
	type Subscription,
	type SubscriptionInput
} from './webhooks/subscription.ts';

interface ListArgs extends PageArgs {
	query?: string | null;
	sortKey?: string;
}

interface CountArgs {
	query?: string | null;
	limit?: number | null;
}

export interface RootServices extends BulkServices {
	now: () => number;
	/** Search fields that were ignored, for `extensions.search`. */
	warn: (path: string, query: string, ignored: string[]) => void;
}

/** The root value of a request: one resolver per root field, over one shop. */
export function rootOf(tenant: Tenant, services: RootServices) {
	const { shop, listings } = tenant;
	const number = (id: string, kind: string): number => {
		const parsed = parseGid(id);
		if (!parsed) {
			throw new GraphQLError(`Invalid global id '${id}'`, {
				extensions: { code: 'argumentLiteralsIncompatible' }
			});
		}
		return parsed.kind === kind ? parsed.n : -1;
	};
	function list<Row extends { n: number }>(path: string, args: ListArgs, found: Found<Row>): Found<Row> {
		if (found.ignored.length > 0) services.warn(path, args.query ?? '', found.ignored);
		return found;
	}
	const orderOf = (id: string) => {
		const row = shop.orders[number(id, 'Order') - 1];
		return row ? new OrderView(shop, row) : null;
	};
	const customerOf = (id: string) => {
		const row = shop.customers[number(id, 'Customer') - 1];
		return row ? new CustomerView(shop, row) : null;
	};
	const productOf = (id: string) => {
		const row = shop.products[number(id, 'Product') - 1];
		return row ? new ProductView(shop, row) : null;
	};
	const variantOf = (id: string) => {
		const row = shop.variants[number(id, 'ProductVariant') - 1];
		return row ? new VariantView(shop, row) : null;
	};
	const itemOf = (id: string) => {
		const row = shop.variants[number(id, 'InventoryItem') - 1];
		return row ? new InventoryItemView(shop, row) : null;
	};
	const locationOf = (id: string) => {
		const row = shop.locations[number(id, 'Location') - 1];
		return row ? locationView(shop, row) : null;
	};
	const refundOf = (id: string) => {
		const n = number(id, 'Refund');
		for (const order of shop.orders) {
			const row = order.refunds.find((refund) => refund.n === n);
			if (row) return new RefundView(shop, order, row);
		}
		return null;
	};
	const bulkOf = (id: string) => {
		const found = tenant.bulkOperations.find((operation) => operation.n === number(id, 'BulkOperation'));
		return found ? bulkView(found, services) : null;
	};
	const subscriptionOf = (id: string) => {
		const n = number(id, 'WebhookSubscription');
		const found = tenant.subscriptions.find((subscription) => subscription.n === n);
		return found ? subscriptionView(found) : null;
	};
	const node = ({ id }: { id: string }): unknown => {
		const byKind: Record<string, (id: string) => unknown> = {
			Order: orderOf,
			Customer: customerOf,
			Product: productOf,
			ProductVariant: variantOf,
			InventoryItem: itemOf,
			Location: locationOf,
			Refund: refundOf,
			BulkOperation: bulkOf,
			WebhookSubscription: subscriptionOf
		};
		return byKind[parseGid(id)?.kind ?? '']?.(id) ?? null;
	};

	return {
		node,
		nodes: ({ ids }: { ids: string[] }) => ids.map((id) => node({ id })),
		order: ({ id }: { id: string }) => orderOf(id),
		customer: ({ id }: { id: string }) => customerOf(id),
		product: ({ id }: { id: string }) => productOf(id),
		productVariant: ({ id }: { id: string }) => variantOf(id),
		inventoryItem: ({ id }: { id: string }) => itemOf(id),
		location: ({ id }: { id?: string }) => locationOf(id ?? gid('Location', 1)),
		orders: (args: ListArgs) => {
			const found = list('orders', args, listings.orders(args.query, args.sortKey ?? 'PROCESSED_AT'));
			return new Connection(found, args, (row) => new OrderView(shop, row));
		},
		customers: (args: ListArgs) => {
			const found = list('customers', args, listings.customers(args.query, args.sortKey ?? 'ID'));
			return new Connection(found, args, (row) => new CustomerView(shop, row));
		},
		products: (args: ListArgs) => {
			const found = list('products', args, listings.products(args.query, args.sortKey ?? 'ID'));
			return new Connection(found, args, (row) => new ProductView(shop, row));
		},
		productVariants: (args: ListArgs) => {
			const found = list('productVariants', args, listings.variants(args.query, args.sortKey ?? 'ID'));
			return new Connection(found, args, (row) => new VariantView(shop, row));
		},
		inventoryItems: (args: ListArgs) => {
			const found = list('inventoryItems', args, listings.inventoryItems(args.query));
			return new Connection(found, args, (row) => new InventoryItemView(shop, row));
		},
		locations: (args: ListArgs) =>
			new Connection({ rows: shop.locations }, args, (row) => locationView(shop, row)),
		ordersCount: (args: CountArgs) => countOf(listings.orders(args.query, 'ID').rows.length, args.limit),
		customersCount: (args: CountArgs) =>
			countOf(listings.customers(args.query, 'ID').rows.length, args.limit),
		productsCount: (args: CountArgs) => countOf(listings.products(args.query, 'ID').rows.length, args.limit),
		productVariantsCount: (args: CountArgs) => {
			return countOf(listings.variants(args.query, 'ID').rows.length, args.limit);
		},
		shop: () => shopView(tenant, services.now()),
		currentAppInstallation: () => ({
			__typename: 'AppInstallation',
			id: gid('AppInstallation', shop.n),
			launchUrl: `https://${shop.domain}/admin/apps/tidemark`,
			uninstallUrl: null,
			accessScopes: tenant.scopes
				.split(',')
				.map((handle) => ({ handle, description: handle.replaceAll('_', ' ') })),
			app: { __typename: 'App', id: gid('App', 1), apiKey: tenant.app.clientId, handle: 'app', title: 'App' }
		}),
		shopifyPaymentsAccount: () => {
			needs(tenant, 'shopifyPaymentsAccount', 'read_shopify_payments_accounts');
			return paymentsAccount(shop, services.now);
		},
		shopifyqlQuery: ({ query }: { query: string }) => {
			needs(tenant, 'shopifyqlQuery', 'read_reports');
			return answerShopifyql(shop, query, services.now());
		},

		bulkOperation: ({ id }: { id: string }) => bulkOf(id),
		bulkOperations: (args: PageArgs) => {
			return new Connection({ rows: tenant.bulkOperations }, args, (row: BulkOperation) =>
				bulkView(row, services)
			);
		},
		bulkOperationRunQuery: (args: { query: string }) => {
			const { operation, errors } = runBulkQuery(tenant, args.query, services);
			return { bulkOperation: operation && bulkView(operation, services), userErrors: errors };
		},
		bulkOperationCancel: ({ id }: { id: string }) => {
			const found = tenant.bulkOperations.find((operation) => operation.n === number(id, 'BulkOperation'));
			if (!found) {
				return {
					bulkOperation: null,
					userErrors: [{ field: ['id'], message: 'Bulk operation does not exist' }]
				};
			}
			cancelBulk(found, services.now());
			return { bulkOperation: bulkView(found, services), userErrors: [] };
		},

		webhookSubscription: ({ id }: { id: string }) => subscriptionOf(id),
		webhookSubscriptions: (args: PageArgs & { topics?: string[] | null; uri?: string | null }) => {
			const rows = tenant.subscriptions.filter((row) => {
				return (
					(!args.topics?.length || args.topics.includes(row.topic)) && (!args.uri || args.uri === row.uri)
				);
			});
			return new Connection({ rows }, args, (row: Subscription) => subscriptionView(row));
		},
		webhookSubscriptionsCount: (args: CountArgs) => countOf(tenant.subscriptions.length, args.limit),
		webhookSubscriptionCreate: (args: { topic: string; webhookSubscription: SubscriptionInput }) => {
			return createSubscription(tenant, args.topic, args.webhookSubscription, services.now());
		},
		webhookSubscriptionUpdate: (args: { id: string; webhookSubscription: SubscriptionInput }) => {
			const n = number(args.id, 'WebhookSubscription');
			return updateSubscription(tenant, n, args.webhookSubscription, services.now());
		},
		webhookSubscriptionDelete: ({ id }: { id: string }) => {
			return deleteSubscription(tenant, id, number(id, 'WebhookSubscription'));
		}
	};
}

/** Refuses a field whose scope the app does not have, in the API's words. */
function needs(tenant: Tenant, field: string, scope: string): void {
	if (tenant.scopes.split(',').includes(scope)) return;
	throw new GraphQLError(`Access denied for ${field} field. Required access: \`${scope}\` access scope.`, {
		extensions: { code: 'ACCESS_DENIED', requiredAccess: `\`${scope}\` access scope.` }
	});
}

function countOf(count: number, limit: number | null | undefined) {
	if (limit !== null && limit !== undefined && count > limit) return { count: limit, precision: 'AT_LEAST' };
	return { count, precision: 'EXACT' };
}

function shopView({ shop, plan }: Tenant, now: number) {
	const offset = zoneOffset(now, shop.zone) / 60_000;
	const two = (n: number) => String(Math.abs(Math.trunc(n))).padStart(2, '0');
	return {
		__typename: 'Shop',
		id: gid('Shop', shop.n),
		name: shop.name,
		email: shop.email,
		contactEmail: shop.email,
		myshopifyDomain: shop.domain,
		primaryDomain: { __typename: 'Domain', id: `gid://shopify/Domain/${shop.n}`, host: shop.domain, url: `https://${shop.domain}` }, // prettier-ignore
		url: `https://${shop.domain}`,
		currencyCode: shop.currency,
		enabledPresentmentCurrencies: [...new Set([shop.currency, 'EUR', 'CAD', 'GBP'])],
		ianaTimezone: shop.zone,
		timezoneAbbreviation: shop.zone.split('/').at(-1),
		timezoneOffset: `${offset < 0 ? '-' : '+'}${two(offset / 60)}${two(offset % 60)}`,
		taxesIncluded: false,
		taxShipping: false,
		createdAt: isoUtc(shop.createdAt),
		updatedAt: isoUtc(shop.createdAt),
		plan: { partnerDevelopment: false, publicDisplayName: plan.name, shopifyPlus: plan.plus }
	};
}
