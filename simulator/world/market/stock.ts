import { availableAt, orderMore } from '../stock.ts';
import type { Random } from '../random.ts';
import { DAY } from '../time.ts';
import type { Market, MarketOrder, Offer } from './model.ts';

/** Units a buyer can have now: of the warehouses shared with the shop, or of what lies elsewhere. */
export function offered(offer: Offer): number {
	if (offer.stock) return offer.stock.available;
	return Math.max(0, ...offer.variant.levels.map((_, place) => availableAt(offer.variant, place)));
}

/** Units over all of the seller's warehouses: what the marketplace is told. */
export function sellerUnits(offer: Offer): number {
	return offer.variant.levels.reduce((sum, level) => sum + level.available, 0);
}

/** The first stock of goods that lie elsewhere, and when to send more. */
export function openRemoteStock(
	market: Market,
	random: Random,
	at: number,
	daily: (o: Offer) => number
): void {
	for (const offer of market.offers) {
		const cover = random.int(24, 45);
		const spread = random.int(20, 40);
		if (offer.fulfilment === 'seller') continue;
		const perDay = Math.max(0.03, daily(offer));
		const reorderPoint = Math.max(8, Math.round(perDay * cover));
		const orderUpTo = reorderPoint + Math.max(12, Math.round(perDay * spread));
		offer.stock = {
			available: random.int(reorderPoint, orderUpTo),
			committed: 0,
			updatedAt: at,
			unfulfillable: 0,
			inbound: 0,
			sentAt: 0,
			arrivesAt: 0,
			reorderPoint,
			orderUpTo
		};
	}
}

/** Books a shipment to the marketplace that has arrived; true when stock changed. */
export function receiveRemote(offer: Offer, at: number): boolean {
	const { stock } = offer;
	if (!stock || stock.arrivesAt === 0 || stock.arrivesAt > at) return false;
	stock.available += stock.inbound;
	stock.updatedAt = stock.arrivesAt;
	stock.inbound = 0;
	stock.arrivesAt = 0;
	stock.sentAt = 0;
	return true;
}

/** Takes sold units off the goods that lie elsewhere and sends more when they run low. */
function takeRemote(market: Market, offer: Offer, units: number, at: number, random: Random): void {
	const stock = offer.stock!;
	stock.available -= units;
	stock.committed += units;
	stock.updatedAt = Math.max(stock.updatedAt, at);
	if (stock.arrivesAt !== 0 || stock.available > stock.reorderPoint) return;
	stock.sentAt = at;
	stock.arrivesAt = at + Math.round((random.int(9, 24) * DAY) / market.pace);
	stock.inbound = Math.max(6, stock.orderUpTo - stock.available);
}

/** Books an order's goods: the seller's own lower what the shop shows too, the others lie elsewhere. */
export function takeGoods(market: Market, order: MarketOrder, at: number, random: Random): void {
	order.stocked = order.fulfilment === 'seller';
	for (const line of order.lines) {
		const { offer, quantity } = line;
		if (offer.stock) {
			takeRemote(market, offer, quantity, at, random);
			continue;
		}
		const level = offer.variant.levels[order.location];
		if (!level) continue;
		level.available -= quantity;
		level.committed += quantity;
		level.updatedAt = Math.max(level.updatedAt, at);
		orderMore(market.shop, offer.variant, at, random);
	}
}
