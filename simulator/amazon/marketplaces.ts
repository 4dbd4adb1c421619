import type { Market, MarketOrder, Site } from '../world/market/model.ts';

/** What Amazon calls its shop fronts. */
export interface Marketplace {
	id: string;
	name: string;
	domain: string;
	language: string;
	region: 'na' | 'eu' | 'fe';
}

const MARKETPLACES: Readonly<Record<string, Marketplace>> = {
	US: { id: 'ATVPDKIKX0DER', name: 'Amazon.com', domain: 'www.amazon.com', language: 'en_US', region: 'na' },
	CA: { id: 'A2EUQ1WTGCTBG2', name: 'Amazon.ca', domain: 'www.amazon.ca', language: 'en_CA', region: 'na' },
	UK: { id: 'A1F83G8C2ARO7P', name: 'Amazon.co.uk', domain: 'www.amazon.co.uk', language: 'en_GB', region: 'eu' }, // prettier-ignore
	DE: { id: 'A1PA6795UKMFR9', name: 'Amazon.de', domain: 'www.amazon.de', language: 'de_DE', region: 'eu' },
	SE: { id: 'A2NODRKZP88ZB9', name: 'Amazon.se', domain: 'www.amazon.se', language: 'sv_SE', region: 'eu' },
	AU: { id: 'A39IBJ37TRP1C6', name: 'Amazon.com.au', domain: 'www.amazon.com.au', language: 'en_AU', region: 'fe' } // prettier-ignore
};

export function marketplaceOf(site: Site): Marketplace {
	return MARKETPLACES[site.code]!;
}

/** The site of a marketplace id, when this seller sells there. */
export function siteOf(market: Market, marketplaceId: string): Site | undefined {
	return market.sites.find((site) => marketplaceOf(site).id === marketplaceId);
}

export function marketplaceIdOf(order: MarketOrder): string {
	return marketplaceOf(order.site).id;
}
