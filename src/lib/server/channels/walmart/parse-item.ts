import type { ChannelListing } from '../../catalog/index.ts';
import { decimal, micros } from '../amount.ts';
import { knownWord } from '../drift.ts';
import { object, objects, requiredText, text, type Json } from '../json.ts';

/**
 * Walmart tells no version of an item or a stock level. An equal version with other content is applied and a replay writes
 * nothing, so all of them have this one; it is old, so that a channel with versions names the product they share.
 */
export const UNVERSIONED = '2000-01-01T00:00:00.000Z';

const PUBLISHED = new Set([
	'PUBLISHED',
	'UNPUBLISHED',
	'IN_PROGRESS',
	'READY_TO_PUBLISH',
	'STAGE',
	'SYSTEM_PROBLEM'
]);
const LIFECYCLE = new Set(['ACTIVE', 'ARCHIVED', 'RETIRED']);

/** What the seller offers on Walmart. @throws Unparsable */
export function parseItem(item: Json): ChannelListing {
	const sku = requiredText(item.sku, 'The SKU');
	const price = object(item.price);
	const amount = micros(price?.amount);
	const lifecycle = knownWord('walmart', text(item.lifecycleStatus), LIFECYCLE, 'lifecycleStatus');
	const published = knownWord('walmart', text(item.publishedStatus), PUBLISHED, 'publishedStatus');
	return {
		// order lines name what was sold by SKU: so do listings
		externalId: sku,
		groupExternalId: text(item.variantGroupId),
		stockExternalId: sku,
		sku,
		title: text(item.productName) ?? sku,
		variantTitle: null,
		brand: brandOf(item),
		category: text(item.productType),
		barcode: text(item.gtin)?.replace(/^0(?=\d{13}$)/, '') ?? text(item.upc),
		price: amount === null ? null : decimal(amount),
		currency: text(price?.currency),
		cost: null,
		status: lifecycle !== null && lifecycle !== 'ACTIVE' ? lifecycle : published,
		tracked: true,
		updatedAt: UNVERSIONED
	};
}

function brandOf(item: Json): string | null {
	const attributes = objects(object(item.additionalAttributes)?.nameValueAttribute, 'The attributes');
	const brand = attributes.find((one) => text(one.name)?.toLowerCase() === 'brand');
	return text(object((brand?.value as unknown[] | undefined)?.[0])?.value);
}
