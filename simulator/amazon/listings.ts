import { sitePrice } from '../world/market/place.ts';
import type { Offer, Site } from '../world/market/model.ts';
import { sellerUnits } from '../world/market/stock.ts';
import { fixed } from '../world/money.ts';
import { isoUtc } from '../world/time.ts';
import { fnSku } from './inventory.ts';
import { marketplaceOf, siteOf } from './marketplaces.ts';
import { pageOf, readToken, writeToken } from './page-token.ts';
import { instantIn, listIn, numberIn, onlyFrom } from './query.ts';
import { invalid, ok, Refused, type Reply } from './reply.ts';
import type { AmazonSeller } from './seller.ts';

const INCLUDED = ['summaries', 'attributes', 'issues', 'offers', 'fulfillmentAvailability', 'procurement', 'relationships', 'productTypes']; // prettier-ignore
const IDENTIFIERS = ['ASIN', 'EAN', 'FNSKU', 'GTIN', 'ISBN', 'JAN', 'MINSAN', 'SKU', 'UPC'];
const TOKEN_LIFE = 3_600_000;
const MOST_RESULTS = 1000;

/** GET /listings/2021-08-01/items/{sellerId}: 20 a page, 1,000 results at most. */
export function searchListingsItems(seller: AmazonSeller, query: URLSearchParams, sellerId: string): Reply {
	const { site, included } = checked(seller, query, sellerId);
	const size = numberIn(query, 'pageSize', 10, 1, 20);
	const identifiers = listIn(query, 'identifiers');
	const type = query.get('identifiersType') ?? '';
	if (identifiers.length > 0) onlyFrom([type], IDENTIFIERS, 'identifiersType');
	if (identifiers.length > 20) throw invalid('identifiers takes 20 at most');
	const since = instantIn(query, 'lastUpdatedAfter') ?? 0;
	const market = seller.market();
	const now = seller.now();
	const words = [site.code, identifiers.join(','), type, since].join('|');
	const text = query.get('pageToken');
	const token = text ? readToken(text, words, TOKEN_LIFE, now) : null;
	const found = market.offers.filter((offer) => {
		if (offer.createdAt > now || updatedAt(offer) < since) return false;
		return identifiers.length === 0 || identifiers.includes(identifierOf(offer, type) ?? '');
	});
	const reach = found.slice(0, MOST_RESULTS);
	const { rows, more } = pageOf(reach, (offer) => [0, offer.n], { after: token?.after ?? null, size: size });
	const next = more
		? writeToken({ query: words, after: [0, rows.at(-1)!.n], issuedAt: now, until: 0 })
		: null;
	return ok({
		numberOfResults: found.length,
		...(next && { pagination: { nextToken: next } }),
		items: rows.map((offer) => listing(offer, site, included))
	});
}

/** GET /listings/2021-08-01/items/{sellerId}/{sku}. */
export function getListingsItem(
	seller: AmazonSeller,
	query: URLSearchParams,
	sellerId: string,
	sku: string
): Reply {
	const { site, included } = checked(seller, query, sellerId);
	const offer = seller.market().offers.find((one) => one.sku === sku);
	if (!offer) throw new Refused(404, { code: 'NOT_FOUND', message: `SKU '${sku}' not found`, details: '' });
	return ok(listing(offer, site, included));
}

function checked(seller: AmazonSeller, query: URLSearchParams, sellerId: string) {
	if (sellerId !== seller.sellerId) {
		throw new Refused(403, {
			code: 'Unauthorized',
			message: 'Access to requested resource is denied.',
			details: ''
		});
	}
	const ids = listIn(query, 'marketplaceIds');
	const site = ids.length === 1 ? siteOf(seller.market(), ids[0]!) : undefined;
	if (!site)
		throw new Refused(400, { code: 'BAD_REQUEST', message: 'Invalid input', details: 'marketplaceIds' });
	const included = listIn(query, 'includedData');
	onlyFrom(included, INCLUDED, 'includedData');
	return { site, included: new Set(included.length > 0 ? included : ['summaries']) };
}

function updatedAt(offer: Offer): number {
	return Math.max(offer.updatedAt, offer.createdAt);
}

function identifierOf(offer: Offer, type: string): string | null {
	if (type === 'SKU') return offer.sku;
	if (type === 'ASIN') return offer.itemId;
	if (type === 'FNSKU') return fnSku(offer);
	return type === 'EAN' ? offer.gtin : type === 'GTIN' && offer.gtin ? `0${offer.gtin}` : null;
}

/** Amazon's product type of a category of the shop. */
export function productTypeOf(offer: Offer): string {
	return offer.variant.product.type.toUpperCase().replace(/[^A-Z]+/g, '_');
}

function listing(offer: Offer, site: Site, included: ReadonlySet<string>) {
	const marketplaceId = marketplaceOf(site).id;
	const { product, option } = offer.variant;
	const units = offer.stock ? offer.stock.available : sellerUnits(offer);
	const name = option ? `${product.title}, ${option}` : product.title;
	const price = { currencyCode: site.currency, amount: fixed(Math.round(sitePrice(offer, site) / 100)) };
	return {
		sku: offer.sku,
		...(included.has('summaries') && {
			summaries: [
				{
					marketplaceId,
					asin: offer.itemId,
					productType: productTypeOf(offer),
					conditionType: 'new_new',
					status: units > 0 ? ['BUYABLE', 'DISCOVERABLE'] : ['DISCOVERABLE'],
					...(offer.stock && { fnSku: fnSku(offer) }),
					itemName: name,
					createdDate: isoUtc(offer.createdAt),
					lastUpdatedDate: isoUtc(updatedAt(offer))
				}
			]
		}),
		...(included.has('attributes') && {
			attributes: {
				item_name: [{ value: name, language_tag: 'en_US', marketplace_id: marketplaceId }],
				brand: [{ value: product.vendor, language_tag: 'en_US', marketplace_id: marketplaceId }],
				...(offer.gtin && {
					externally_assigned_product_identifier: [{ type: 'ean', value: offer.gtin, marketplace_id: marketplaceId }] // prettier-ignore
				})
			}
		}),
		...(included.has('issues') && { issues: [] }),
		...(included.has('offers') && { offers: [{ marketplaceId, offerType: 'B2C', price }] }),
		...(included.has('fulfillmentAvailability') && {
			fulfillmentAvailability: [
				offer.stock
					? { fulfillmentChannelCode: 'AMAZON_NA' }
					: { fulfillmentChannelCode: 'DEFAULT', quantity: units }
			]
		}),
		...(included.has('relationships') && { relationships: [{ marketplaceId, relationships: [] }] }),
		...(included.has('productTypes') && {
			productTypes: [{ marketplaceId, productType: productTypeOf(offer) }]
		})
	};
}
