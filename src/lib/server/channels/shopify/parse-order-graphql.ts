import { ZERO } from '../amount.ts';
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
	requiredMoney,
	requiredText,
	shopMoney,
	text,
	type Json
} from './read.ts';

/**
 * Reads an order node of the GraphQL Admin API: from a page, or assembled from bulk JSONL. Connections are `{ nodes }` and whole.
 * @throws Unparsable naming the first field that is missing
 */
export function readGraphqlOrder(node: Json): RawOrder {
	const total = requiredMoney(node.totalPriceSet, 'The order total');
	const seen = presentment(node.totalPriceSet);
	return {
		id: requiredId(node.id, 'The order id'),
		name: requiredText(node.name, 'The order name'),
		processedAt: requiredInstant(node.processedAt ?? node.createdAt, 'The order date'),
		updatedAt: requiredInstant(node.updatedAt, 'The date of the last change'),
		cancelledAt: optionalInstant(node.cancelledAt),
		test: node.test === true,
		taxesIncluded: node.taxesIncluded === true,
		currency: requiredText(node.currencyCode, 'The currency'),
		presentmentCurrency: text(node.presentmentCurrencyCode) ?? seen.currency,
		presentmentTotal: seen.amount,
		financial: word(node.displayFinancialStatus),
		fulfillment: word(node.displayFulfillmentStatus),
		total,
		currentTotal: shopMoney(node.currentTotalPriceSet),
		shipping: moneyOrZero(node.totalShippingPriceSet),
		tax: moneyOrZero(node.totalTaxSet),
		email: text(node.email),
		customer: readCustomer(object(node.customer)),
		address: readAddress(object(node.shippingAddress)),
		lines: nodesOf(node.lineItems, 'The lines').map(readLine),
		refunds: objects(node.refunds, 'The refunds').map(readRefund)
	};
}

/** The rows of a connection. */
export function nodesOf(connection: unknown, where: string): Json[] {
	return objects(object(connection)?.nodes, where);
}

function word(value: unknown): string | null {
	return text(value)?.toLowerCase() ?? null;
}

function readLine(line: Json, index: number): RawLine {
	const where = `line ${index + 1}`;
	const attributes = objects(line.customAttributes, `Attributes of ${where}`);
	const attribute = (key: string) => text(attributes.find((one) => one.key === key)?.value);
	return {
		id: requiredId(line.id, `Id of ${where}`),
		variantId: idOf(object(line.variant)?.id),
		productId: idOf(object(line.product)?.id),
		sku: text(line.sku),
		title: text(line.title) ?? requiredText(line.name, `Title of ${where}`),
		variantTitle: text(line.variantTitle),
		vendor: text(line.vendor),
		quantity: requiredCount(line.quantity, `Quantity of ${where}`),
		currentQuantity: requiredCount(line.currentQuantity ?? line.quantity, `Current quantity of ${where}`),
		unitPrice: requiredMoney(line.originalUnitPriceSet, `Price of ${where}`),
		total: shopMoney(line.originalTotalSet),
		discount: objects(line.discountAllocations, `Discounts of ${where}`).reduce(
			(sum, one) => sum + moneyOrZero(one.allocatedAmountSet),
			ZERO
		),
		tax: objects(line.taxLines, `Taxes of ${where}`).reduce(
			(sum, one) => sum + moneyOrZero(one.priceSet),
			ZERO
		),
		isGiftCard: line.isGiftCard === true,
		adjustmentQuantity: attribute('adjustment_quantity'),
		adjustmentUnitPrice: attribute('adjustment_unit_price')
	};
}

function readRefund(refund: Json): RawRefund {
	const id = requiredId(refund.id, 'A refund’s id');
	return {
		id,
		at: requiredInstant(refund.processedAt ?? refund.createdAt, `The date of refund ${id}`),
		total: moneyOrZero(refund.totalRefundedSet),
		items: nodesOf(refund.refundLineItems, `Lines of refund ${id}`).map((item, index) => {
			const lineId = idOf(object(item.lineItem)?.id);
			return {
				id: idOf(item.id) ?? `${lineId}.${index}`,
				lineId,
				quantity: requiredCount(item.quantity, `Quantity of a line of refund ${id}`),
				subtotal: requiredMoney(item.subtotalSet, `Amount of a line of refund ${id}`),
				tax: moneyOrZero(item.totalTaxSet),
				restockType: text(item.restockType)?.toLowerCase() ?? 'no_restock'
			};
		}),
		shipping: nodesOf(refund.refundShippingLines, `Shipping of refund ${id}`).map((line) => ({
			id: requiredId(line.id, `Id of a shipping line of refund ${id}`),
			subtotal: requiredMoney(line.subtotalAmountSet, `Shipping of refund ${id}`),
			tax: moneyOrZero(line.taxAmountSet)
		})),
		adjustments: nodesOf(refund.orderAdjustments, `Adjustments of refund ${id}`).map((line) => ({
			id: requiredId(line.id, `Id of an adjustment of refund ${id}`),
			amount: requiredMoney(line.amountSet, `Adjustment of refund ${id}`),
			tax: moneyOrZero(line.taxAmountSet)
		}))
	};
}

/** A customer node, of an order or of the customer list. */
export function readCustomer(customer: Json | null): RawCustomer | null {
	const id = customer && idOf(customer.id);
	if (!customer || id === null) return null;
	return {
		id,
		firstName: text(customer.firstName),
		lastName: text(customer.lastName),
		email: text(object(customer.defaultEmailAddress)?.emailAddress),
		countryCode: text(object(customer.defaultAddress)?.countryCodeV2),
		updatedAt: optionalInstant(customer.updatedAt)
	};
}

function readAddress(address: Json | null): RawAddress | null {
	if (!address) return null;
	return {
		name: text(address.name),
		city: text(address.city),
		province: text(address.province),
		provinceCode: text(address.provinceCode),
		country: text(address.country),
		countryCode: text(address.countryCodeV2)
	};
}
