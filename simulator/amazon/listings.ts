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
	const before = instantIn(query, 'lastUpdatedBefore') ?? Number.POSITIVE_INFINITY;
	const sortBy = query.get('sortBy') ?? 'lastUpdatedDate';
	onlyFrom([sortBy], ['sku', 'createdDate', 'lastUpdatedDate'], 'sortBy');
	const order = query.get('sortOrder') ?? 'DESC';
	onlyFrom([order], ['ASC', 'DESC'], 'sortOrder');
	const sign = order === 'ASC' ? 1 : -1;
	const market = seller.market();
	const now = seller.now();
	const words = [site.code, identifiers.join(','), type, since, sortBy, order].join('|');
	const text = query.get('pageToken');
	const token = text ? readToken(text, words, TOKEN_LIFE, now) : null;
	const found = market.offers.filter((offer) => {
		if (offer.createdAt > now || updatedAt(offer) < since || updatedAt(offer) > before) return false;
		return identifiers.length === 0 || identifiers.includes(identifierOf(offer, type) ?? '');
	});
	const key = (offer: Offer) =>
		sortBy === 'sku' ? 0 : sortBy === 'createdDate' ? offer.createdAt : updatedAt(offer);
	found.sort((a, b) => sign * (sortBy === 'sku' ? (a.sku < b.sku ? -1 : 1) : key(a) - key(b) || a.n - b.n));
	// The place in the sorted list is what a token carries: listings seldom change while they are read.
	const reach = found.slice(0, MOST_RESULTS).map((offer, place) => ({ offer, place }));
	const { rows, more } = pageOf(reach, ({ place }) => [0, place], { after: token?.after ?? null, size });
	const next = more
		? writeToken({ query: words, after: [0, rows.at(-1)!.place], issuedAt: now, until: 0 })
		: null;
	return ok({
		numberOfResults: found.length,
		...(next && { pagination: { nextToken: next } }),
		items: rows.map(({ offer }) => listing(offer, site, included))
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
