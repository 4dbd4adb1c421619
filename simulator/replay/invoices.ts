import type { Address, Customer, Line, Order, Refund, Shop, Variant } from '../world/model.ts';
import { lineCents, priceDecimal } from '../world/money.ts';
import { localToUtc } from '../world/time.ts';
import { countryAddress } from './countries.ts';
import type { Row } from './rows.ts';
import { emptyVariant, settleTitle } from './variants.ts';

/** Gathers rows into invoices, customers and products of a shop, whatever order the rows come in. */
export class InvoiceBuilder {
	#shop: Shop;
	#zone: string;
	#invoices = new Map<string, { order: Order; wallClock: number }>();
	#variants = new Map<string, { variant: Variant; titles: Map<string, number> }>();
	#customers = new Map<string, Customer>();
	#countries = new Map<string, Address>();

	constructor(shop: Shop, zone: string) {
		this.#shop = shop;
		this.#zone = zone;
	}

	add(row: Row): void {
		let invoice = this.#invoices.get(row.invoice);
		if (!invoice) {
			invoice = { order: this.#openOrder(row), wallClock: row.wallClock };
			this.#invoices.set(row.invoice, invoice);
		} else if (row.wallClock < invoice.wallClock) invoice.wallClock = row.wallClock;
		const { order } = invoice;
		const variant = this.#variantOf(row);
		if (row.invoice.startsWith('C')) this.#addReturn(order, row, variant);
		else this.#addLine(order, row, variant);
	}

	/** Orders in the order of time, numbered; titles, customers and stamps are settled now that all rows are known. */
	finish(): Order[] {
		for (const { order, wallClock } of this.#invoices.values()) {
			const at = localToUtc(wallClock, this.#zone);
			order.createdAt = order.processedAt = order.updatedAt = order.closedAt = at;
			for (const refund of order.refunds) refund.createdAt = at;
		}
		const orders = [...this.#invoices.values()].map((invoice) => invoice.order);
		orders.sort((a, b) => a.processedAt - b.processedAt);
		for (const [i, order] of orders.entries()) {
			order.n = i + 1;
			this.#settleCustomer(order);
		}
		const opened = orders[0]?.createdAt ?? 0;
		this.#shop.createdAt = opened;
		this.#shop.locations[0]!.createdAt = opened;
		for (const { variant, titles } of this.#variants.values()) settleTitle(variant, titles, opened);
		for (const order of orders) {
			for (const line of order.lines) line.title = line.variant!.product.title;
		}
		return orders;
	}

	#openOrder(row: Row): Order {
		const customer = row.customerId ? this.#customerOf(row) : null;
		return {
			n: 0,
			name: row.invoice,
			createdAt: 0,
			processedAt: 0,
			updatedAt: 0,
			cancelledAt: 0,
			cancelReason: null,
			closedAt: 0,
			test: false,
			edited: false,
			financial: row.invoice.startsWith('C') ? 'REFUNDED' : 'PAID',
			fulfilled: true,
			customer,
			email: null,
			address: this.#addressOf(row.country),
			source: 'web',
			lines: [],
			refunds: [],
			shippingTitle: null,
			shipping: 0,
			shippingTax: 0,
			taxRate: 0,
			discount: null,
			presentment: null,
			location: 0
		};
	}

	#addressOf(country: string): Address {
		let address = this.#countries.get(country);
		if (!address) this.#countries.set(country, (address = countryAddress(country)));
		return address;
	}

	#customerOf(row: Row): Customer {
		let customer = this.#customers.get(row.customerId);
		if (!customer) {
			customer = {
				n: this.#shop.customers.length + 1,
				firstName: 'Customer',
				lastName: row.customerId,
				email: null,
				createdAt: 0,
				updatedAt: 0,
				orders: 0,
				spent: 0,
				subscribed: false,
				address: null,
				note: null
			};
			this.#customers.set(row.customerId, customer);
			this.#shop.customers.push(customer);
		}
		return customer;
	}

	/** SKUs are case-sensitive: 85123a and 85123A are two products. */
	#variantOf(row: Row): Variant {
		let known = this.#variants.get(row.stockCode);
		if (!known) {
			const n = this.#shop.variants.length + 1;
			known = { variant: emptyVariant(n, row.stockCode), titles: new Map() };
			this.#variants.set(row.stockCode, known);
			this.#shop.variants.push(known.variant);
			this.#shop.products.push(known.variant.product);
		}
		const { variant, titles } = known;
		if (row.description) titles.set(row.description, (titles.get(row.description) ?? 0) + 1);
		if (row.quantity > 0 && row.unitPrice > 0) variant.price = row.unitPrice;
		return variant;
	}

	#makeLine(row: Row, variant: Variant, sold: boolean): Line {
		return {
			n: ++this.#shop.counters.line,
			variant,
			sku: row.stockCode === variant.sku ? variant.sku : row.stockCode,
			title: '',
			quantity: sold ? row.quantity : 0,
			currentQuantity: sold ? row.quantity : 0,
			price: row.unitPrice,
			gross: sold ? lineCents(row.quantity, row.unitPrice) : 0,
			discount: 0,
			tax: 0,
			giftCard: false,
			attributes: null
		};
	}

	#addLine(order: Order, row: Row, variant: Variant): void {
		const sold = row.quantity > 0 && row.unitPrice >= 0;
		const line = this.#makeLine(row, variant, sold);
		if (!sold) {
			line.attributes = [
				['adjustment_quantity', String(row.quantity)],
				['adjustment_unit_price', priceDecimal(row.unitPrice, 2)]
			];
		}
		order.lines.push(line);
	}

	#addReturn(order: Order, row: Row, variant: Variant): void {
		const { counters } = this.#shop;
		let refund: Refund | undefined = order.refunds[0];
		if (!refund) {
			const n = ++counters.refund;
			refund = { n, createdAt: 0, note: null, lines: [], shipping: 0, shippingTax: 0, adjustments: [] };
			order.refunds.push(refund);
		}
		const line = this.#makeLine(row, variant, false);
		order.lines.push(line);
		refund.lines.push({
			n: ++counters.refundLine,
			line,
			// `0 -` and not a plain minus: a line of nothing must not become -0.
			quantity: 0 - row.quantity,
			restockType: 'RETURN',
			subtotal: 0 - lineCents(row.quantity, row.unitPrice),
			tax: 0,
			location: 0
		});
	}

	#settleCustomer(order: Order): void {
		const { customer } = order;
		if (!customer) return;
		if (customer.createdAt === 0) customer.createdAt = order.processedAt;
		customer.updatedAt = order.processedAt;
		customer.address = order.address;
		let sold = false;
		for (const line of order.lines) {
			customer.spent += line.gross;
			sold ||= line.quantity > 0;
		}
		for (const refund of order.refunds) for (const line of refund.lines) customer.spent -= line.subtotal;
		if (sold) customer.orders++;
	}
}
