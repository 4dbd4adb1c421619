import type { Line, Order, Refund, Shop } from '../../world/model.ts';
import { fixed, priceDecimal, roundHalfUp } from '../../world/money.ts';
import { isoInZone } from '../../world/time.ts';
import { refundTotal, totalsOf } from '../../world/totals.ts';
import { gid, numericId } from '../ids.ts';
import { customerPayload } from './record-payload.ts';

function moneySet(shop: Shop, order: Order, cents: number) {
	const { presentment } = order;
	const shopMoney = { amount: fixed(cents), currency_code: shop.currency };
	if (!presentment) return { shop_money: shopMoney, presentment_money: shopMoney };
	const amount = fixed(roundHalfUp(cents * presentment.rate));
	return { shop_money: shopMoney, presentment_money: { amount, currency_code: presentment.currency } };
}

function priceSet(shop: Shop, order: Order, price: number) {
	if (price % 100 === 0) return moneySet(shop, order, price / 100);
	const money = { amount: priceDecimal(price, 2), currency_code: shop.currency };
	return { shop_money: money, presentment_money: money };
}

export function orderPayload(shop: Shop, order: Order): Record<string, unknown> {
	const sums = totalsOf(order);
	const time = (at: number) => (at ? isoInZone(at, shop.zone) : null);
	const money = (cents: number) => moneySet(shop, order, cents);
	const currency = order.presentment?.currency ?? shop.currency;
	return {
		id: numericId('Order', order.n),
		admin_graphql_api_id: gid('Order', order.n),
		app_id: 580111,
		name: order.name,
		number: order.n,
		order_number: 1000 + order.n,
		created_at: time(order.createdAt),
		processed_at: time(order.processedAt),
		updated_at: time(order.updatedAt),
		cancelled_at: time(order.cancelledAt),
		cancel_reason: order.cancelReason?.toLowerCase() ?? null,
		closed_at: time(order.closedAt),
		confirmed: true,
		test: order.test,
		currency: shop.currency,
		presentment_currency: currency,
		taxes_included: false,
		subtotal_price: fixed(sums.subtotal),
		subtotal_price_set: money(sums.subtotal),
		total_discounts: fixed(sums.discounts),
		total_discounts_set: money(sums.discounts),
		total_line_items_price: fixed(sums.subtotal + sums.discounts),
		total_line_items_price_set: money(sums.subtotal + sums.discounts),
		total_shipping_price_set: money(order.shipping),
		total_tax: fixed(sums.tax),
		total_tax_set: money(sums.tax),
		total_price: fixed(sums.total),
		total_price_set: money(sums.total),
		current_subtotal_price: fixed(sums.currentSubtotal),
		current_subtotal_price_set: money(sums.currentSubtotal),
		current_total_tax: fixed(sums.currentTax),
		current_total_price: fixed(sums.currentTotal),
		current_total_price_set: money(sums.currentTotal),
		financial_status: order.financial.toLowerCase(),
		fulfillment_status: order.fulfilled ? 'fulfilled' : null,
		source_name: order.source,
		email: order.email,
		contact_email: order.email,
		note: null,
		tags: '',
		discount_codes: discountCodes(order, sums.discounts),
		tax_lines: taxLines(shop, order, sums.tax),
		customer: order.customer ? customerPayload(shop, order.customer) : null,
		shipping_address: address(order),
		billing_address: address(order),
		line_items: order.lines.map((line) => linePayload(shop, order, line)),
		shipping_lines: shippingLines(shop, order),
		refunds: order.refunds.map((refund) => refundPayload(shop, order, refund)),
		payment_gateway_names: [order.test ? 'bogus' : 'shopify_payments']
	};
}

function discountCodes(order: Order, discounts: number) {
	if (order.discount?.kind !== 'code') return [];
	return [{ code: order.discount.title, amount: fixed(discounts), type: 'percentage' }];
}

function taxLines(shop: Shop, order: Order, tax: number) {
	if (tax === 0) return [];
	const title = order.address?.province ? `${order.address.province} Tax` : 'Tax';
	return [{ title, rate: order.taxRate, price: fixed(tax), price_set: moneySet(shop, order, tax), channel_liable: false }]; // prettier-ignore
}

function address(order: Order) {
	const at = order.address;
	if (!at) return null;
	const { customer } = order;
	return {
		first_name: customer?.firstName ?? null,
		last_name: customer?.lastName ?? null,
		name: [customer?.firstName, customer?.lastName].filter(Boolean).join(' ') || null,
		address1: at.line1,
		address2: null,
		company: null,
		phone: null,
		city: at.city,
		zip: at.zip,
		province: at.province,
		province_code: at.provinceCode,
		country: at.country,
		country_code: at.countryCode
	};
}

