import { micros, ZERO, type Micros } from '../amount.ts';
import { missing } from '../unparsable.ts';
import type { RawAddress, RawCustomer, RawLine, RawOrder, RawRefund } from './raw-order.ts';
import {
	idOf,
	moneyOrZero,
	object,
	objects,
	optionalInstant,
	presentment,
	requiredCount,
	requiredId,
	requiredInstant,
	requiredText,
	shopMoney,
	text,
	type Json
} from './read.ts';

/**
 * Reads an order as webhooks carry it (the shape of the REST Admin API).
 * @throws Unparsable naming the first field that is missing
 */
export function readRestOrder(body: Json): RawOrder {
	const seen = presentment(body.total_price_set);
	return {
		id: requiredId(body.id, 'The order id'),
		name: requiredText(body.name, 'The order name'),
		processedAt: requiredInstant(body.processed_at ?? body.created_at, 'The order date'),
		updatedAt: requiredInstant(body.updated_at, 'The date of the last change'),
		cancelledAt: optionalInstant(body.cancelled_at),
		test: body.test === true,
		taxesIncluded: body.taxes_included === true,
		currency: requiredText(body.currency, 'The currency'),
		presentmentCurrency: text(body.presentment_currency) ?? seen.currency,
		presentmentTotal: seen.amount,
		financial: text(body.financial_status)?.toLowerCase() ?? null,
		fulfillment: fulfillmentWord(body.fulfillment_status),
		total: money(body.total_price_set, body.total_price) ?? missing('The order total'),
		currentTotal: money(body.current_total_price_set, body.current_total_price),
		shipping: moneyOrZero(body.total_shipping_price_set),
		tax: money(body.total_tax_set, body.total_tax) ?? ZERO,
		email: text(body.email),
		customer: readRestCustomer(object(body.customer)),
		address: readAddress(object(body.shipping_address)),
		lines: Array.isArray(body.line_items)
			? objects(body.line_items, 'The lines').map(readLine)
			: missing('The list of lines'),
		refunds: objects(body.refunds, 'The refunds').map((refund) =>
			readRestRefund(refund, text(body.currency) ?? '')
		)
	};
}

/** Webhooks say null and `partial` where GraphQL says UNFULFILLED and PARTIALLY_FULFILLED. */
function fulfillmentWord(value: unknown): string {
	const word = text(value)?.toLowerCase() ?? 'unfulfilled';
	return word === 'partial' ? 'partially_fulfilled' : word;
}

/** The shop's side of a money bag, or the plain field beside it. */
function money(bag: unknown, plain: unknown): Micros | null {
	return shopMoney(bag) ?? micros(plain);
}

function readLine(line: Json, index: number): RawLine {
	const where = `line ${index + 1}`;
	const properties = objects(line.properties, `Properties of ${where}`);
	const property = (name: string) => text(properties.find((one) => one.name === name)?.value);
	return {
		id: requiredId(line.id, `Id of ${where}`),
		variantId: idOf(line.variant_id),
		productId: idOf(line.product_id),
		sku: text(line.sku),
		title: text(line.title) ?? requiredText(line.name, `Title of ${where}`),
		variantTitle: text(line.variant_title),
		vendor: text(line.vendor),
		quantity: requiredCount(line.quantity, `Quantity of ${where}`),
		currentQuantity: requiredCount(line.current_quantity ?? line.quantity, `Current quantity of ${where}`),
		unitPrice: money(line.price_set, line.price) ?? missing(`Price of ${where}`),
		total: null,
		discount: objects(line.discount_allocations, `Discounts of ${where}`).reduce(
			(sum, one) => sum + (money(one.amount_set, one.amount) ?? ZERO),
			ZERO
		),
		tax: objects(line.tax_lines, `Taxes of ${where}`).reduce(
			(sum, one) => sum + (money(one.price_set, one.price) ?? ZERO),
			ZERO
		),
		isGiftCard: line.gift_card === true,
		adjustmentQuantity: property('adjustment_quantity'),
		adjustmentUnitPrice: property('adjustment_unit_price')
	};
}

/**
 * A refund inside an order's webhook, or the body of refunds/create. Its transactions may be in the buyer's currency; what was
 * paid back in the shop's then follows from the refund's own lines.
 */
