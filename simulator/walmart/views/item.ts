import type { Offer } from '../../world/market/model.ts';
import { uuidOf } from '../ids.ts';
import type { Seller } from '../seller.ts';
import { titleOf } from './order.ts';

/** A listing, as GET /v3/items tells it. */
export function itemView(seller: Seller, offer: Offer) {
	const { product } = offer.variant;
	const gtin = offer.gtin?.padStart(14, '0');
	return {
		mart: 'WALMART_US',
		sku: offer.sku,
		condition: 'New',
		// Walmart's own number of an item: twelve letters and digits
		wpid: `0R${uuidOf('wpid', offer.itemId).replaceAll('-', '').slice(0, 10).toUpperCase()}`,
		...(gtin && { gtin, upc: gtin.slice(-12) }),
		productName: titleOf(offer.variant),
		shelf: JSON.stringify(['Home Page', 'Home', product.type]),
		productType: product.type,
		price: { currency: 'USD', amount: seller.prices.get(offer.sku) ?? offer.price / 10_000 },
		publishedStatus: seller.faults.has('F37') && offer.n % 7 === 0 ? 'AWAITING_DRONE' : 'PUBLISHED',
		unpublishedReasons: { reason: [] },
		lifecycleStatus: 'ACTIVE',
		...(product.variants.length > 1 && {
			variantGroupId: `G${product.n}`,
			variantGroupInfo: {
				isPrimary: product.variants[0] === offer.variant,
				primary: product.variants[0] === offer.variant
			}
		})
	};
}
