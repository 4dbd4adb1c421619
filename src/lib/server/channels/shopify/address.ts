import { settings } from '../../platform/running.ts';
import { ChannelError } from '../error.ts';

const SHOP = /^[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com$/;

/** The shop's own domain from what people paste: `my-shop`, `https://my-shop.myshopify.com/admin`. Null when it is none. */
export function shopDomain(entered: string): string | null {
	const bare = entered
		.trim()
		.toLowerCase()
		.replace(/^https?:\/\//, '')
		.replace(/[/?#].*$/, '');
	const admin = /^https?:\/\/admin\.shopify\.com\/store\/([a-z0-9][a-z0-9-]*)/.exec(
		entered.trim().toLowerCase()
	);
	const domain = admin ? `${admin[1]}.myshopify.com` : bare.includes('.') ? bare : `${bare}.myshopify.com`;
	return SHOP.test(domain) ? domain : null;
}

/** Where the shop's API answers, and the headers a look-alike needs to know which shop is meant. */
export function addressOf(connection: { shop: string; baseUrl: string | null }): {
	base: string;
	headers: Record<string, string>;
} {
	if (!SHOP.test(connection.shop))
		throw new ChannelError('rejected', `${connection.shop} is not a myshopify.com domain.`, 'shop');
	const override = connection.baseUrl ?? settings().SHOPIFY_API_URL;
	if (!override) return { base: `https://${connection.shop}`, headers: {} };
	return { base: override.replace(/\/+$/, ''), headers: { 'X-Shopify-Shop-Domain': connection.shop } };
}
