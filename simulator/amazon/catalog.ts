import type { Offer, Site } from '../world/market/model.ts';
import { productTypeOf } from './listings.ts';
import { marketplaceOf, siteOf } from './marketplaces.ts';
import { pageOf, readToken, writeToken } from './page-token.ts';
import { listIn, numberIn } from './query.ts';
import { digest, invalid, ok, Refused, type Reply } from './reply.ts';
import type { AmazonSeller } from './seller.ts';

const TOKEN_LIFE = 3_600_000;

/** GET /catalog/2022-04-01/items: by identifiers (20 at most) or keywords, one marketplace. */
export function searchCatalogItems(seller: AmazonSeller, query: URLSearchParams): Reply {
	const site = siteIn(seller, query);
	const identifiers = listIn(query, 'identifiers');
	const type = query.get('identifiersType');
	const words = listIn(query, 'keywords').map((word) => word.toLowerCase());
	if (identifiers.length > 0 === words.length > 0) throw invalid('Give either identifiers or keywords');
	if (identifiers.length > 0 && !type) throw invalid('identifiersType is missing');
	const found = distinct(seller.market().offers).filter((offer) => {
		if (identifiers.length > 0) return identifiers.some((text) => matches(seller, offer, type!, text));
		const title = offer.variant.product.title.toLowerCase();
		return words.every((word) => title.includes(word));
	});
	const size = numberIn(query, 'pageSize', 10, 1, 20);
	const key = [site.code, type, ...identifiers, ...words].join('|');
	const text = query.get('pageToken');
	const token = text ? readToken(text, key, TOKEN_LIFE, seller.now()) : null;
	const { rows, more } = pageOf(found, (offer) => [0, offer.n], { after: token?.after ?? null, size: size });
	const next = more
		? writeToken({ query: key, after: [0, rows.at(-1)!.n], issuedAt: seller.now(), until: 0 })
		: null;
	const included = new Set(listIn(query, 'includedData'));
	return ok({
		numberOfResults: found.length,
		...(next && { pagination: { nextToken: next } }),
		refinements: { brands: [], classifications: [] },
		items: rows.map((offer) => itemView(offer, site, included))
	});
}

/** GET /catalog/2022-04-01/items/{asin}. */
export function getCatalogItem(seller: AmazonSeller, query: URLSearchParams, asin: string): Reply {
	const site = siteIn(seller, query);
	const offer = seller.market().offers.find((one) => one.itemId === asin);
	if (!offer) {
		throw new Refused(404, { code: 'NOT_FOUND', message: `Requested item '${asin}' not found in marketplace(s) ${marketplaceOf(site).id}.`, details: '' }); // prettier-ignore
	}
	return ok(itemView(offer, site, new Set(listIn(query, 'includedData'))));
}

function siteIn(seller: AmazonSeller, query: URLSearchParams): Site {
	const site = siteOf(seller.market(), listIn(query, 'marketplaceIds')[0] ?? '');
	if (!site) throw invalid('marketplaceIds is missing or unknown');
	return site;
}

/** One of each ASIN: twins are the same item. */
function distinct(offers: readonly Offer[]): Offer[] {
	return [...new Map(offers.map((offer) => [offer.itemId, offer])).values()];
}

function matches(seller: AmazonSeller, offer: Offer, type: string, text: string): boolean {
	if (type === 'ASIN') return offer.itemId === text;
	if (type === 'SKU')
		return seller.market().offers.some((one) => one.sku === text && one.itemId === offer.itemId);
	if (type === 'GTIN') return offer.gtin !== null && `0${offer.gtin}` === text;
	return type === 'EAN' && offer.gtin === text;
}

/** A browse node of a category, a number that stays the same. */
export function browseNode(type: string): string {
	return String(1_000_000_000 + (parseInt(digest(['node', type], 8), 16) % 900_000_000));
}

function itemView(offer: Offer, site: Site, given: ReadonlySet<string>) {
	const { product, option } = offer.variant;
	const marketplaceId = marketplaceOf(site).id;
	const has = (name: string) => given.has(name) || (given.size === 0 && name === 'summaries');
	const node = { displayName: product.type, classificationId: browseNode(product.type) };
	return {
		asin: offer.itemId,
		...(has('summaries') && {
			summaries: [
				{
					marketplaceId,
					brand: product.vendor,
					browseClassification: node,
					itemClassification: 'BASE_PRODUCT',
					itemName: option
						? `${product.vendor} ${product.title}, ${option}`
						: `${product.vendor} ${product.title}`,
					...(option && { size: option }),
					manufacturer: product.vendor,
					packageQuantity: 1,
					websiteDisplayGroup: 'home_display_on_website',
					websiteDisplayGroupName: 'Home'
				}
			]
		}),
		...(has('identifiers') && {
			identifiers: [
				{
					marketplaceId,
					identifiers: offer.gtin
						? [
								{ identifierType: 'EAN', identifier: offer.gtin },
								{ identifierType: 'GTIN', identifier: `0${offer.gtin}` }
							]
						: []
				}
			]
		}),
		...(has('productTypes') && { productTypes: [{ marketplaceId, productType: productTypeOf(offer) }] }),
		...(has('classifications') && { classifications: [{ marketplaceId, classifications: [node] }] }),
		...(has('images') && { images: [{ marketplaceId, images: [] }] }),
		...(has('relationships') && { relationships: [{ marketplaceId, relationships: [] }] }),
		...(has('salesRanks') && {
			salesRanks: [
				{
					marketplaceId,
					classificationRanks: [{ classificationId: node.classificationId, title: node.displayName, rank: 40 + offer.n * 3 }] // prettier-ignore
				}
			]
		})
	};
}
