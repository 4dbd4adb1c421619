import type { Offer } from '../world/market/model.ts';
import { isoUtc } from '../world/time.ts';
import { siteOf } from './marketplaces.ts';
import { pageOf, readToken, writeToken } from './page-token.ts';
import { instantIn, listIn } from './query.ts';
import { digest, invalid, ok, type Reply } from './reply.ts';
import type { AmazonSeller } from './seller.ts';

const PAGE = 50;
const TOKEN_LIFE = 30_000;
const EIGHTEEN_MONTHS = 548 * 86_400_000;
/** F10 kills the first use of a token and lets the next ones through, so that a restart can succeed. */
const F10_TURNS = 6;

/** GET /fba/inventory/v1/summaries. A change of inbound quantities alone does not move an item's time. */
export function getInventorySummaries(seller: AmazonSeller, query: URLSearchParams): Reply {
	const market = seller.market();
	const marketplaceId = query.get('granularityId') ?? '';
	if (query.get('granularityType') !== 'Marketplace') throw invalid('granularityType must be Marketplace');
	if (!siteOf(market, marketplaceId) || !listIn(query, 'marketplaceIds').includes(marketplaceId)) {
		throw invalid('granularityId and marketplaceIds must name a marketplace of this seller');
	}
	const skus = [...listIn(query, 'sellerSkus'), ...listIn(query, 'sellerSku')];
	if (skus.length > 50) throw invalid('sellerSkus takes 50 at most');
	const since = instantIn(query, 'startDateTime');
	const now = seller.now();
	if (since !== null && since < now - EIGHTEEN_MONTHS)
		throw invalid('startDateTime is more than 18 months ago');
	const details = query.get('details') === 'true';
	const words = [marketplaceId, since ?? '', skus.join(',')].join('|');
	const text = query.get('nextToken');
	if (text && seller.faults.has('F10') && seller.turns.next('F10') % F10_TURNS === 1) {
		throw invalid('The nextToken has expired');
	}
	const token = text ? readToken(text, words, TOKEN_LIFE, now) : null;
	const found = market.offers.filter((offer) => {
		if (!offer.stock || offer.createdAt > now) return false;
		if (skus.length > 0) return skus.includes(offer.sku);
		return since === null || offer.stock.updatedAt >= since;
	});
	const { rows, more } = pageOf(found, (offer) => [0, offer.n], { after: token?.after ?? null, size: PAGE });
	const next = more
		? writeToken({ query: words, after: [0, rows.at(-1)!.n], issuedAt: now, until: 0 })
		: null;
	return ok({
		payload: {
			granularity: { granularityType: 'Marketplace', granularityId: marketplaceId },
			inventorySummaries: rows.map((offer) => summary(seller, offer, details, now))
		},
		...(next && { pagination: { nextToken: next } })
	});
}

/** The name a unit has inside Amazon's warehouses. */
export function fnSku(offer: Offer): string {
	return `X00${digest([offer.itemId, offer.sku], 7).toUpperCase()}`;
}

function summary(seller: AmazonSeller, offer: Offer, details: boolean, now: number) {
	const stock = offer.stock!;
	// A third of the way it is being packed, the last sixth it is being received.
	const part = stock.arrivesAt ? (now - stock.sentAt) / (stock.arrivesAt - stock.sentAt) : 0;
	const extra = seller.faults.has('F11') ? (Math.floor(now / 20_000) + offer.n) % 7 : 0;
	const inbound = stock.inbound + extra;
	const inboundAt = (from: number, until: number) =>
		inbound > 0 && part >= from && part < until ? inbound : 0;
	return {
		asin: offer.itemId,
		fnSku: fnSku(offer),
		sellerSku: offer.sku,
		condition: 'NewItem',
		...(details && {
			inventoryDetails: {
				fulfillableQuantity: stock.available,
				inboundWorkingQuantity: inboundAt(Number.NEGATIVE_INFINITY, 0.33),
				inboundShippedQuantity: inboundAt(0.33, 0.84),
				inboundReceivingQuantity: inboundAt(0.84, Number.POSITIVE_INFINITY),
				reservedQuantity: {
					totalReservedQuantity: stock.committed,
					pendingCustomerOrderQuantity: stock.committed,
					pendingTransshipmentQuantity: 0,
					fcProcessingQuantity: 0
				},
				researchingQuantity: { totalResearchingQuantity: 0, researchingQuantityBreakdown: [] },
				unfulfillableQuantity: {
					totalUnfulfillableQuantity: stock.unfulfillable,
					customerDamagedQuantity: stock.unfulfillable,
					warehouseDamagedQuantity: 0,
					distributorDamagedQuantity: 0,
					carrierDamagedQuantity: 0,
					defectiveQuantity: 0,
					expiredQuantity: 0
				}
			}
		}),
		lastUpdatedTime: isoUtc(stock.updatedAt),
		productName: offer.variant.product.title,
		totalQuantity: stock.available + stock.committed + inbound + stock.unfulfillable
	};
}
