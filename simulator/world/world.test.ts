import { describe, expect, it } from 'vitest';
import { cancelOrder, editOrder, refundOrder } from './changes.ts';
import { generateShop, type WorldOptions } from './generate.ts';
import { ledgerOf } from './ledger.ts';
import type { Order, Shop } from './model.ts';
import { refundTotal, totalsOf } from './totals.ts';

const NOW = Date.UTC(2026, 10, 22, 16);

function world(change: Partial<WorldOptions> = {}): Shop {
	return generateShop({
		n: 1,
		seed: '1',
		domain: 'alder-finch.myshopify.com',
		name: 'Alder & Finch',
		currency: 'USD',
		zone: 'America/Los_Angeles',
		now: NOW,
		months: 24,
		products: 240,
		ordersPerDay: 48,
		...change
	});
}

function print(shop: Shop): string {
	return JSON.stringify(shop, (key, value: unknown) =>
		key === 'product' || key === 'random' ? undefined : value
	);
}

const shop = world();

describe('the generated world', () => {
	it('is the same for the same seed and another for another', () => {
		const small = { months: 3, ordersPerDay: 20 };
		const first = print(world(small));
		expect(print(world(small))).toBe(first);
		expect(print(world({ ...small, seed: '2' }))).not.toBe(first);
	});

	it('has the catalogue and history that was promised', () => {
		expect(shop.products.length).toBe(240);
		expect(new Set(shop.products.map((p) => p.type)).size).toBeGreaterThanOrEqual(8);
		expect(new Set(shop.variants.map((v) => v.sku)).size).toBe(shop.variants.length);
		expect(shop.variants.some((v) => v.sku === 'AF-BTL-750-SLT')).toBe(true);
		const days = ledgerOf(shop, shop.zone);
		expect(days.length).toBeGreaterThan(700);
		expect(shop.orders.length / days.length).toBeGreaterThan(35);
		expect(shop.orders.length / days.length).toBeLessThan(65);
		expect(shop.orders.every((order) => order.createdAt <= NOW && order.updatedAt <= NOW)).toBe(true);
	});

	it('has a weekly and a yearly season, growth and promotions', () => {
		const days = ledgerOf(shop, shop.zone);
		const mean = (wanted: (day: string) => boolean) => {
			const rows = days.filter((row) => wanted(row.day));
			return rows.reduce((sum, row) => sum + row.orders, 0) / rows.length;
		};
		const weekday = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay();
		expect(mean((day) => weekday(day) === 0)).toBeGreaterThan(mean((day) => weekday(day) === 5) * 1.05);
		expect(mean((day) => day.slice(5, 7) === '12')).toBeGreaterThan(
			mean((day) => day.slice(5, 7) === '02') * 1.2
		);
		expect(mean((day) => day > '2026-05')).toBeGreaterThan(
			mean((day) => day > '2025-05' && day < '2025-11') * 1.05
		);
		expect(days.find((row) => row.day === '2025-11-28')!.orders).toBeGreaterThan(80);
		expect(shop.orders.filter((order) => order.discount).length / shop.orders.length).toBeGreaterThan(0.08);
	});

	it('has returning customers, and few of them buy often', () => {
		const times = shop.customers.map((customer) => customer.orders);
		const share = (wanted: (n: number) => boolean) => times.filter(wanted).length / times.length;
		expect(share((n) => n >= 2)).toBeGreaterThan(0.12);
		expect(share((n) => n >= 2)).toBeLessThan(0.4);
		expect(share((n) => n >= 5)).toBeLessThan(0.06);
	});

	it('has each kind of order a shop has', () => {
		const count = (wanted: (order: Order) => boolean) => shop.orders.filter(wanted).length;
		expect(count((o) => o.test)).toBeGreaterThan(5);
		expect(count((o) => o.financial === 'VOIDED')).toBeGreaterThan(50);
		expect(count((o) => o.cancelledAt > 0 && o.refunds.length > 0)).toBeGreaterThan(50);
		expect(count((o) => o.edited)).toBeGreaterThan(50);
		expect(count((o) => o.lines.length >= 180)).toBeGreaterThan(0);
		expect(count((o) => o.lines.some((line) => line.giftCard))).toBeGreaterThan(50);
		expect(count((o) => o.customer === null)).toBeGreaterThan(100);
		const refunds = shop.orders.flatMap((order) => order.refunds);
		expect(refunds.some((r) => r.lines.length === 0 && r.shipping > 0)).toBe(true);
		expect(refunds.some((r) => r.adjustments.length > 0)).toBe(true);
		expect(refunds.some((r) => r.lines.some((line) => line.restockType === 'NO_RESTOCK'))).toBe(true);
		expect(new Set(shop.orders.map((o) => o.address?.countryCode)).size).toBeGreaterThanOrEqual(6);
	});

	it('runs out of stock and is replenished, and never sells what it has not', () => {
		const tracked = shop.variants.filter((variant) => variant.tracked);
		const left = tracked.map((variant) => variant.levels.reduce((sum, level) => sum + level.available, 0));
		expect(tracked.every((variant) => variant.levels.every((level) => level.available >= 0))).toBe(true);
		expect(left.some((units) => units === 0)).toBe(true);
		expect(left.filter((units) => units > 10).length / left.length).toBeGreaterThan(0.5);
		expect(tracked.some((variant) => variant.arrivesAt > NOW)).toBe(true);
	});

	it('balances: what is refunded never exceeds what was paid', () => {
		for (const order of shop.orders) {
			const { total, refunded, currentTotal } = totalsOf(order);
			expect(refunded).toBeLessThanOrEqual(total);
			if (order.financial === 'REFUNDED') expect(currentTotal).toBe(0);
			for (const line of order.lines) expect(line.currentQuantity).toBeGreaterThanOrEqual(0);
		}
	});
});

