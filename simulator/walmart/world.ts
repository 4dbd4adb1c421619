import type { Level, Line, Order, Shop, Variant } from '../world/model.ts';

/** What the Walmart look-alike needs to know of the world: which orders are Walmart's and how its goods are called there. */
export interface WalmartWorld {
	shop: Shop;
	/** The channel's orders, oldest first; none of them a test and none with a gift card. */
	orders(): readonly Order[];
	/** The variants that are offered on Walmart. */
	variants(): readonly Variant[];
	/** The seller's SKU there: not always the one of the other channels. */
	skuOf(variant: Variant): string;
	skuOfLine(line: Line): string;
	/** Stock that lies in Walmart's own warehouses; null for what the seller ships himself only. */
	wfsLevel(variant: Variant): Level | null;
}

/** A world in which every order of a shop that could be Walmart's is one. */
export function worldOfShop(shop: Shop): WalmartWorld {
	const skuOf = (variant: Variant) => variant.sku;
	return {
		shop,
		orders: () =>
			shop.orders.filter(
				(order) => !order.test && order.lines.every((line) => !line.giftCard && line.quantity > 0)
			),
		variants: () => shop.variants.filter((variant) => !variant.product.giftCard),
		skuOf,
		skuOfLine: (line) => (line.variant ? skuOf(line.variant) : line.sku),
		wfsLevel: () => null
	};
}
