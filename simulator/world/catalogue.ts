import { FAMILIES, type Family } from './families.ts';
import type { Product, Variant } from './model.ts';
import { PRICE_SCALE } from './money.ts';
import { createRandom, type Random } from './random.ts';
import { DAY } from './time.ts';

interface Draft {
	family: Family;
	title: string;
	sku: string;
	price: number;
	/** Place of the product within its family: the first finish sells most. */
	place: number;
	rank: number;
}

function draftsOf(family: Family, rank: number): Draft[] {
	const drafts: Draft[] = [];
	for (const [size, sizeCode, price] of family.sizes) {
		for (const [finish, finishCode] of family.finishes) {
			const named = [family.title, size].filter(Boolean).join(' ');
			drafts.push({
				family,
				title: finish ? `${named}, ${finish}` : named,
				sku: ['AF', family.code, sizeCode, finishCode].filter(Boolean).join('-'),
				price,
				place: drafts.length,
				rank
			});
		}
	}
	return drafts;
}

/** Every family takes part before any is shown in full, so that a small catalogue still has all categories. */
function chooseDrafts(count: number): Draft[] {
	const perFamily = FAMILIES.map((family, rank) => draftsOf(family, rank));
	const chosen: Draft[] = [];
	for (let place = 0; chosen.length < count; place++) {
		const row = perFamily.map((drafts) => drafts[place]).filter((draft) => draft !== undefined);
		if (row.length === 0) break;
		chosen.push(...row);
	}
	return chosen.slice(0, count).sort((a, b) => a.rank - b.rank || a.place - b.place);
}

/** The largest catalogue the families can give, gift card included. */
export const MOST_PRODUCTS = FAMILIES.reduce((n, f) => n + f.sizes.length * f.finishes.length, 0) + 1;

/** `count` products with variants, prices, costs and popularity; the last one is the gift card. */
export function makeCatalogue(seed: string, count: number, start: number, end: number): Product[] {
	const random = createRandom(`${seed}|catalogue`);
	const products: Product[] = [];
	let variantNumber = 0;
	for (const draft of chooseDrafts(Math.max(1, count - 1))) {
		// One product in eight is launched during the history, so that the catalogue has young products.
		const launched = random.chance(0.12) ? start + random.next() * (end - start) * 0.9 : start - 30 * DAY;
		const product: Product = {
			n: products.length + 1,
			title: draft.title,
			handle: draft.title.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
			type: draft.family.type,
			vendor: draft.family.vendor,
			giftCard: false,
			popularity: (1 / (draft.rank + 3) ** 0.75 / (draft.place + 1.5) ** 0.6) * (0.5 + random.next()),
			variants: [],
			createdAt: Math.floor(launched / DAY) * DAY,
			updatedAt: Math.floor(launched / DAY) * DAY
		};
		for (const fit of draft.family.fits ?? [null]) {
			product.variants.push(makeVariant(random, product, draft, fit, ++variantNumber));
		}
		products.push(product);
	}
	if (count > 1) products.push(giftCard(products.length + 1, ++variantNumber, start));
	return products;
}

function makeVariant(random: Random, product: Product, draft: Draft, fit: string | null, n: number): Variant {
	const price = Math.round(draft.price * (0.96 + random.next() * 0.08)) * PRICE_SCALE;
	const cost = Math.round((price / 100) * (0.28 + random.next() * 0.16));
	return {
		n,
		product,
		sku: fit ? `${draft.sku}-${fit}` : draft.sku,
		title: fit ?? 'Default Title',
		option: fit,
		barcode: barcodeOf(n),
		price,
		compareAt: random.chance(0.1) ? price + 5 * PRICE_SCALE : null,
		cost,
		tracked: true,
		weight: [0.2, 0.35, 0.3, 0.15][product.variants.length] ?? 1,
		levels: [],
		arrivesAt: 0,
		arrivingUnits: 0,
		reorderPoint: 0,
		orderUpTo: 0,
		leadDays: 0,
		createdAt: product.createdAt,
		updatedAt: product.createdAt
	};
}

/** A valid EAN-13 from the range kept for use inside a company. */
function barcodeOf(n: number): string {
	const digits = `29${String(n).padStart(10, '0')}`;
	let sum = 0;
	for (let i = 0; i < 12; i++) sum += Number(digits[i]) * (i % 2 ? 3 : 1);
	return digits + ((10 - (sum % 10)) % 10);
}

function giftCard(n: number, variantNumber: number, start: number): Product {
	const product: Product = {
		n,
		title: 'Gift card',
		handle: 'gift-card',
		type: 'Gift cards',
		vendor: 'Alder & Finch',
		giftCard: true,
		popularity: 0,
		variants: [],
		createdAt: start,
		updatedAt: start
	};
	product.variants.push({
		n: variantNumber,
		product,
		sku: 'AF-GIFT-50',
		title: '$50',
		option: '$50',
		barcode: null,
		price: 50 * PRICE_SCALE,
		compareAt: null,
		cost: null,
		tracked: false,
		weight: 1,
		levels: [],
		arrivesAt: 0,
		arrivingUnits: 0,
		reorderPoint: 0,
		orderUpTo: 0,
		leadDays: 0,
		createdAt: start,
		updatedAt: start
	});
	return product;
}