export function readRestRefund(refund: Json, currency: string): RawRefund {
	const id = requiredId(refund.id, 'A refund’s id');
	const adjustments = objects(refund.order_adjustments, `Adjustments of refund ${id}`);
	const items = objects(refund.refund_line_items, `Lines of refund ${id}`).map((item, index) =>
		readRefundItem(item, index, id)
	);
	const read = {
		id,
		at: requiredInstant(refund.processed_at ?? refund.created_at, `The date of refund ${id}`),
		items,
		shipping: readRefundShipping(refund, adjustments, id),
		adjustments: adjustments
			.filter((one) => one.kind !== 'shipping_refund')
			.map((line) => adjustment(line, id))
	};
	return { ...read, total: paidBack(refund, currency) ?? impliedTotal(read) };
}

function readRefundItem(item: Json, index: number, refundId: string): RawRefund['items'][number] {
	const lineId = idOf(item.line_item_id);
	return {
		id: idOf(item.id) ?? `${lineId}.${index}`,
		lineId,
		quantity: requiredCount(item.quantity, `Quantity of a line of refund ${refundId}`),
		subtotal: money(item.subtotal_set, item.subtotal) ?? missing(`Amount of a line of refund ${refundId}`),
		tax: money(item.total_tax_set, item.total_tax) ?? ZERO,
		restockType: text(item.restock_type)?.toLowerCase() ?? 'no_restock'
	};
}

/** Older deliveries tell refunded shipping as a negative adjustment, newer ones as a line of its own, some as both. */
function readRefundShipping(refund: Json, adjustments: Json[], id: string): RawRefund['shipping'] {
	const lines = objects(refund.refund_shipping_lines, `Shipping of refund ${id}`);
	if (lines.length > 0) {
		return lines.map((line) => ({
			id: requiredId(line.id, `Id of a shipping line of refund ${id}`),
			subtotal: moneyOrZero(line.subtotal_amount_set),
			tax: moneyOrZero(line.tax_amount_set)
		}));
	}
	return adjustments
		.filter((one) => one.kind === 'shipping_refund')
		.map((line) => {
			const { amount, tax, id: lineId } = adjustment(line, id);
			return { id: lineId, subtotal: -amount, tax: -tax };
		});
}

/** Sum of the successful refund transactions in the shop's currency; null when one is told in another currency only. */
function paidBack(refund: Json, currency: string): Micros | null {
	let sum = ZERO;
	for (const one of objects(refund.transactions, 'Transactions of a refund')) {
		if (one.kind !== 'refund' || one.status !== 'success') continue;
		const amount =
			shopMoney(one.amount_set) ??
			((text(one.currency) ?? currency) === currency ? micros(one.amount) : null);
		if (amount === null) return null;
		sum += amount;
	}
	return sum;
}

function impliedTotal(refund: Omit<RawRefund, 'total'>): Micros {
	let sum = ZERO;
	for (const item of refund.items) sum += item.subtotal + item.tax;
	for (const line of refund.shipping) sum += line.subtotal + line.tax;
	for (const line of refund.adjustments) sum -= line.amount + line.tax;
	return sum;
}

function adjustment(line: Json, refundId: string): RawRefund['adjustments'][number] {
	return {
		id: requiredId(line.id, `Id of an adjustment of refund ${refundId}`),
		amount: money(line.amount_set, line.amount) ?? missing(`Adjustment of refund ${refundId}`),
		tax: money(line.tax_amount_set, line.tax_amount) ?? ZERO
	};
}

/** A customer of an order's webhook, or the body of customers/*. */
export function readRestCustomer(customer: Json | null): RawCustomer | null {
	const id = customer && idOf(customer.id);
	if (!customer || id === null) return null;
	return {
		id,
		firstName: text(customer.first_name),
		lastName: text(customer.last_name),
		email: text(customer.email),
		countryCode: text(object(customer.default_address)?.country_code),
		updatedAt: optionalInstant(customer.updated_at)
	};
}

function readAddress(address: Json | null): RawAddress | null {
	if (!address) return null;
	return {
		name: text(address.name),
		city: text(address.city),
		province: text(address.province),
		provinceCode: text(address.province_code),
		country: text(address.country),
		countryCode: text(address.country_code)
	};
}
