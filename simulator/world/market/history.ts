import { HOURS } from '../demand.ts';
import type { Shop } from '../model.ts';
import { createRandom, cumulate } from '../random.ts';
import { DAY, HOUR, localToUtc, SECOND, zoneOffset } from '../time.ts';
import { Agenda } from './agenda.ts';
import { daysBetween, offerPicker, ordersExpected } from './demand.ts';
import { planLife, type Pace } from './life.ts';
import type { Market, MarketName, Step } from './model.ts';
import { makeOffers } from './offers.ts';
import { drawOrder } from './place.ts';
import { homeSite, sitesOf } from './sites.ts';
import { takeStep } from './steps.ts';
import { openRemoteStock, takeGoods } from './stock.ts';

export interface MarketOptions {
	seed: string;
	/** The end of the history, UTC milliseconds. */
	now: number;
	ordersPerDay: number;
	/** Site codes, the first the main one; empty for the one of the shop's currency. */
	sites: readonly string[];
}

const HOUR_SUMS = cumulate(HOURS);
const AS_IT_WAS: Pace = { hurry: 1, lateMoney: false };
/** Longer ago than this, everything that was ordered has left the warehouse. */
const SURELY_SHIPPED = 4 * DAY;

/**
 * A marketplace with its whole history up to `now`, over a shop whose own history exists already and stays as it is, but
 * for the stock that orders still open have taken. The same options give the same marketplace, to the cent.
 */
export function generateMarket(name: MarketName, shop: Shop, options: MarketOptions): Market {
	const { seed, now, ordersPerDay } = options;
	const sites = options.sites.length > 0 ? options.sites : [homeSite(name, shop.currency)];
	const market: Market = {
		name,
		seed,
		shop,
		sites: sitesOf(sites, shop.currency),
		offers: makeOffers(name, seed, shop),
		orders: [],
		agenda: new Agenda<Step>(),
		random: createRandom(`${seed}|${name}|live`),
		buyers: 0,
		counters: { line: 0, refund: 0 },
		revision: 0,
		createdAt: shop.createdAt,
		historyEnd: now,
		ordersPerDay,
		pace: 1,
		listeners: new Set()
	};
	const random = createRandom(`${seed}|${name}|history`);
	const weight = market.offers.reduce((sum, o) => sum + o.variant.product.popularity * o.variant.weight * o.appeal, 0); // prettier-ignore
	openRemoteStock(market, random, shop.createdAt, (offer) => {
		const { product, weight: share } = offer.variant;
		return (ordersPerDay * 1.3 * product.popularity * share * offer.appeal) / Math.max(weight, 1e-9);
	});
	if (market.offers.length === 0 || ordersPerDay === 0 || now - shop.createdAt < HOUR) return market;

	const start = shop.createdAt;
	const days = daysBetween(start, now);
	const firstLocal = start + zoneOffset(start, shop.zone);
	for (let day = 0; day <= days; day++) {
		const localDay = firstLocal + day * DAY;
		const midnight = localToUtc(localDay, shop.zone);
		if (midnight > now) break;
		const mean = ordersExpected(market, localDay, day / days);
		const count = random.poisson(mean * Math.exp(random.normal(0, 0.09)));
		const pick = offerPicker(market, random, midnight + 12 * HOUR);
		const times: number[] = [];
		for (let i = 0; i < count; i++) {
			const clock = random.cumulative(HOUR_SUMS) * HOUR + random.int(0, 3599) * SECOND;
			times.push(localToUtc(localDay + clock, shop.zone));
		}
		for (const at of times.sort((a, b) => a - b)) {
			if (at > now) break;
			const order = drawOrder(market, random, at, pick, { unlimited: at < now - SURELY_SHIPPED });
			if (!order) continue;
			const steps = planLife(market, random, order, AS_IT_WAS);
			const open = steps.some((step) => step.at > now && (step.kind === 'ship' || step.kind === 'cancel'));
			if (order.fulfilment !== 'seller' || open) takeGoods(market, order, at, random);
			for (const step of steps) {
				if (step.at <= now) takeStep(market, step, random);
				else market.agenda.add(step);
			}
		}
	}
	for (let step = market.agenda.take(now); step; step = market.agenda.take(now))
		takeStep(market, step, random);
	return market;
}
