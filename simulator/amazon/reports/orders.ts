import { buyerOfOrder } from '../../world/market/buyers.ts';
import type { MarketLine, MarketOrder } from '../../world/market/model.ts';
import { stateOf } from '../../world/market/steps.ts';
import { fixed } from '../../world/money.ts';
import { isoUtc } from '../../world/time.ts';
import { marketplaceIdOf, marketplaceOf } from '../marketplaces.ts';
import { titleOf } from '../orders/item.ts';
import { isVisible, type AmazonSeller } from '../seller.ts';
import type { ReportJob } from './job.ts';

const BY_ORDER_DATE = 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL';
const BY_UPDATE = 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL';
export const ORDER_REPORTS: readonly string[] = [BY_ORDER_DATE, BY_UPDATE];

const COLUMNS = [
	'amazon-order-id', 'merchant-order-id', 'purchase-date', 'last-updated-date', 'order-status', 'fulfillment-channel',
	'sales-channel', 'order-channel', 'ship-service-level', 'product-name', 'sku', 'asin', 'item-status', 'quantity', 'currency',
	'item-price', 'item-tax', 'shipping-price', 'shipping-tax', 'gift-wrap-price', 'gift-wrap-tax', 'item-promotion-discount',
	'ship-promotion-discount', 'ship-city', 'ship-state', 'ship-postal-code', 'ship-country', 'promotion-ids',
	'is-business-order', 'purchase-order-number', 'price-designation'
]; // prettier-ignore

/** The words of these reports, another spelling than either API has. */
const STATUS: Readonly<Record<ReturnType<typeof stateOf>, string>> = {
	pending: 'Pending',
	unshipped: 'Unshipped',
	partially_shipped: 'Shipping',
	shipped: 'Shipped',
	cancelled: 'Cancelled'
};

type Span = Pick<ReportJob, 'type' | 'from' | 'until' | 'marketplaceIds'>;

const instantOf = (type: string) => (order: MarketOrder) =>
	type === BY_UPDATE ? order.updatedAt : order.createdAt;

function isIn(
	seller: AmazonSeller,
	{ type, from, until, marketplaceIds }: Span
): (order: MarketOrder) => boolean {
	const instant = instantOf(type);
	return (order) => {
		const at = instant(order);
		return (
			at >= from && at < until && marketplaceIds.includes(marketplaceIdOf(order)) && isVisible(seller, order)
		);
	};
}

/** Without any order Amazon cancels the report. */
export function hasOrders(seller: AmazonSeller, span: Span): boolean {
	return seller.market().orders.some(isIn(seller, span));
}

/** One line per order item, tab-separated; no prices while pending, quantity 0 and no prices when cancelled. */
export function orderReport(seller: AmazonSeller, job: ReportJob): string {
	const market = seller.market();
	const instant = instantOf(job.type);
	const found = market.orders.filter(isIn(seller, job)).sort((a, b) => instant(a) - instant(b) || a.n - b.n);
	const rows = found.flatMap((order) => {
		const { address } = buyerOfOrder(market, order);
		return order.lines.map((line) => rowOf(order, line, address));
	});
	return [COLUMNS.join('\t'), ...rows, ''].join('\r\n');
}

/** Outside North America the prices of these reports contain the tax. */
function taxInside({ site }: MarketOrder): boolean {
	return site.country !== 'US' && site.country !== 'CA';
}

function rowOf(
	order: MarketOrder,
	line: MarketLine,
	address: ReturnType<typeof buyerOfOrder>['address']
): string {
	const priced = order.pricedAt > 0 && !order.cancelledAt;
	const sum = (cents: number) => (priced && cents !== 0 ? fixed(cents) : '');
	const iso = (at: number) => isoUtc(at).replace('Z', '+00:00');
	const state = stateOf(order);
	const known = order.pricedAt > 0;
	return [
		order.id,
		order.id,
		iso(order.createdAt),
		iso(order.updatedAt),
		STATUS[state],
		order.fulfilment === 'seller' ? 'Merchant' : 'Amazon',
		marketplaceOf(order.site).name,
		'',
		order.express ? 'Expedited' : 'Standard',
		titleOf(line),
		line.offer.sku,
		line.offer.itemId,
		order.cancelledAt ? 'Cancelled' : line.shippedAt ? 'Shipped' : 'Unshipped',
		String(order.cancelledAt ? 0 : line.quantity),
		priced ? order.site.currency : '',
		priced ? fixed(line.gross + (taxInside(order) ? line.tax : 0)) : '',
		sum(line.tax),
		sum(line.shipping),
		sum(line.shippingTax),
		'',
		'',
		sum(line.discount),
		'',
		known ? (address.city ?? '') : '',
		known ? (address.provinceCode ?? '') : '',
		known ? (address.zip ?? '') : '',
		known ? (address.countryCode ?? '') : '',
		line.discount > 0 && priced ? `PLM-${line.offer.itemId}` : '',
		String(order.business),
		'',
		''
	].join('\t');
}
