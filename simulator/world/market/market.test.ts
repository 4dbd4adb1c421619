import { beforeAll, describe, expect, it } from 'vitest';
import { generateShop } from '../generate.ts';
import type { Shop } from '../model.ts';
import { generateMarket } from './history.ts';
import { marketLedger } from './ledger.ts';
import { createMarketLive } from './live.ts';
import type { Market, MarketName } from './model.ts';
import { FEE_PARTS, postingsOf, totalOfPosting } from './postings.ts';
import { stateOf } from './steps.ts';

const NOW = Date.UTC(2026, 10, 22, 16);
const ZONE = 'America/Los_Angeles';
const SHOP = { n: 1, seed: '1', domain: 'a.myshopify.com', name: 'A', currency: 'USD', zone: ZONE, now: NOW, months: 8, products: 120, ordersPerDay: 20 }; // prettier-ignore

function market(name: MarketName, shop: Shop, sites: string[] = []): Market {
	return generateMarket(name, shop, { seed: '1', now: NOW, ordersPerDay: 24, sites });
}

const withoutStock = (shop: Shop) => JSON.stringify([shop.orders.map((o) => ({ ...o, lines: o.lines.map((l) => ({ ...l, variant: l.sku })) })), shop.customers], (key, value: unknown) => (key === 'line' || key === 'variant' ? undefined : value)); // prettier-ignore

let shop: Shop;
let amazon: Market;
let walmart: Market;
let before: string;
let unitsBefore: number;
const units = (of: Shop) =>
	of.variants.reduce((sum, v) => sum + v.levels.reduce((s, l) => s + l.available, 0), 0);
beforeAll(() => {
	shop = generateShop(SHOP);
	before = withoutStock(shop);
	unitsBefore = units(shop);
	amazon = market('amazon', shop);
	walmart = market('walmart', shop);
});

describe('marketplaces beside the shop', () => {
	it('leave the history of the shop as it is, but for the stock of open orders', () => {
		expect(withoutStock(shop)).toBe(before);
		const open = [amazon, walmart].flatMap((m) =>
			m.orders.filter((o) => o.stocked && stateOf(o) !== 'shipped')
		);
		expect(open.length).toBeGreaterThan(3);
		expect(units(shop)).toBeLessThan(unitsBefore);
		expect(shop.variants.every((v) => v.levels.every((l) => l.available >= 0 && l.committed >= 0))).toBe(
			true
		);
	});

	it('are the same for the same seed', () => {
		const again = market('amazon', generateShop(SHOP));
		const told = (m: Market) => JSON.stringify(marketLedger(m, { zone: ZONE, now: NOW }));
		expect(told(again)).toBe(told(amazon));
		expect(again.orders.map((o) => o.id)).toEqual(amazon.orders.map((o) => o.id));
	});

	it('sell the same products under own ids and partly other SKUs, with one GTIN', () => {
		const skus = new Set(shop.variants.map((v) => v.sku));
		for (const { offers } of [amazon, walmart]) {
			expect(new Set(offers.map((o) => o.sku)).size).toBe(offers.length);
			expect(offers.every((o) => o.gtin === o.variant.barcode)).toBe(true);
			const same = offers.filter((o) => skus.has(o.sku)).length / offers.length;
			expect(same).toBeGreaterThan(0.4);
			expect(same).toBeLessThan(0.85);
		}
		expect(amazon.offers.every((o) => /^B0[0-9A-Z]{8}$/.test(o.itemId))).toBe(true);
		const twins = amazon.offers.filter((o) => o.twin && o.fulfilment === 'channel');
		expect(twins.length).toBeGreaterThan(3);
		expect(twins.every((o) => o.twin!.itemId === o.itemId && o.twin!.fulfilment === 'seller')).toBe(true);
		expect(walmart.offers.some((o) => o.sku.includes('/')) && walmart.offers.some((o) => o.sku.includes('%'))).toBe(true); // prettier-ignore
		expect(new Set(walmart.offers.map((o) => o.fulfilment)).size).toBe(3);
	});

	it('have every kind of order', () => {
		for (const m of [amazon, walmart]) {
			const count = (wanted: (o: Market['orders'][number]) => boolean) => m.orders.filter(wanted).length;
			expect(new Set(m.orders.map((o) => o.id)).size).toBe(m.orders.length);
			expect(count((o) => o.cancelledAt > 0)).toBeGreaterThan(20);
			expect(count((o) => o.refunds.length > 0)).toBeGreaterThan(50);
			expect(count((o) => o.replacementOf !== null)).toBeGreaterThan(2);
			expect(count((o) => stateOf(o) === 'unshipped')).toBeGreaterThan(1);
			expect(count((o) => o.adjustedAt > 0)).toBeGreaterThan(1);
			expect(m.orders.every((o) => o.createdAt <= NOW && o.updatedAt <= NOW)).toBe(true);
			expect(m.offers.every((o) => !o.stock || o.stock.available >= 0)).toBe(true);
		}
		expect(walmart.orders.some((o) => !o.cancelledAt && o.lines.some((l) => l.cancelledAt))).toBe(true);
		expect(amazon.orders.some((o) => o.postedAt && !o.releasedAt)).toBe(true);
	});

	it('book money that adds up: fees of the ledger are those of the postings', () => {
		const days = marketLedger(amazon, { zone: ZONE, now: NOW });
		const total = (name: 'fees' | 'feesPosted' | 'refunds') =>
			Math.round(days.reduce((sum, day) => sum + Number(day[name]) * 100, 0));
		let fees = 0;
		for (const posting of postingsOf(amazon, NOW)) {
			for (const { parts } of posting.lines) {
				for (const { name, cents } of parts) if (FEE_PARTS.includes(name)) fees -= cents;
			}
		}
		expect(total('fees')).toBe(fees);
		expect(total('feesPosted')).toBe(fees);
		expect(total('refunds')).toBeGreaterThan(0);
		const order = amazon.orders.find((o) => o.postedAt && o.refunds.length > 0)!;
		const [line] = order.lines;
		expect(line!.refundedUnits).toBeLessThanOrEqual(line!.quantity);
		expect(postingsOf(amazon, NOW).filter((p) => p.kind === 'sale').every((p) => totalOfPosting(p) !== 0 || p.order!.replacementOf)).toBe(true); // prettier-ignore
	});

	it('keep currencies apart', () => {
		const both = market('amazon', generateShop(SHOP), ['US', 'CA']);
		expect(both.orders.filter((o) => o.site.currency === 'CAD').length).toBeGreaterThan(50);
		const sold = (currency: string) =>
			marketLedger(both, { zone: ZONE, now: NOW, currency }).reduce((sum, day) => sum + day.orders, 0);
		expect(sold('USD')).toBeGreaterThan(sold('CAD') * 5);
	});
});

