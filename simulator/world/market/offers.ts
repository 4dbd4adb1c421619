import type { Shop, Variant } from '../model.ts';
import { PRICE_SCALE } from '../money.ts';
import { createRandom, type Random } from '../random.ts';
import type { Fulfilment, MarketName, Offer } from './model.ts';

/** Referral fees by category, from the marketplaces' public price lists; the rest pays 15%. */
const REFERRAL: Readonly<Record<string, number>> = { Apparel: 0.17, Pantry: 0.08 };
/** How the categories do on each marketplace beside the shop. */
const TASTE: Readonly<Record<MarketName, Readonly<Record<string, number>>>> = {
	amazon: { Coffee: 1.5, Knives: 1.3, Storage: 1.3, Apparel: 0.6, Tableware: 0.7, Pantry: 0.6 },
	walmart: { Outdoor: 1.5, Garden: 1.4, Home: 1.3, Storage: 1.4, Coffee: 0.6, Knives: 0.7, Apparel: 0.5 }
};
/** Part of the variants that are listed at all. */
const LISTED: Readonly<Record<MarketName, number>> = { amazon: 0.82, walmart: 0.6 };

/** The shop's catalogue as a marketplace lists it: own ids, partly own SKU spellings, twins sold in two ways. */
export function makeOffers(name: MarketName, seed: string, shop: Shop): Offer[] {
	const random = createRandom(`${seed}|${name}|offers`);
	const offers: Offer[] = [];
	const taken = new Set<string>();
	const ids = new Set<string>();
	for (const variant of shop.variants) {
		// Every draw is made for every variant, so that one listing more or less moves no other.
		const listed = random.chance(LISTED[name]);
		const spelling = random.next();
		const way = random.next();
		const twin = random.next();
		const appeal = (TASTE[name][variant.product.type] ?? 1) * (0.5 + random.next());
		const markup = random.pick([1, 1, 1, 1.03, 0.97, 1.06]);
		let itemId = name === 'amazon' ? asin(random) : String(random.int(100_000_000, 9_999_999_999));
		while (ids.has(itemId)) itemId = name === 'amazon' ? asin(random) : String(Number(itemId) + 1);
		ids.add(itemId);
		if (!listed || variant.product.giftCard || !variant.tracked) continue;
		const fulfilment = wayOf(name, way);
		const hasTwin = name === 'amazon' && fulfilment === 'channel' && twin < 0.14;
		const sku = unique(taken, spelled(name, variant, spelling, hasTwin));
		const offer = makeOffer(name, offers.length + 1, variant, sku, itemId, fulfilment, appeal, markup);
		offers.push(offer);
		if (!hasTwin) continue;
		const other = unique(taken, sku.endsWith('-FBA') ? `${sku.slice(0, -4)}-FBM` : `${sku}-FBM`);
		const own = makeOffer(name, offers.length + 1, variant, other, itemId, 'seller', appeal * 0.2, markup);
		offer.twin = own;
		own.twin = offer;
		offers.push(own);
	}
	return offers;
}

function makeOffer(
	name: MarketName,
	n: number,
	variant: Variant,
	sku: string,
	itemId: string,
	fulfilment: Fulfilment,
	appeal: number,
	markup: number
): Offer {
	const price = Math.round(variant.price * markup);
	return {
		n,
		variant,
		sku,
		itemId,
		gtin: variant.barcode,
		fulfilment,
		price: Math.max(PRICE_SCALE, price - (price % 100)),
		appeal,
		referral: REFERRAL[variant.product.type] ?? 0.15,
		unitFee: fulfilment === 'channel' ? unitFee(name, price) : 0,
		stock: null,
		twin: null,
		createdAt: variant.createdAt,
		updatedAt: variant.createdAt
	};
}

/** Fulfilment fees go by size; a dearer thing of this shop is a larger thing. Cents. */
function unitFee(name: MarketName, price: number): number {
	const units = price / PRICE_SCALE;
	const tiers = name === 'amazon' ? [322, 386, 519, 683, 973] : [345, 395, 545, 695, 995];
	return tiers[units < 15 ? 0 : units < 30 ? 1 : units < 60 ? 2 : units < 120 ? 3 : 4]!;
}

function wayOf(name: MarketName, draw: number): Fulfilment {
	if (name === 'amazon') return draw < 0.66 ? 'channel' : 'seller';
	return draw < 0.35 ? 'channel' : draw < 0.45 ? 'third_party' : 'seller';
}

/** Half of the listings keep the shop's SKU; the others are written as sellers write them over the years. */
function spelled(name: MarketName, variant: Variant, draw: number, hasTwin: boolean): string {
	const { sku } = variant;
	if (hasTwin) return `${sku}-FBA`;
	if (name === 'amazon') {
		if (draw < 0.6) return sku;
		if (draw < 0.75) return sku.replaceAll('-', '');
		if (draw < 0.85) return sku.toLowerCase();
		// What Amazon makes up when a seller gives no SKU.
		const code = Math.floor(draw * 1e9) + variant.n;
		return `${letters(code, 2)}-${letters(code * 7, 4)}-${letters(code * 13, 4)}`;
	}
	if (draw < 0.68) return sku;
	if (draw < 0.8) return sku.replaceAll('-', '/');
	if (draw < 0.88) return `${sku} 100%`;
	return String(1_004_000 + variant.n);
}

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';

function letters(value: number, count: number): string {
	let text = '';
	for (let i = 0; i < count; i++, value = Math.floor(value / 31)) text += ALPHABET[value % ALPHABET.length];
	return text;
}

function asin(random: Random): string {
	let text = 'B0';
	for (let i = 0; i < 8; i++) text += ALPHABET[random.int(0, ALPHABET.length - 1)];
	return text;
}

function unique(taken: Set<string>, sku: string): string {
	let name = sku;
	for (let n = 2; taken.has(name); n++) name = `${sku}-${n}`;
	taken.add(name);
	return name;
}
