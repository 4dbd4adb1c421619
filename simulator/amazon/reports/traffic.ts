import type { MarketOrder, Offer } from '../../world/market/model.ts';
import { createRandom } from '../../world/random.ts';
import { DAY, dayIn } from '../../world/time.ts';
import { marketplaceIdOf, siteOf } from '../marketplaces.ts';
import type { AmazonSeller } from '../seller.ts';
import type { ReportJob } from './job.ts';

export const SALES_AND_TRAFFIC = 'GET_SALES_AND_TRAFFIC_REPORT';

interface Sums {
	sales: number;
	units: number;
	items: number;
	shippedSales: number;
	shippedUnits: number;
	shippedOrders: number;
	refundedUnits: number;
}

const empty = (): Sums => ({ sales: 0, units: 0, items: 0, shippedSales: 0, shippedUnits: 0, shippedOrders: 0, refundedUnits: 0 }); // prettier-ignore
const round = (value: number) => Math.round(value * 100) / 100;

/**
 * Sessions and sales by day and by ASIN (or SKU), as JSON. Days are of the shop's zone. Sales are what was ordered, pending
 * orders included; sessions follow from the day and what was sold on it.
 */
export function salesAndTraffic(seller: AmazonSeller, job: ReportJob): string {
	const market = seller.market();
	const { zone } = market.shop;
	const site = siteOf(market, job.marketplaceIds[0]!)!;
	const from = new Date(job.from).toISOString().slice(0, 10);
	const until = new Date(job.until).toISOString().slice(0, 10);
	const granularity = job.options.asinGranularity ?? 'PARENT';
	const days = new Map<string, Sums>();
	for (let day = from; day <= until; day = new Date(Date.parse(day) + DAY).toISOString().slice(0, 10)) days.set(day, empty()); // prettier-ignore
	const byItem = new Map<string, { offer: Offer; sums: Sums }>();
	for (const order of market.orders) {
		if (order.cancelledAt || order.replacementOf || !job.marketplaceIds.includes(marketplaceIdOf(order)))
			continue;
		const sums = days.get(dayIn(order.createdAt, zone));
		if (sums) addOrder(order, sums, byItem, granularity === 'SKU');
		for (const refund of order.refunds) {
			const back = days.get(dayIn(refund.at, zone));
			if (back) for (const item of refund.lines) back.refundedUnits += item.quantity;
		}
		const shipped = order.lines[0]!.shippedAt;
		const left = shipped ? days.get(dayIn(shipped, zone)) : undefined;
		if (!left) continue;
		left.shippedOrders++;
		for (const line of order.lines) {
			left.shippedUnits += line.quantity;
			left.shippedSales += line.gross;
		}
	}
	const amount = (cents: number) => ({ amount: cents / 100, currencyCode: site.currency });
	return JSON.stringify({
		reportSpecification: {
			reportType: job.type,
			reportOptions: { dateGranularity: job.options.dateGranularity ?? 'DAY', asinGranularity: granularity },
			dataStartTime: from,
			dataEndTime: until,
			marketplaceIds: job.marketplaceIds
		},
		salesAndTrafficByDate: [...days].map(([day, sums]) => ({
			date: day,
			salesByDate: salesOf(sums, amount),
			trafficByDate: trafficOf(`${seller.sellerId}|traffic|${day}`, sums, market.offers.length)
		})),
		salesAndTrafficByAsin: [...byItem.values()].map(({ offer, sums }) => ({
			parentAsin: offer.itemId,
			...(granularity !== 'PARENT' && { childAsin: offer.itemId }),
			...(granularity === 'SKU' && { sku: offer.sku }),
			salesByAsin: {
				unitsOrdered: sums.units,
				orderedProductSales: amount(sums.sales),
				totalOrderItems: sums.items
			},
			trafficByAsin: itemTraffic(`${seller.sellerId}|traffic|${offer.sku}|${from}`, sums)
		}))
	});
}

function addOrder(
	order: MarketOrder,
	day: Sums,
	byItem: Map<string, { offer: Offer; sums: Sums }>,
	bySku: boolean
): void {
	for (const line of order.lines) {
		const key = bySku ? line.offer.sku : line.offer.itemId;
		const found = byItem.get(key) ?? { offer: line.offer, sums: empty() };
		byItem.set(key, found);
		for (const sums of [day, found.sums]) {
			sums.items++;
			sums.units += line.quantity;
			sums.sales += line.gross;
		}
	}
}

function salesOf(sums: Sums, amount: (cents: number) => { amount: number; currencyCode: string }) {
	const per = (whole: number, count: number) => (count ? whole / count : 0);
	return {
		orderedProductSales: amount(sums.sales),
		unitsOrdered: sums.units,
		totalOrderItems: sums.items,
		averageSalesPerOrderItem: amount(Math.round(per(sums.sales, sums.items))),
		averageUnitsPerOrderItem: round(per(sums.units, sums.items)),
		averageSellingPrice: amount(Math.round(per(sums.sales, sums.units))),
		unitsRefunded: sums.refundedUnits,
		refundRate: round(100 * per(sums.refundedUnits, sums.units)),
		claimsGranted: 0,
		claimsAmount: amount(0),
		shippedProductSales: amount(sums.shippedSales),
		unitsShipped: sums.shippedUnits,
		ordersShipped: sums.shippedOrders
	};
}

/** Visits of a day or an item: between 7 and 14 in a hundred buy. */
function visits(seed: string, items: number) {
	const random = createRandom(seed);
	const sessions = Math.max(items, Math.round(items / (0.07 + random.next() * 0.07)) + random.int(0, 9));
	const views = Math.round(sessions * (1.3 + random.next() * 0.6));
	const mobile = Math.round(sessions * (0.5 + random.next() * 0.2));
	const mobileViews = Math.round(views * 0.58);
	return { sessions, views, mobile, mobileViews, box: round(82 + random.next() * 16) };
}

function trafficOf(seed: string, sums: Sums, offers: number) {
	const { sessions, views, mobile, mobileViews, box } = visits(seed, sums.items);
	const share = (part: number) => (sessions ? round((100 * part) / sessions) : 0);
	return {
		browserPageViews: views - mobileViews,
		mobileAppPageViews: mobileViews,
		pageViews: views,
		browserSessions: sessions - mobile,
		mobileAppSessions: mobile,
		sessions,
		buyBoxPercentage: box,
		orderItemSessionPercentage: share(sums.items),
		unitSessionPercentage: share(sums.units),
		averageOfferCount: offers,
		averageParentItems: offers,
		feedbackReceived: 0,
		negativeFeedbackReceived: 0,
		receivedNegativeFeedbackRate: 0
	};
}

function itemTraffic(seed: string, sums: Sums) {
	const { sessions, views, mobile, mobileViews, box } = visits(seed, sums.items);
	const share = (part: number, whole: number) => (whole ? round((100 * part) / whole) : 0);
	return {
		browserSessions: sessions - mobile,
		mobileAppSessions: mobile,
		sessions,
		browserSessionPercentage: share(sessions - mobile, sessions),
		mobileAppSessionPercentage: share(mobile, sessions),
		sessionPercentage: share(sessions, sessions),
		browserPageViews: views - mobileViews,
		mobileAppPageViews: mobileViews,
		pageViews: views,
		browserPageViewsPercentage: share(views - mobileViews, views),
		mobileAppPageViewsPercentage: share(mobileViews, views),
		pageViewsPercentage: share(views, views),
		buyBoxPercentage: box,
		unitSessionPercentage: share(sums.units, sessions)
	};
}
