import type { Shop } from './model.ts';
import { createRandom } from './random.ts';
import { DAY, dayIn } from './time.ts';

/** Visits of the online store on a day; between 1.6 and 3.2 in a hundred buy. */
export interface Visits {
	day: string;
	sessions: number;
	visitors: number;
	cart: number;
	checkout: number;
	completed: number;
	pageviews: number;
}

/** Visits by day of a zone, first and last day included. They follow from the day and the orders placed online on it. */
export function visitsOf(shop: Shop, zone: string, from: string, until: string): Visits[] {
	const orders = new Map<string, number>();
	for (const order of shop.orders) {
		if (order.source !== 'web' || order.test) continue;
		const day = dayIn(order.createdAt, zone);
		if (day >= from && day <= until) orders.set(day, (orders.get(day) ?? 0) + 1);
	}
	const rows: Visits[] = [];
	for (let at = Date.parse(from); at <= Date.parse(until); at += DAY) {
		const day = new Date(at).toISOString().slice(0, 10);
		const random = createRandom(`${shop.domain}|visits|${day}`);
		const completed = orders.get(day) ?? 0;
		const sessions = Math.round(completed / (0.016 + random.next() * 0.016)) + random.int(0, 40);
		const checkout = completed + Math.round(completed * (0.5 + random.next()));
		const cart = checkout + Math.round(sessions * (0.02 + random.next() * 0.03));
		const visitors = Math.round(sessions * (0.8 + random.next() * 0.1));
		const all = Math.max(sessions, cart);
		const pageviews = Math.round(all * (2.4 + random.next()));
		rows.push({ day, sessions: all, visitors, cart, checkout, completed, pageviews });
	}
	return rows;
}
