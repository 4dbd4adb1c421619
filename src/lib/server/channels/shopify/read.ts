import { micros, ZERO, type Micros } from '../amount.ts';
import { object, text } from '../json.ts';
import { missing } from '../unparsable.ts';

export {
	object,
	objects,
	optionalInstant,
	requiredCount,
	requiredInstant,
	requiredText,
	text,
	type Json
} from '../json.ts';

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
