import { dayDemand, seasonOf } from '../demand.ts';
import { cumulate, type Random } from '../random.ts';
import { DAY, zoneOffset } from '../time.ts';
import type { Market, MarketName, Offer } from './model.ts';

/** A marketplace's own selling days: month and days (January is 0), demand and discount. */
interface Occasion {
	month: number;
	from: number;
	until: number;
	boost: number;
	percent: number;
}

const OCCASIONS: Readonly<Record<MarketName, readonly Occasion[]>> = {
	amazon: [
		{ month: 6, from: 8, until: 11, boost: 2.4, percent: 20 },
		{ month: 9, from: 7, until: 8, boost: 1.7, percent: 15 },
		{ month: 10, from: 23, until: 30, boost: 1.8, percent: 15 }
	],
	walmart: [
		{ month: 6, from: 8, until: 13, boost: 1.4, percent: 10 },
		{ month: 10, from: 20, until: 30, boost: 2.1, percent: 20 }
	]
};
/** Beside the shop's own year: the marketplaces live more from December, Walmart also from the garden season. */
const OWN_YEAR: Readonly<Record<MarketName, readonly number[]>> = {
	amazon: [0.95, 0.9, 0.95, 0.95, 0.98, 1, 1.1, 1, 0.95, 1.05, 1.1, 1.25],
	walmart: [0.85, 0.85, 1, 1.1, 1.15, 1.1, 1, 1, 0.95, 0.95, 1.15, 1.2]
};

/** The selling occasion of a local day (its midnight as if UTC), if any. */
export function occasionOf(name: MarketName, localDay: number): Occasion | undefined {
	const date = new Date(localDay);
	const day = date.getUTCDate();
	return OCCASIONS[name].find((one) => {
		return one.month === date.getUTCMonth() && day >= one.from && day <= one.until;
	});
}

/** Orders expected on a local day; `progress` runs from 0 at the start of the history to 1 now. */
export function ordersExpected(market: Market, localDay: number, progress: number): number {
	const month = new Date(localDay).getUTCMonth();
	const growth = market.name === 'amazon' ? 0.9 + 0.2 * progress : 0.6 + 0.8 * progress;
	const boost = occasionOf(market.name, localDay)?.boost ?? 1;
	return market.ordersPerDay * dayDemand(localDay, progress) * OWN_YEAR[market.name][month]! * growth * boost;
}

/** Draws listings in proportion to popularity, taste of the marketplace and season at an instant. */
export function offerPicker(market: Market, random: Random, at: number): () => Offer {
	const localDay = at + zoneOffset(at, market.shop.zone);
	const seasons = new Map<string, number>();
	const sums = cumulate(
		market.offers.map((offer) => {
			const { product, weight } = offer.variant;
			if (product.createdAt > at) return 0;
			let season = seasons.get(product.type);
			if (season === undefined) seasons.set(product.type, (season = seasonOf(product.type, localDay)));
			return product.popularity * weight * offer.appeal * season;
		})
	);
	return () => market.offers[random.cumulative(sums)]!;
}

/** Days between two instants, at least one. */
export function daysBetween(from: number, until: number): number {
	return Math.max(1, Math.ceil((until - from) / DAY));
}