function linePayload(shop: Shop, order: Order, line: Line) {
	const { variant } = line;
	const option = variant?.option ?? null;
	const levelDiscount = order.discount?.kind === 'manual' ? line.discount : 0;
	return {
		id: numericId('LineItem', line.n),
		admin_graphql_api_id: gid('LineItem', line.n),
		product_id: variant ? numericId('Product', variant.product.n) : null,
		variant_id: variant ? numericId('ProductVariant', variant.n) : null,
		sku: line.sku,
		title: line.title,
		variant_title: option,
		name: option ? `${line.title} - ${option}` : line.title,
		vendor: variant?.product.vendor ?? null,
		quantity: line.quantity,
		current_quantity: line.currentQuantity,
		fulfillable_quantity: order.fulfilled ? 0 : line.currentQuantity,
		fulfillment_status: order.fulfilled ? 'fulfilled' : null,
		gift_card: line.giftCard,
		product_exists: variant !== null,
		requires_shipping: !line.giftCard,
		taxable: true,
		price: priceDecimal(line.price, 2),
		price_set: priceSet(shop, order, line.price),
		total_discount: fixed(levelDiscount),
		total_discount_set: moneySet(shop, order, levelDiscount),
		discount_allocations: line.discount
			? [
					{
						amount: fixed(line.discount),
						amount_set: moneySet(shop, order, line.discount),
						discount_application_index: 0
					}
				]
			: [],
		tax_lines: taxLines(shop, order, line.tax),
		properties: (line.attributes ?? []).map(([name, value]) => ({ name, value }))
	};
}

function shippingLines(shop: Shop, order: Order) {
	if (!order.shippingTitle) return [];
	return [
		{
			id: numericId('ShippingLine', order.n),
			code: order.shippingTitle,
			title: order.shippingTitle,
			source: 'shopify',
			price: fixed(order.shipping),
			price_set: moneySet(shop, order, order.shipping),
			discounted_price: fixed(order.shipping),
			discounted_price_set: moneySet(shop, order, order.shipping),
			tax_lines: taxLines(shop, order, order.shippingTax),
			discount_allocations: []
		}
	];
}

export function refundPayload(shop: Shop, order: Order, refund: Refund): Record<string, unknown> {
	const money = (cents: number) => moneySet(shop, order, cents);
	const at = isoInZone(refund.createdAt, shop.zone);
	const total = refundTotal(refund);
	return {
		id: numericId('Refund', refund.n),
		admin_graphql_api_id: gid('Refund', refund.n),
		order_id: numericId('Order', order.n),
		created_at: at,
		processed_at: at,
		note: refund.note,
		restock: refund.lines.some((line) => line.restockType !== 'NO_RESTOCK'),
		refund_line_items: refund.lines.map((item) => ({
			id: numericId('RefundLineItem', item.n),
			line_item_id: numericId('LineItem', item.line.n),
			location_id: item.restockType === 'NO_RESTOCK' ? null : numericId('Location', item.location + 1),
			quantity: item.quantity,
			restock_type: item.restockType.toLowerCase(),
			subtotal: fixed(item.subtotal),
			subtotal_set: money(item.subtotal),
			total_tax: fixed(item.tax),
			total_tax_set: money(item.tax),
			line_item: linePayload(shop, order, item.line)
		})),
		refund_shipping_lines: refund.shipping
			? [
					{
						id: numericId('RefundShippingLine', refund.n),
						shipping_line: shippingLines(shop, order)[0] ?? null,
						subtotal_amount_set: money(refund.shipping),
						tax_amount_set: money(refund.shippingTax)
					}
				]
			: [],
		order_adjustments: refund.adjustments.map((adjustment) => ({
			id: numericId('OrderAdjustment', adjustment.n),
			order_id: numericId('Order', order.n),
			refund_id: numericId('Refund', refund.n),
			kind: 'refund_discrepancy',
			reason: 'Refund discrepancy',
			amount: fixed(adjustment.amount),
			amount_set: money(adjustment.amount),
			tax_amount: fixed(adjustment.tax),
			tax_amount_set: money(adjustment.tax)
		})),
		transactions: total
			? [
					{
						id: numericId('OrderTransaction', order.n * 16 + 1 + Math.max(0, order.refunds.indexOf(refund))),
						order_id: numericId('Order', order.n),
						kind: 'refund',
						status: 'success',
						test: order.test,
						gateway: order.test ? 'bogus' : 'shopify_payments',
						amount: order.presentment ? fixed(roundHalfUp(total * order.presentment.rate)) : fixed(total),
						currency: order.presentment?.currency ?? shop.currency,
						created_at: at,
						processed_at: at
					}
				]
			: []
	};
}
