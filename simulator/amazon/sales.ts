import type { MarketOrder } from '../world/market/model.ts';
import { fixed } from '../world/money.ts';
import { DAY, dayIn, HOUR, isoInZone, localToUtc, zoneOffset } from '../world/time.ts';
import { marketplaceIdOf, siteOf } from './marketplaces.ts';
import { listIn } from './query.ts';
import { invalid, ok, type Reply } from './reply.ts';
import { isVisible, type AmazonSeller } from './seller.ts';

const GRANULARITIES = ['Hour', 'Day', 'Week', 'Month', 'Year', 'Total'];

/**
 * GET /sales/v1/orderMetrics: what was ordered, by interval of a time zone. Pending orders count with their price, which the
 * orders API does not tell yet; cancelled ones and free replacements do not. `totalSales` is before promotions.
 */
export function getOrderMetrics(seller: AmazonSeller, query: URLSearchParams): Reply {
	const market = seller.market();
	const ids = listIn(query, 'marketplaceIds');
	const sites = ids.map((id) => siteOf(market, id));
	if (ids.length === 0 || sites.includes(undefined)) throw invalid('marketplaceIds is missing or unknown');
	const currency = sites[0]!.currency;
	if (sites.some((site) => site!.currency !== currency))
		throw invalid('The marketplaces have several currencies');
	const [from, until] = (query.get('interval') ?? '').split('--').map((text) => Date.parse(text));
	if (from === undefined || until === undefined || !(from < until))
		throw invalid('interval must be start--end');
	const granularity = query.get('granularity') ?? '';
	if (!GRANULARITIES.includes(granularity))
		throw invalid(`granularity must be one of ${GRANULARITIES.join(', ')}`);
	if (granularity === 'Hour' && until - from > 30 * DAY) throw invalid('Hour takes 30 days at most');
	const zone = query.get('granularityTimeZone') ?? 'UTC';
	if (!['Hour', 'Total'].includes(granularity) && !query.has('granularityTimeZone')) {
		throw invalid('granularityTimeZone is required for granularities of a day or more');
	}
	try {
		zoneOffset(from, zone);
	} catch {
		throw invalid('granularityTimeZone is not a time zone');
	}
	const network = query.get('fulfillmentNetwork');
	const buyer = query.get('buyerType') ?? 'All';
	const sku = query.get('sku');
	const asin = query.get('asin');
	const intervals = intervalsOf(from, until, granularity, zone, query.get('firstDayOfWeek') === 'Sunday');
	const rows = intervals.map(([start, end]) => ({ start, end, units: 0, items: 0, orders: 0, cents: 0 }));
	for (const order of market.orders) {
		if (order.createdAt < from || order.createdAt >= until || order.cancelledAt || order.replacementOf)
			continue;
		if (!ids.includes(marketplaceIdOf(order)) || !isVisible(seller, order)) continue;
		if (network && (order.fulfilment === 'channel') !== (network === 'AFN')) continue;
		if (buyer !== 'All' && order.business !== (buyer === 'B2B')) continue;
		const row = rows.find(({ start, end }) => order.createdAt >= start && order.createdAt < end);
		if (row) count(row, order, sku, asin);
	}
	const money = (cents: number) => ({ amount: fixed(cents), currencyCode: currency });
	return ok({
		payload: rows.map((row) => ({
			interval: `${isoInZone(row.start, zone)}--${isoInZone(row.end, zone)}`,
			unitCount: row.units,
			orderItemCount: row.items,
			orderCount: row.orders,
			averageUnitPrice: money(row.units ? Math.round(row.cents / row.units) : 0),
			totalSales: money(row.cents)
		}))
	});
}

function count(
	row: { units: number; items: number; orders: number; cents: number },
	order: MarketOrder,
	sku: string | null,
	asin: string | null
): void {
	const lines = order.lines.filter(({ offer }) => {
		return (!sku || offer.sku === sku) && (!asin || offer.itemId === asin);
	});
	if (lines.length > 0) row.orders++;
	for (const line of lines) {
		row.items++;
		row.units += line.quantity;
		row.cents += line.gross;
	}
}

/** The pieces of an interval; the first and the last may be cut short. */
function intervalsOf(
	from: number,
	until: number,
	granularity: string,
	zone: string,
	sunday: boolean
): [number, number][] {
	if (granularity === 'Total') return [[from, until]];
	const pieces: [number, number][] = [];
	for (let start = from; start < until;) {
		const end = Math.min(until, nextBoundary(start, granularity, zone, sunday));
		pieces.push([start, end]);
		start = end;
	}
	return pieces;
}

function nextBoundary(at: number, granularity: string, zone: string, sunday: boolean): number {
	if (granularity === 'Hour') return (Math.floor(at / HOUR) + 1) * HOUR;
	const [year, month, day] = dayIn(at, zone).split('-').map(Number) as [number, number, number];
	if (granularity === 'Year') return localToUtc(Date.UTC(year + 1, 0, 1), zone);
	if (granularity === 'Month') return localToUtc(Date.UTC(year, month, 1), zone);
	const local = Date.UTC(year, month - 1, day);
	if (granularity === 'Day') return localToUtc(local + DAY, zone);
	const weekday = (new Date(local).getUTCDay() + (sunday ? 0 : 6)) % 7;
	return localToUtc(local + (7 - weekday) * DAY, zone);
}