describe('changes', () => {
	const small = () => world({ months: 1, ordersPerDay: 20, products: 40 });
	const fresh = (s: Shop, wanted: (order: Order) => boolean) =>
		s.orders.find((o) => o.refunds.length === 0 && !o.cancelledAt && !o.test && wanted(o))!;

	it('refunds in parts that add up to the line, to the cent', () => {
		const s = small();
		const order = fresh(s, (o) => o.lines[0]!.quantity === 2 && o.financial === 'PAID' && !o.edited);
		const line = order.lines[0]!;
		refundOrder(s, order, NOW, 'partial');
		refundOrder(s, order, NOW + 1000, 'partial');
		const parts = order.refunds.flatMap((r) => r.lines);
		expect(parts.reduce((sum, part) => sum + part.subtotal, 0)).toBe(line.gross - line.discount);
		expect(line.currentQuantity).toBe(0);
	});

	it('gives everything back in full, once', () => {
		const s = small();
		const order = fresh(s, (o) => o.financial === 'PAID' && !o.edited && o.lines.every((l) => !l.giftCard));
		expect(refundOrder(s, order, NOW, 'full').length).toBeGreaterThan(0);
		expect(refundTotal(order.refunds[0]!)).toBe(totalsOf(order).total);
		expect(refundOrder(s, order, NOW, 'full')).toEqual([]);
	});

	it('moves no money for a cancellation before capture, and refuses to edit afterwards', () => {
		const s = small();
		const order = fresh(s, (o) => !o.fulfilled && !o.edited && o.lines.every((line) => !line.giftCard));
		const net = () => ledgerOf(s, s.zone).reduce((sum, day) => sum + Number(day.net), 0);
		const before = net();
		const worth = totalsOf(order).subtotal / 100;
		cancelOrder(s, order, NOW, false);
		expect(order.financial).toBe('VOIDED');
		expect(order.refunds).toEqual([]);
		expect(editOrder(s, order, NOW)).toEqual([]);
		expect(before - net()).toBeCloseTo(worth, 6);
	});
});
