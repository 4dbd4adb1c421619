import type { Adjustment, Order, Refund, RefundLine, Shop } from '../../world/model.ts';
import { chargeFee } from '../../world/payments.ts';
import { isoUtc } from '../../world/time.ts';
import { refundTotal, totalsOf } from '../../world/totals.ts';
import { Connection, type PageArgs } from '../connection.ts';
import { gid, numericId } from '../ids.ts';
import { locationView } from './inventory.ts';
import { LineView } from './line.ts';
import { Bag, moneyOf } from './money.ts';
import { OrderView } from './order.ts';
import { shippingLineView } from './shipping.ts';

export class RefundView {
	readonly __typename = 'Refund';
	#shop: Shop;
	#order: Order;
	#row: Refund;

	constructor(shop: Shop, order: Order, row: Refund) {
		this.#shop = shop;
		this.#order = order;
		this.#row = row;
	}

	#bag(cents: number): Bag {
		return new Bag(cents, this.#order, this.#shop.currency);
	}
	get id() {
		return gid('Refund', this.#row.n);
	}
	get legacyResourceId() {
		return String(numericId('Refund', this.#row.n));
	}
	get createdAt() {
		return isoUtc(this.#row.createdAt);
	}
	get processedAt() {
		return isoUtc(this.#row.createdAt);
	}
	get updatedAt() {
		return isoUtc(this.#row.createdAt);
	}
	get note() {
		return this.#row.note;
	}
	get order() {
		return new OrderView(this.#shop, this.#order);
	}
	get totalRefundedSet() {
		return this.#bag(refundTotal(this.#row));
	}
	refundLineItems(args: PageArgs) {
		return new Connection({ rows: this.#row.lines }, args, (line) => this.#lineView(line));
	}
	#lineView(item: RefundLine) {
		return {
			id: gid('RefundLineItem', item.n),
			lineItem: new LineView(this.#shop, this.#order, item.line),
			location: locationView(this.#shop, this.#shop.locations[item.location] ?? this.#shop.locations[0]!),
			priceSet: new Bag(item.line.price, this.#order, this.#shop.currency, true),
			quantity: item.quantity,
			restockType: item.restockType,
			restocked: item.restockType !== 'NO_RESTOCK',
			subtotalSet: this.#bag(item.subtotal),
			totalTaxSet: this.#bag(item.tax)
		};
	}
	refundShippingLines(args: PageArgs) {
		const rows = this.#row.shipping !== 0 ? [this.#row] : [];
		return new Connection({ rows }, args, (row) => ({
			__typename: 'RefundShippingLine',
			id: gid('RefundShippingLine', row.n),
			shippingLine: shippingLineView(this.#shop, this.#order),
			subtotalAmountSet: this.#bag(row.shipping),
			taxAmountSet: this.#bag(row.shippingTax)
		}));
	}
	orderAdjustments(args: PageArgs) {
		return new Connection({ rows: this.#row.adjustments }, args, (row: Adjustment) => ({
			__typename: 'OrderAdjustment',
			id: gid('OrderAdjustment', row.n),
			amountSet: this.#bag(row.amount),
			taxAmountSet: this.#bag(row.tax),
			reason: row.reason
		}));
	}
	transactions(args: PageArgs) {
		const rows = refundTotal(this.#row) === 0 ? [] : [this.#row];
		return new Connection({ rows }, args, (row) => refundTransaction(this.#shop, this.#order, row));
	}
}

function refundTransaction(shop: Shop, order: Order, refund: Refund) {
	return transaction(shop, order, order.n * 16 + 1 + order.refunds.indexOf(refund), 'REFUND', refundTotal(refund), refund.createdAt); // prettier-ignore
}

function transaction(shop: Shop, order: Order, n: number, kind: string, cents: number, at: number) {
	return {
		__typename: 'OrderTransaction',
		id: gid('OrderTransaction', n),
		amountSet: new Bag(cents, order, shop.currency),
		createdAt: isoUtc(at),
		processedAt: isoUtc(at),
		gateway: order.test ? 'bogus' : 'shopify_payments',
		kind,
		status: 'SUCCESS',
		test: order.test,
		fees: kind === 'SALE' && !order.test ? [feeView(n, cents, shop.currency)] : [],
		parentTransaction: null
	};
}

function feeView(n: number, cents: number, currency: string) {
	return {
		__typename: 'TransactionFee',
		id: gid('TransactionFee', n),
		amount: moneyOf(chargeFee(cents), currency),
		flatFee: moneyOf(30, currency),
		flatFeeName: null,
		rate: '0.029',
		rateName: null,
		taxAmount: moneyOf(0, currency),
		type: 'processing_fee'
	};
}

/** The payment (or its authorization) and every refund of an order. */
export function transactionsOf(shop: Shop, order: Order) {
	const { total, received } = totalsOf(order);
	const open = order.financial === 'AUTHORIZED' || order.financial === 'VOIDED';
	const list = [
		transaction(
			shop,
			order,
			order.n * 16,
			open ? 'AUTHORIZATION' : 'SALE',
			open ? total : received,
			order.createdAt
		)
	];
	for (const refund of order.refunds) list.push(refundTransaction(shop, order, refund));
	return list;
}
