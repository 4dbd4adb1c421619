import { upsertListings, type ChannelListing } from '../../../catalog/index.ts';
import { decimal, micros } from '../../amount.ts';
import { object, objects, requiredText, text, type Json } from '../../json.ts';
import { loopGuard } from '../../sync/loop-guard.ts';
import { readChanges, type Span, type WindowPlan } from '../../sync/window.ts';
import { inThousands } from '../../sync/write.ts';
import type { AmazonClient } from '../client.ts';
import type { AmazonRun } from './orders.ts';

const PAGE = 20;
/** Catalogue items asked for in one call. */
const MOST_ASINS = 20;
const GTINS = ['GTIN', 'EAN', 'UPC', 'ISBN', 'JAN'];
/** Lists longer than this are cut off by Amazon. */
const MOST_RESULTS = 1000;

/** What the seller offers, with brand, category and GTIN out of Amazon's catalogue. */
export const listingsPlan: WindowPlan<AmazonClient, ChannelListing> = {
	resource: 'products',
	pages: listingPages,
	complete: addCatalogItems,
	parse: readListing,
	write: (tx, { connection }, rows) =>
		inThousands(rows, (part) =>
			upsertListings(tx, { organizationId: connection.organizationId, connectionId: connection.id }, part)
		)
};

/** Listings that changed, all of them the first time. */
export async function readListings(context: AmazonRun): Promise<void> {
	await readChanges(context, listingsPlan);
}

/** Where a long list goes on: Amazon shows a thousand at most, so that the next slice begins at the last one's date. */
interface ListPlace {
	since: string | null;
	pageToken: string | null;
	seen: number;
}

async function* listingPages(
	{ client, progress }: AmazonRun,
	{ from, to }: Span,
	after: string | null
): AsyncGenerator<{ nodes: Json[]; cursor: string | null }> {
	const guard = loopGuard('Amazon', 'listings');
	let place: ListPlace | null =
		after === null ? { since: from, pageToken: null, seen: 0 } : (JSON.parse(after) as ListPlace);
	while (place !== null) {
		const { since, pageToken, seen } = place as ListPlace;
		const answer: Json =
			(await client.call('searchListingsItems', {
				path: { sellerId: client.sellerId },
				query: {
					marketplaceIds: client.marketplaceIds.slice(0, 1),
					includedData: ['summaries', 'offers', 'fulfillmentAvailability'],
					...(since !== null && { lastUpdatedAfter: since, lastUpdatedBefore: to }),
					sortBy: 'lastUpdatedDate',
					sortOrder: 'ASC',
					pageSize: PAGE,
					pageToken
				}
			})) ?? {};
		const nodes = objects(answer.items, 'The listings');
		if (from === null && seen === 0 && since === null && typeof answer.numberOfResults === 'number')
			progress.total('products', answer.numberOfResults);
		const next = text(object(answer.pagination)?.nextToken);
		const told: number = seen + nodes.length;
		const last = text(objects(nodes.at(-1)?.summaries, 'The summaries')[0]?.lastUpdatedDate);
		if (next !== null) place = { since, pageToken: guard(next, nodes.length), seen: told };
		else if (told >= MOST_RESULTS && last !== null && last !== since)
			place = { since: guard(last, nodes.length), pageToken: null, seen: 0 };
		else place = null;
		yield { nodes, cursor: place && JSON.stringify(place) };
	}
}

/** Puts Amazon's catalogue entry beside each listing, in calls of twenty. */
async function addCatalogItems(client: AmazonClient, nodes: Json[]): Promise<void> {
	const asins = [...new Set(nodes.flatMap((node) => asinOf(node) ?? []))];
	const items = new Map<string, Json>();
	for (let from = 0; from < asins.length; from += MOST_ASINS) {
		const answer = await client.call('searchCatalogItems', {
			query: {
				identifiers: asins.slice(from, from + MOST_ASINS),
				identifiersType: 'ASIN',
				marketplaceIds: client.marketplaceIds.slice(0, 1),
				includedData: ['identifiers', 'summaries'],
				pageSize: MOST_ASINS
			}
		});
		for (const item of objects(answer?.items, 'The catalogue items')) {
			const asin = text(item.asin);
			if (asin) items.set(asin, item);
		}
	}
	for (const node of nodes) {
		const item = items.get(asinOf(node) ?? '');
		if (item) node.catalogItem = item;
	}
}

/** A listing with its catalogue entry. @throws Unparsable without a SKU */
export function readListing(node: Json): ChannelListing {
	const sku = requiredText(node.sku, 'The SKU');
	const summary = objects(node.summaries, 'The summaries')[0];
	const offer = objects(node.offers, 'The offers').find((one) => text(one.offerType) !== 'B2B');
	const price = object(offer?.price);
	const amount = micros(price?.amount);
	const item = object(node.catalogItem);
	const known = objects(item?.summaries, 'The catalogue summaries')[0];
	const identifiers = objects(item?.identifiers, 'The identifiers').flatMap((one) =>
		objects(one.identifiers, 'The identifiers')
	);
	const barcode = GTINS.flatMap((type) =>
		identifiers.filter((one) => text(one.identifierType) === type).map((one) => text(one.identifier))
	).find((one) => one !== null);
	const fba = objects(node.fulfillmentAvailability, 'The availability').some((one) =>
		/^AMAZON/.test(text(one.fulfillmentChannelCode) ?? '')
	);
	const status = Array.isArray(summary?.status)
		? summary.status.filter((one) => typeof one === 'string')
		: null;
	return {
		externalId: sku,
		groupExternalId: asinOf(node),
		stockExternalId: sku,
		sku,
		title: text(known?.itemName) ?? text(summary?.itemName) ?? sku,
		variantTitle: null,
		brand: text(known?.brand),
		category: text(object(known?.browseClassification)?.displayName) ?? text(known?.websiteDisplayGroupName),
		barcode: barcode ?? null,
		price: amount === null ? null : decimal(amount),
		currency: text(price?.currencyCode),
		cost: null,
		status: status === null ? null : status.includes('BUYABLE') ? 'active' : 'inactive',
		// stock of what the seller ships is kept where the seller keeps it
		tracked: fba,
		fulfilledBy: fba ? 'channel' : 'seller',
		updatedAt: new Date(text(summary?.lastUpdatedDate) ?? Date.now()).toISOString()
	};
}

function asinOf(node: Json): string | null {
	return text(objects(node.summaries, 'The summaries')[0]?.asin);
}
