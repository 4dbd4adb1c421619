import { decimal, micros } from '../amount.ts';
import { nodesOf } from './parse-order-graphql.ts';
import { idOf, object, objects, requiredId, requiredInstant, text, type Json } from './read.ts';

/** A variant as Shopify offers it. Amounts are decimal strings; `price` is in the shop's currency. Null is "not told". */
export interface ParsedListing {
	externalId: string;
	groupExternalId: string;
	stockExternalId: string | null;
	sku: string | null;
	title: string;
	variantTitle: string | null;
	barcode: string | null;
	brand: string | null;
	category: string | null;
	price: string | null;
	cost: string | null;
	costCurrency: string | null;
	status: string | null;
	tracked: boolean | null;
	/** ISO 8601 in UTC: the newer of product and variant. */
	updatedAt: string;
}

/** The variants of a product node of the Admin API. @throws Unparsable */
export function parseGraphqlProduct(node: Json): ParsedListing[] {
	const group = {
		id: requiredId(node.id, 'The product id'),
		title: text(node.title) ?? 'Untitled',
		brand: text(node.vendor),
		category: text(node.productType),
		status: text(node.status)?.toLowerCase() ?? null,
		updatedAt: requiredInstant(node.updatedAt, 'The date of the last change')
	};
	return nodesOf(node.variants, 'The variants').map((variant) => {
		const item = object(variant.inventoryItem);
		const cost = object(item?.unitCost);
		return {
			externalId: requiredId(variant.id, 'The variant id'),
			groupExternalId: group.id,
			stockExternalId: idOf(item?.id),
			sku: text(variant.sku),
			title: group.title,
			variantTitle: variantTitle(variant.title),
			barcode: text(variant.barcode),
			brand: group.brand,
			category: group.category,
			price: amount(variant.price),
			cost: cost ? amount(cost.amount) : null,
			costCurrency: text(cost?.currencyCode),
			status: group.status,
			tracked: typeof item?.tracked === 'boolean' ? item.tracked : null,
			updatedAt: newer(group.updatedAt, variant.updatedAt)
		};
	});
}

/** The variants of a products/* webhook. It tells no cost, and whether stock is kept only in older versions. @throws Unparsable */
export function parseRestProduct(body: Json): ParsedListing[] {
	const groupId = requiredId(body.id, 'The product id');
	const updatedAt = requiredInstant(body.updated_at, 'The date of the last change');
	return objects(body.variants, 'The variants').map((variant) => ({
		externalId: requiredId(variant.id, 'The variant id'),
		groupExternalId: groupId,
		stockExternalId: idOf(variant.inventory_item_id),
		sku: text(variant.sku),
		title: text(body.title) ?? 'Untitled',
		variantTitle: variantTitle(variant.title),
		barcode: text(variant.barcode),
		brand: text(body.vendor),
		category: text(body.product_type),
		price: amount(variant.price),
		cost: null,
		costCurrency: null,
		status: text(body.status)?.toLowerCase() ?? null,
		tracked: variant.inventory_management === undefined ? null : variant.inventory_management !== null,
		updatedAt: newer(updatedAt, variant.updated_at)
	}));
}

/** Shopify names the only variant of a product "Default Title", which says nothing. */
function variantTitle(value: unknown): string | null {
	const title = text(value);
	return title === 'Default Title' ? null : title;
}

function amount(value: unknown): string | null {
	const read = micros(value);
	return read === null ? null : decimal(read);
}

function newer(a: string, b: unknown): string {
	const other = text(b);
	const left = Date.parse(a);
	const right = other === null ? NaN : Date.parse(other);
	return new Date(Number.isNaN(right) ? left : Math.max(left, right)).toISOString();
}
