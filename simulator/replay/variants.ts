import type { Product, Variant } from '../world/model.ts';

/** A product of the file: one variant, whose stock nobody counts. */
export function emptyVariant(n: number, sku: string): Variant {
	const product: Product = {
		n,
		title: sku,
		handle: `product-${n}`,
		type: '',
		vendor: 'Online Retail',
		giftCard: false,
		popularity: 0,
		variants: [],
		createdAt: 0,
		updatedAt: 0
	};
	const variant: Variant = {
		n,
		product,
		sku,
		title: 'Default Title',
		option: null,
		barcode: null,
		price: 0,
		compareAt: null,
		cost: null,
		tracked: false,
		weight: 1,
		levels: [{ available: 0, committed: 0, updatedAt: 0 }],
		arrivesAt: 0,
		arrivingUnits: 0,
		reorderPoint: 0,
		orderUpTo: 0,
		leadDays: 0,
		updatedAt: 0,
		createdAt: 0
	};
	product.variants.push(variant);
	return variant;
}

/** A code is described in many ways, some of them notes ("damaged"): the most frequent one is the title. */
export function settleTitle(variant: Variant, titles: Map<string, number>, at: number): void {
	let most = 0;
	for (const [title, count] of titles) {
		if (count <= most) continue;
		most = count;
		variant.product.title = title.trim() || variant.sku;
	}
	variant.createdAt = variant.updatedAt = variant.product.createdAt = variant.product.updatedAt = at;
	variant.levels[0]!.updatedAt = at;
}
