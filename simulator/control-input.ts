import { numericId, parseGid } from './shopify/ids.ts';
import type { Tenant } from './shopify/tenant.ts';
import type { OrderWish } from './world/basket.ts';
import type { Order } from './world/model.ts';
import { fixed } from './world/money.ts';
import { isoUtc } from './world/time.ts';
import { totalsOf } from './world/totals.ts';

/** A request of the control endpoint that cannot be met; the message goes back to the caller. */
export class ControlError extends Error {}

export type Body = Record<string, unknown>;

/** An order by name (`#1042`), global id, number, or the newest when none is named. */
export function orderOf(tenant: Tenant, name: unknown): Order {
	const { orders } = tenant.shop;
	const text = String(name ?? '');
	const found =
		text === ''
			? orders.at(-1)
			: orders.find((order) => {
					return (
						order.name === text ||
						parseGid(text)?.n === order.n ||
						String(numericId('Order', order.n)) === text
					);
				});
	if (!found) throw new ControlError(`There is no order "${text}"`);
	return found;
}

/** What a caller fixed about an order it asks for. */
export function wishOf(body: Body): OrderWish & { country?: string } {
	const wish: OrderWish & { country?: string } = {};
	const given = (body.overrides as Body | undefined) ?? body;
	if (Array.isArray(given.lines)) {
		wish.lines = (given.lines as Body[]).map((line) => ({
			sku: String(line.sku),
			quantity: numberOf(line, 'quantity', 1),
			...(line.price !== undefined && { price: Math.round(Number(line.price) * 10_000) })
		}));
	}
	if (given.lineCount !== undefined) wish.lineCount = numberOf(given, 'lineCount', 1);
	if (typeof given.test === 'boolean') wish.test = given.test;
	if (typeof given.giftCard === 'boolean') wish.giftCard = given.giftCard;
	if (typeof given.country === 'string') wish.country = given.country;
	if (given.presentment) wish.presentment = given.presentment as { currency: string; rate: number };
	if (given.discountPercent !== undefined) {
		const percent = numberOf(given, 'discountPercent', 0);
		wish.discount = percent ? { kind: 'code', title: `TEST${percent}`, percent } : null;
	}
	return wish;
}

/** What the control endpoint says of an order. */
export function described(order: Order) {
	return {
		id: `gid://shopify/Order/${numericId('Order', order.n)}`,
		name: order.name,
		createdAt: isoUtc(order.createdAt),
		updatedAt: isoUtc(order.updatedAt),
		financialStatus: order.financial,
		lines: order.lines.length,
		total: fixed(totalsOf(order).total),
		test: order.test
	};
}

/** A list, or a comma-separated text, as a list of texts. */
export function strings(value: unknown): string[] {
	if (value === undefined) return [];
	return Array.isArray(value) ? value.map(String) : String(value).split(',');
}

/** A number of 0 or more, or the fallback; throws ControlError naming the field. */
export function numberOf(body: Body, name: string, fallback: number): number {
	if (body[name] === undefined) return fallback;
	const value = Number(body[name]);
	if (!Number.isFinite(value) || value < 0) throw new ControlError(`${name} must be a number of 0 or more`);
	return value;
}

/** Days and time zone of a question for the ledger; throws ControlError naming what is wrong. */
export function spanOf(query: URLSearchParams, zone: string): { zone: string; from?: string; to?: string } {
	const span: { zone: string; from?: string; to?: string } = { zone: query.get('timeZone') ?? zone };
	for (const name of ['from', 'to'] as const) {
		const day = query.get(name);
		if (day && !/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new ControlError(`${name} must be YYYY-MM-DD`);
		if (day) span[name] = day;
	}
	try {
		new Intl.DateTimeFormat('en', { timeZone: span.zone });
	} catch {
		throw new ControlError(`timeZone "${span.zone}" is not a known time zone`);
	}
	return span;
}
