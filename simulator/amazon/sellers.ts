import { ok, type Reply } from './reply.ts';
import { marketplaceOf } from './marketplaces.ts';
import type { AmazonSeller } from './seller.ts';

/** GET /sellers/v1/marketplaceParticipations. */
export function getMarketplaceParticipations(seller: AmazonSeller): Reply {
	const payload = seller.market().sites.map((site) => {
		const { id, name, domain, language } = marketplaceOf(site);
		return {
			marketplace: {
				id,
				name,
				countryCode: site.country,
				defaultCurrencyCode: site.currency,
				defaultLanguageCode: language,
				domainName: domain
			},
			participation: { isParticipating: true, hasSuspendedListings: false },
			storeName: seller.tenant.shop.name
		};
	});
	return ok({ payload });
}
