import { micros, ZERO, type Micros } from '../amount.ts';
import { missing } from '../unparsable.ts';

/** A piece of JSON of which nothing is known yet. */
export type Json = Record<string, unknown>;

/** The object at this place, or null. */
export function object(value: unknown): Json | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

/** The objects of a list; an absent list is empty, a thing in it that is no object stops the parse. */
export function objects(value: unknown, where: string): Json[] {
	if (value === undefined || value === null) return [];
	if (!Array.isArray(value)) return missing(where);
	return value.map((one) => object(one) ?? missing(where));
}

/** Text that may be absent; empty text counts as absent. */
export function text(value: unknown): string | null {
	return typeof value === 'string' && value !== '' ? value : null;
}

export function requiredText(value: unknown, where: string): string {
	return text(value) ?? missing(where);
}

/** An instant in ISO 8601 with an offset, as Shopify writes it. */
export function requiredInstant(value: unknown, where: string): string {
	return optionalInstant(value) ?? missing(where);
}

export function optionalInstant(value: unknown): string | null {
	const written = text(value);
	return written !== null && !Number.isNaN(Date.parse(written)) ? written : null;
}

export function requiredCount(value: unknown, where: string): number {
	return typeof value === 'number' && Number.isSafeInteger(value) ? value : missing(where);
}

/** The number of a `gid://shopify/Kind/123`, or a bare number, as text. */
export function idOf(value: unknown): string | null {
	if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null;
	if (typeof value !== 'string' || value === '') return null;
	const from = value.lastIndexOf('/') + 1;
	const until = value.indexOf('?', from);
	return (until < 0 ? value.slice(from) : value.slice(from, until)) || null;
}

export function requiredId(value: unknown, where: string): string {
	return idOf(value) ?? missing(where);
}

/** The amount of a money bag in the shop's currency: `{ shopMoney }` or `{ shop_money }`. Null when absent. */
export function shopMoney(bag: unknown): Micros | null {
	const set = object(bag);
	const money = set && object(set.shopMoney ?? set.shop_money);
	return money ? micros(money.amount) : null;
}

export function requiredMoney(bag: unknown, where: string): Micros {
	return shopMoney(bag) ?? missing(where);
}

export function moneyOrZero(bag: unknown): Micros {
	return shopMoney(bag) ?? ZERO;
}

/** What the buyer saw: amount and currency of a money bag's presentment side. */
export function presentment(bag: unknown): { amount: Micros | null; currency: string | null } {
	const set = object(bag);
	const money = set && object(set.presentmentMoney ?? set.presentment_money);
	return {
		amount: money ? micros(money.amount) : null,
		currency: money ? text(money.currencyCode ?? money.currency_code) : null
	};
}
