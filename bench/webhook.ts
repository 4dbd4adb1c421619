import { createHmac } from 'node:crypto';

/** A signed delivery, ready to be posted. `name` is what the screen will show. */
export interface Delivery {
	name: string;
	externalId: string;
	body: Buffer;
	headers: Record<string, string>;
}

let next = Math.floor(Date.now() / 1000) * 100_000; // ids never repeat between rounds or runs on one data directory

/** A shop's `orders/create` as Shopify sends it: three lines, a customer, a shipping address; never the same order twice. */
export function orderCreated(
	shop: { domain: string; secret: string; currency?: string },
	at = new Date()
): Delivery {
	const id = next++;
	const name = `#B${id}`;
	const currency = shop.currency ?? 'USD';
	const instant = instantOf(at);
	const bag = (amount: string) => ({
		shop_money: { amount, currency_code: currency },
		presentment_money: { amount, currency_code: currency }
	});
	const prices = [1295, 450, 3800];
	const lines = prices.map((cents, index) => ({
		id: id * 10 + index,
		variant_id: 4000 + ((id * 7 + index) % 200),
		product_id: 3000 + ((id * 7 + index) % 200),
		sku: `BENCH-${(id * 7 + index) % 200}`,
		title: `Bench product ${(id * 7 + index) % 200}`,
		variant_title: null,
		vendor: 'Bench',
		quantity: index + 1,
		current_quantity: index + 1,
		price: money(cents),
		price_set: bag(money(cents)),
		total_discount: '0.00',
		discount_allocations: [],
		tax_lines: [],
		gift_card: false,
		properties: []
	}));
	const total = money(prices.reduce((sum, cents, index) => sum + cents * (index + 1), 0));
	const customerId = 7000 + (id % 500);
	const body = Buffer.from(
		JSON.stringify({
			id,
			admin_graphql_api_id: `gid://shopify/Order/${id}`,
			name,
			number: id,
			order_number: id,
			created_at: instant,
			processed_at: instant,
			updated_at: instant,
			cancelled_at: null,
			confirmed: true,
			test: false,
			currency,
			presentment_currency: currency,
			taxes_included: false,
			subtotal_price: total,
			subtotal_price_set: bag(total),
			total_discounts: '0.00',
			total_discounts_set: bag('0.00'),
			total_tax: '0.00',
			total_tax_set: bag('0.00'),
			total_price: total,
			total_price_set: bag(total),
			current_total_price: total,
			current_total_price_set: bag(total),
			total_shipping_price_set: bag('0.00'),
			financial_status: 'paid',
			fulfillment_status: null,
			email: `buyer${customerId}@example.com`,
			tags: '',
			discount_codes: [],
			tax_lines: [],
			customer: {
				id: customerId,
				first_name: 'Ada',
				last_name: `Buyer ${customerId}`,
				email: `buyer${customerId}@example.com`,
				created_at: instant,
				updated_at: instant,
				default_address: { country_code: 'US' }
			},
			shipping_address: {
				name: 'Ada Buyer',
				city: 'Portland',
				province: 'Oregon',
				province_code: 'OR',
				country: 'United States',
				country_code: 'US'
			},
			line_items: lines,
			shipping_lines: [],
			refunds: []
		})
	);
	return { name, externalId: String(id), body, headers: signed(shop, 'orders/create', `bench-${id}`, body) };
}

/** An order as `orderCreated` writes it, as far as a change of it looks. */
interface Written {
	id: number;
	updated_at: string;
	line_items: { id: number; price: string; price_set: unknown; current_quantity: number }[];
}

/** The same order with its first line paid back (12.95): an `orders/updated` that moves figures down again. A second later, unless told. */
export function orderRefunded(
	shop: { domain: string; secret: string },
	created: Delivery,
	refundedAt?: Date
): Delivery {
	const order = JSON.parse(created.body.toString()) as Written;
	const at = instantOf(refundedAt ?? new Date(Date.parse(order.updated_at) + 1000));
	const line = order.line_items[0]!;
	const refund = {
		id: order.id * 10,
		created_at: at,
		processed_at: at,
		order_adjustments: [],
		refund_shipping_lines: [],
		transactions: [],
		refund_line_items: [
			{
				id: order.id * 10,
				line_item_id: line.id,
				quantity: 1,
				subtotal: line.price,
				subtotal_set: line.price_set,
				total_tax: '0.00',
				restock_type: 'no_restock'
			}
		]
	};
	return updated(shop, created, 'refund', {
		...order,
		updated_at: at,
		financial_status: 'partially_refunded',
		refunds: [refund]
	});
}

/** The same order after somebody took one of three pieces of its last line (38.00) out of it. */
export function orderEdited(
	shop: { domain: string; secret: string },
	created: Delivery,
	editedAt: Date
): Delivery {
	const order = JSON.parse(created.body.toString()) as Written;
	const line_items = order.line_items.map((line, index) =>
		index === 2 ? { ...line, current_quantity: line.current_quantity - 1 } : line
	);
	return updated(shop, created, 'edit', { ...order, updated_at: instantOf(editedAt), line_items });
}

function updated(
	shop: { domain: string; secret: string },
	{ name, externalId }: Delivery,
	what: string,
	order: object
): Delivery {
	const body = Buffer.from(JSON.stringify(order));
	return {
		name,
		externalId,
		body,
		headers: signed(shop, 'orders/updated', `bench-${externalId}-${what}`, body)
	};
}

const instantOf = (at: Date) => at.toISOString().replace(/\.\d+Z$/, 'Z');

export function isRefund(delivery: Delivery): boolean {
	return delivery.headers['x-shopify-topic'] === 'orders/updated';
}

/** The headers of a delivery: signature over the raw body, topic, shop and an id by which a retry is known. */
export function signed(
	shop: { domain: string; secret: string },
	topic: string,
	deliveryId: string,
	body: Buffer
): Record<string, string> {
	return {
		'content-type': 'application/json',
		'x-shopify-topic': topic,
		'x-shopify-shop-domain': shop.domain,
		'x-shopify-api-version': '2026-07',
		'x-shopify-webhook-id': deliveryId,
		'x-shopify-event-id': deliveryId,
		'x-shopify-triggered-at': new Date().toISOString(),
		'x-shopify-hmac-sha256': createHmac('sha256', shop.secret).update(body).digest('base64')
	};
}

function money(cents: number): string {
	return (cents / 100).toFixed(2);
}
