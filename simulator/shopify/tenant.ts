import { createHash } from 'node:crypto';
import type { Shop } from '../world/model.ts';
import type { Bucket } from './bucket.ts';
import type { BulkOperation } from './bulk/operation.ts';
import type { Listings } from './listings.ts';
import type { Subscription } from './webhooks/subscription.ts';

export interface AppCredentials {
	clientId: string;
	clientSecret: string;
	/** The secret before a rotation; both sign for an hour. */
	previousSecret: string | null;
}

export interface Token {
	expiresAt: number;
	scope: string;
}

/** One shop together with what the app has there: tokens, quota, bulk operations, subscriptions, faults. */
export interface Tenant {
	shop: Shop;
	app: AppCredentials;
	legacyToken: string;
	plan: Plan;
	tokens: Map<string, Token>;
	/** Refresh token -> true while it may still be used. */
	refreshTokens: Map<string, boolean>;
	codes: Map<string, { redirectUri: string; expiresAt: number }>;
	bucket: Bucket;
	bulkOperations: BulkOperation[];
	subscriptions: Subscription[];
	nextSubscription: number;
	listings: Listings;
	faults: Set<string>;
	counters: { graphql: number; throttled: number; bulk: number };
	installed: boolean;
	/** What the app may do, with commas between. */
	scopes: string;
}

export interface Plan {
	name: string;
	restoreRate: number;
	plus: boolean;
}

/** Points per second by plan, from the documentation of the API's limits. */
export const PLANS: Readonly<Record<string, Plan>> = {
	standard: { name: 'Basic', restoreRate: 100, plus: false },
	advanced: { name: 'Advanced', restoreRate: 200, plus: false },
	plus: { name: 'Shopify Plus', restoreRate: 1000, plus: true },
	enterprise: { name: 'Shopify for enterprise', restoreRate: 2000, plus: true }
};

export const SCOPES =
	'read_orders,read_all_orders,read_products,read_customers,read_inventory,read_locations,read_reports,read_returns,read_shopify_payments_accounts,read_shopify_payments_payouts';

/** A secret that looks like Shopify's and is the same for the same seed, so that a person can connect twice. */
export function deterministicSecret(prefix: string, ...parts: (string | number)[]): string {
	return prefix + createHash('sha256').update(parts.join('|')).digest('hex').slice(0, 32);
}

/** True when the token may be used now; legacy tokens never expire. */
export function acceptsToken(tenant: Tenant, token: string, now: number): boolean {
	if (!tenant.installed) return false;
	if (token === tenant.legacyToken) return true;
	const known = tenant.tokens.get(token);
	return known !== undefined && known.expiresAt > now;
}
