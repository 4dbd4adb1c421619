import type { Customer, Product, Shop, Variant } from '../../world/model.ts';
import { priceDecimal } from '../../world/money.ts';
import { isoInZone } from '../../world/time.ts';
import { gid, numericId } from '../ids.ts';

export function customerPayload(shop: Shop, customer: Customer): Record<string, unknown> {
	return {
		id: numericId('Customer', customer.n),
		admin_graphql_api_id: gid('Customer', customer.n),
		email: customer.email,
		first_name: customer.firstName,
		last_name: customer.lastName,
		created_at: isoInZone(customer.createdAt, shop.zone),
		updated_at: isoInZone(customer.updatedAt, shop.zone),
		state: customer.subscribed ? 'enabled' : 'disabled',
		verified_email: true,
		currency: shop.currency,
		tags: '',
		note: customer.note,
		tax_exempt: false
	};
}

export function levelPayload(shop: Shop, variant: Variant, location: number): Record<string, unknown> {
	const level = variant.levels[location];
	const place = numericId('Location', location + 1);
	const item = numericId('InventoryItem', variant.n);
	const levelId = numericId('InventoryLevel', location + 1);
	return {
		inventory_item_id: item,
		location_id: place,
		available: level?.available ?? 0,
		updated_at: isoInZone(level?.updatedAt ?? variant.updatedAt, shop.zone),
		admin_graphql_api_id: `gid://shopify/InventoryLevel/${levelId}?inventory_item_id=${item}`
	};
}

export function productPayload(shop: Shop, product: Product): Record<string, unknown> {
	return {
		id: numericId('Product', product.n),
		admin_graphql_api_id: gid('Product', product.n),
		title: product.title,
		handle: product.handle,
		vendor: product.vendor,
		product_type: product.type,
		status: 'active',
		tags: '',
		created_at: isoInZone(product.createdAt, shop.zone),
		updated_at: isoInZone(product.updatedAt, shop.zone),
		published_at: isoInZone(product.createdAt, shop.zone),
		variants: product.variants.map((variant, i) => ({
			id: numericId('ProductVariant', variant.n),
			admin_graphql_api_id: gid('ProductVariant', variant.n),
			product_id: numericId('Product', product.n),
			inventory_item_id: numericId('InventoryItem', variant.n),
			title: variant.title,
			sku: variant.sku,
			barcode: variant.barcode,
			price: priceDecimal(variant.price, 2),
			compare_at_price: variant.compareAt === null ? null : priceDecimal(variant.compareAt, 2),
			position: i + 1,
			inventory_quantity: variant.levels.reduce((sum, level) => sum + level.available, 0),
			created_at: isoInZone(variant.createdAt, shop.zone),
			updated_at: isoInZone(variant.updatedAt, shop.zone)
		}))
	};
}
