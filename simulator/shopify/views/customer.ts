import type { Customer, Shop } from '../../world/model.ts';
import { isoUtc } from '../../world/time.ts';
import { Connection, type PageArgs } from '../connection.ts';
import { gid, numericId } from '../ids.ts';
import { addressView } from './address.ts';
import { moneyOf } from './money.ts';
import { OrderView } from './order.ts';

export class CustomerView {
	readonly __typename = 'Customer';
	readonly taxExempt = false;
	readonly verifiedEmail = true;
	readonly locale = 'en';
	readonly tags: string[] = [];
	#shop: Shop;
	#row: Customer;

	constructor(shop: Shop, row: Customer) {
		this.#shop = shop;
		this.#row = row;
	}

	get id() {
		return gid('Customer', this.#row.n);
	}
	get legacyResourceId() {
		return String(numericId('Customer', this.#row.n));
	}
	get createdAt() {
		return isoUtc(this.#row.createdAt);
	}
	get updatedAt() {
		return isoUtc(this.#row.updatedAt);
	}
	get firstName() {
		return this.#row.firstName;
	}
	get lastName() {
		return this.#row.lastName;
	}
	get displayName() {
		return [this.#row.firstName, this.#row.lastName].filter(Boolean).join(' ') || this.#row.email || '';
	}
	get note() {
		return this.#row.note;
	}
	get state() {
		return this.#row.subscribed ? 'ENABLED' : 'DISABLED';
	}
	get numberOfOrders() {
		return String(this.#row.orders);
	}
	get amountSpent() {
		return moneyOf(this.#row.spent, this.#shop.currency);
	}
	get defaultAddress() {
		return addressView(this.#row.address, this.#row.n, this.#row);
	}
	get defaultEmailAddress() {
		const { email, subscribed } = this.#row;
		if (!email) return null;
		return {
			emailAddress: email,
			marketingState: subscribed ? 'SUBSCRIBED' : 'NOT_SUBSCRIBED',
			validFormat: true
		};
	}
	orders(args: PageArgs) {
		const rows = this.#shop.orders.filter((order) => order.customer === this.#row);
		return new Connection({ rows }, args, (order) => new OrderView(this.#shop, order));
	}
}