it("an order of the seller's own goods lowers what the shop shows, and gives it back when cancelled", () => {
	const published: string[] = [];
	const live = createMarketLive(amazon, {
		rate: 0,
		speed: 1,
		now: () => NOW + 60_000,
		publish: (changes) => published.push(...changes.map((c) => c.topic)),
		faults: new Set()
	});
	const order = live.emit({ fulfilment: 'seller' })!;
	const level = order.lines[0]!.offer.variant.levels[order.location]!;
	const left = level.available;
	expect(stateOf(order)).toBe('pending');
	expect(published).toContain('inventory_levels/update');
	expect(live.hasten(order, 'cancel')).toBe(true);
	expect(level.available).toBe(left + order.lines[0]!.quantity);
	const fba = live.emit({ fulfilment: 'channel' })!;
	const shown = units(shop);
	expect(live.hasten(fba, 'ship')).toBe(true);
	expect(live.hasten(fba, 'post')).toBe(true);
	expect(live.hasten(fba, 'release')).toBe(true);
	expect(live.hasten(fba, 'refund', { part: 'full' })).toBe(true);
	expect(live.hasten(fba, 'refund', { part: 'full' })).toBe(false);
	expect(units(shop)).toBe(shown);
});

it('takes a step with those before it, whatever was planned, and a line of its own', () => {
	const live = createMarketLive(walmart, { rate: 0, speed: 1, now: () => NOW + 60_000, publish: () => {}, faults: new Set() }); // prettier-ignore
	for (let i = 0; i < 60; i++) {
		const order = live.emit()!;
		expect(live.hasten(order, 'release')).toBe(true);
		expect([stateOf(order), order.postedAt > 0, order.releasedAt > 0]).toEqual(['shipped', true, true]);
	}
	const parts = live.emit({ lineCount: 3 })!;
	if (parts.lines.length > 1) {
		expect(live.hasten(parts, 'ship', { line: parts.lines[0] })).toBe(true);
		expect(stateOf(parts)).toBe('partially_shipped');
	}
});

it('stands still without live orders, until someone asks', () => {
	let now = NOW + 60_000;
	const still = market('amazon', generateShop(SHOP));
	const live = createMarketLive(still, {
		rate: 0,
		speed: 1,
		now: () => now,
		publish: () => {},
		faults: new Set()
	});
	const open = live.state().scheduled;
	expect(open).toBeGreaterThan(50);
	const before = still.revision;
	now += 40 * 86_400_000;
	live.start();
	live.stop();
	expect([still.revision, live.state().scheduled]).toEqual([before, open]);
	live.settle(0);
	const left = still.orders.filter((o) => stateOf(o) !== 'shipped' && !o.cancelledAt);
	expect(left.every((o) => o.replacementOf)).toBe(true);
	expect(live.state().scheduled).toBeLessThan(open / 5);
});
