import type { Variant } from '../../world/model.ts';
import { uuidOf } from '../ids.ts';
import type { Seller } from '../seller.ts';
import { skuOf } from './sku.ts';

/** What Walmart sells of a variant, as GET /v3/items tells it. */
export function itemView(seller: Seller, variant: Variant) {
	const { product } = variant;
	const sku = skuOf(seller, variant);
	const gtin = variant.barcode?.padStart(14, '0');
	const price = seller.prices.get(sku) ?? variant.price / 10_000;
	return {
		mart: 'WALMART_US',
		sku,
		condition: 'New',
		wpid: wpidOf(variant),
		...(gtin && { gtin, upc: gtin.slice(-12) }),
		productName: variant.option ? `${product.title}, ${variant.option}` : product.title,
		shelf: JSON.stringify(['Home Page', 'Home', product.type]),
		productType: product.type,
		price: { currency: 'USD', amount: price },
		publishedStatus: seller.faults.has('F37') && variant.n % 7 === 0 ? 'AWAITING_DRONE' : 'PUBLISHED',
		unpublishedReasons: { reason: [] },
		lifecycleStatus: 'ACTIVE',
		...(product.variants.length > 1 && {
			variantGroupId: `G${product.n}`,
			variantGroupInfo: {
				isPrimary: product.variants[0] === variant,
				primary: product.variants[0] === variant
			}
		})
	};
}

/** Walmart's own number of an item: twelve letters and digits. */
export function wpidOf(variant: Variant): string {
	return `0R${uuidOf('wpid', variant.n).replaceAll('-', '').slice(0, 10).toUpperCase()}`;
}
