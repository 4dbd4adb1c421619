import type { Order, Shop } from '../../world/model.ts';
import { isoUtc } from '../../world/time.ts';
import { totalsOf, type Totals } from '../../world/totals.ts';
import { Connection, type PageArgs } from '../connection.ts';
import { gid, numericId } from '../ids.ts';
import { addressView } from './address.ts';
import { CustomerView } from './customer.ts';
import { LineView } from './line.ts';
import { Bag } from './money.ts';
import { RefundView, transactionsOf } from './refund.ts';
import { shippingLineView, taxLinesOf } from './shipping.ts';

/** A GraphQL `Order` over a row of the world: nothing is computed before it is asked for. */
export class OrderView {
	readonly __typename = 'Order';
	readonly confirmed = true;
	readonly note = null;
	readonly tags: string[] = [];
	readonly taxesIncluded = false;
	#shop: Shop;
	#row: Order;
	#sums: Totals | undefined;

	constructor(shop: Shop, row: Order) {
		this.#shop = shop;
		this.#row = row;
	}

	get #totals(): Totals {
		return (this.#sums ??= totalsOf(this.#row));
	}
	#bag(cents: number): Bag {
		return new Bag(cents, this.#row, this.#shop.currency);
	}

	get id() {
		return gid('Order', this.#row.n);
	}
	get legacyResourceId() {
		return String(numericId('Order', this.#row.n));
	}
	get name() {
		return this.#row.name;
	}
	get number() {
		return this.#row.n;
	}
	get createdAt() {
		return isoUtc(this.#row.createdAt);
	}
	get processedAt() {
		return isoUtc(this.#row.processedAt);
	}
	get updatedAt() {
		return isoUtc(this.#row.updatedAt);
	}
	get cancelledAt() {
		return this.#row.cancelledAt ? isoUtc(this.#row.cancelledAt) : null;
	}
	get cancelReason() {
		return this.#row.cancelReason;
	}
	get closed() {
		return this.#row.closedAt > 0;
	}
	get closedAt() {
		return this.#row.closedAt ? isoUtc(this.#row.closedAt) : null;
	}
	get test() {
		return this.#row.test;
	}
	get edited() {
		return this.#row.edited;
	}
	get email() {
		return this.#row.email;
	}
	get sourceName() {
		return this.#row.source;
	}
	get displayFinancialStatus() {
		return this.#row.financial;
	}
	get displayFulfillmentStatus() {
		return this.#row.fulfilled ? 'FULFILLED' : 'UNFULFILLED';
	}
	get returnStatus() {
		const returned = this.#row.refunds.some((r) => r.lines.some((line) => line.restockType === 'RETURN'));
		return returned ? 'RETURNED' : 'NO_RETURN';
	}
	get currencyCode() {
		return this.#shop.currency;
	}
	get presentmentCurrencyCode() {
		return this.#row.presentment?.currency ?? this.#shop.currency;
	}
	get discountCode() {
		return this.#row.discount?.kind === 'code' ? this.#row.discount.title : null;
	}
	get discountCodes() {
		return this.#row.discount?.kind === 'code' ? [this.#row.discount.title] : [];
	}
	get customer() {
		return this.#row.customer ? new CustomerView(this.#shop, this.#row.customer) : null;
	}
	get shippingAddress() {
		return addressView(this.#row.address, this.#row.n, this.#row.customer);
	}
	get subtotalLineItemsQuantity() {
		return this.#totals.quantity;
	}
	get currentSubtotalLineItemsQuantity() {
		return this.#totals.currentQuantity;
	}
	get subtotalPriceSet() {
		return this.#bag(this.#totals.subtotal);
	}
	get totalDiscountsSet() {
		return this.#bag(this.#totals.discounts);
	}
	get totalTaxSet() {
		return this.#bag(this.#totals.tax);
	}
	get totalShippingPriceSet() {
		return this.#bag(this.#row.shipping);
	}
	get totalPriceSet() {
		return this.#bag(this.#totals.total);
	}
	get originalTotalPriceSet() {
		return this.#bag(this.#totals.total);
	}
	get currentSubtotalPriceSet() {
		return this.#bag(this.#totals.currentSubtotal);
	}
	get currentTotalDiscountsSet() {
		const left = this.#row.lines.reduce(
			(sum, l) => sum + (l.quantity ? Math.round((l.discount * l.currentQuantity) / l.quantity) : 0),
			0
		);
		return this.#bag(left);
	}
	get currentTotalTaxSet() {
		return this.#bag(this.#totals.currentTax);
	}
	get currentTotalPriceSet() {
		return this.#bag(this.#totals.currentTotal);
	}
	get totalRefundedSet() {
		return this.#bag(this.#totals.refunded);
	}
	get totalRefundedShippingSet() {
		return this.#bag(this.#totals.refundedShipping);
	}
	get totalReceivedSet() {
		return this.#bag(this.#totals.received);
	}
	get netPaymentSet() {
		return this.#bag(this.#totals.received - this.#totals.refunded);
	}
	get refundDiscrepancySet() {
		let sum = 0;
		for (const refund of this.#row.refunds) for (const a of refund.adjustments) sum += a.amount;
		return this.#bag(sum);
	}
	get taxLines() {
		return taxLinesOf(this.#row, this.#totals.tax, this.#shop.currency);
	}
	get shippingLine() {
		return shippingLineView(this.#shop, this.#row);
	}
	shippingLines(args: PageArgs) {
		const rows = this.#row.shippingTitle ? [this.#row] : [];
		return new Connection({ rows }, args, (row) => shippingLineView(this.#shop, row)!);
	}
	lineItems(args: PageArgs) {
		return new Connection(
			{ rows: this.#row.lines },
			args,
			(line) => new LineView(this.#shop, this.#row, line)
		);
	}
	refunds({ first }: { first?: number | null }) {
		return this.#row.refunds
			.slice(0, first ?? undefined)
			.map((refund) => new RefundView(this.#shop, this.#row, refund));
	}
	transactions({ first }: { first?: number | null }) {
		return transactionsOf(this.#shop, this.#row).slice(0, first ?? undefined);
	}
}
