import type { Order } from '../../world/model.ts';
import { decimal, priceDecimal, roundHalfUp } from '../../world/money.ts';

export interface Money {
	amount: string;
	currencyCode: string;
}

export function moneyOf(cents: number, currencyCode: string): Money {
	return { amount: decimal(cents), currencyCode };
}

/** An amount in the shop's currency and in the one the customer saw and paid. */
export class Bag {
	#amount: number;
	#order: Order;
	#currency: string;
	#unitPrice: boolean;

	constructor(amount: number, order: Order, currency: string, unitPrice = false) {
		this.#amount = amount;
		this.#order = order;
		this.#currency = currency;
		this.#unitPrice = unitPrice;
	}

	#print(amount: number): string {
		return this.#unitPrice ? priceDecimal(amount, 1) : decimal(amount);
	}

	get shopMoney(): Money {
		return { amount: this.#print(this.#amount), currencyCode: this.#currency };
	}

	get presentmentMoney(): Money {
		const { presentment } = this.#order;
		if (!presentment) return this.shopMoney;
		const step = this.#unitPrice ? 100 : 1;
		const amount = roundHalfUp((this.#amount * presentment.rate) / step) * step;
		return { amount: this.#print(amount), currencyCode: presentment.currency };
	}
}
