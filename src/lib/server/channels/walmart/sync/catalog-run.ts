import { upsertListings, type ChannelListing } from '../../../catalog/index.ts';
import { recordStock, upsertLocations, type ChannelLevel } from '../../../inventory/index.ts';
import { record } from '../../../live/index.ts';
import type { RunContext } from '../../channel.ts';
import { object, text, type Json } from '../../json.ts';
import { inThousands, parseNodes, writeBatch, type ResourcePlan } from '../../sync/write.ts';
import type { WalmartClient } from '../client.ts';
import { inventoryPages, itemPages, wfsPages } from '../items.ts';
import { orderQuery, ordersPage } from '../listing.ts';
import { parseItem } from '../parse-item.ts';
import { nodeName, parseInventory, parseWfsInventory } from '../parse-stock.ts';

type WalmartRun = RunContext<WalmartClient>;

const itemsPlan: ResourcePlan<ChannelListing> = {
	resource: 'products',
	parse: parseItem,
	write: (tx, { connection }, rows) => {
		const scope = { organizationId: connection.organizationId, connectionId: connection.id };
		return inThousands(rows, (part) => upsertListings(tx, scope, part));
	}
};

const levels = (parse: (node: Json) => ChannelLevel[]): ResourcePlan<ChannelLevel[]> => ({
	resource: 'stock',
	parse,
	async write(tx, { connection }, rows) {
		const scope = { organizationId: connection.organizationId, connectionId: connection.id };
		return inThousands(rows.flat(), (part) => recordStock(tx, scope, part));
	}
});
const nodesPlan = levels(parseInventory);
const wfsPlan = levels(parseWfsInventory);

/** Everything the seller offers, with its prices. */
export async function readItems(context: WalmartRun): Promise<void> {
	const atWalmart = new Set<string>();
	for await (const page of wfsPages(context.client))
		for (const row of page) atWalmart.add(text(row.sku) ?? '');
	const plan: typeof itemsPlan = {
		...itemsPlan,
		// the list of items does not tell who ships them; the one of Walmart's warehouses does
		parse(node) {
			const listing = parseItem(node);
			return { ...listing, fulfilledBy: atWalmart.has(listing.externalId) ? 'channel' : 'seller' };
		}
	};
	for await (const page of itemPages(context.client))
		await writeBatch(context, plan, await parseNodes(plan, page, 'poll'), null);
	await writeBatch(context, itemsPlan, { rows: [], dead: [] }, { syncedTo: new Date(), state: {} });
}

/** All stock: at the seller's own nodes, with those who ship for him, and in Walmart's warehouses. */
export async function readStock(context: WalmartRun): Promise<void> {
	const names = await nodeNames(context.client);
	const known = new Set<string>();
	for (const [plan, pages] of [
		[nodesPlan, inventoryPages(context.client)],
		[wfsPlan, wfsPages(context.client)]
	] as const)
		for await (const page of pages) {
			const batch = await parseNodes(plan, page, 'poll');
			await keepNodes(
				context,
				batch.rows.flatMap((row) => row.parsed),
				names,
				known
			);
			await writeBatch(context, plan, batch, null);
		}
	await writeBatch(context, nodesPlan, { rows: [], dead: [] }, { syncedTo: new Date(), state: {} });
}

/** A level is recorded for a place that is known: the places come with the levels. */
async function keepNodes(
	{ connection, progress }: WalmartRun,
	given: readonly ChannelLevel[],
	names: ReadonlyMap<string, string>,
	known: Set<string>
): Promise<void> {
	const fresh = [...new Set(given.map((level) => level.locationExternalId))].filter((id) => !known.has(id));
	if (fresh.length === 0) return;
	const scope = { organizationId: connection.organizationId, connectionId: connection.id };
	await record(connection.organizationId, async (tx) => {
		const locations = fresh.map((externalId) => ({
			externalId,
			name: nodeName(externalId, names.get(externalId) ?? null),
			country: 'US',
			isActive: true
		}));
		await upsertLocations(tx, scope, locations);
		return { result: undefined, events: [] };
	});
	for (const id of fresh) known.add(id);
	progress.add('locations', { done: fresh.length });
}

/** Names of the ship nodes: no list of stock tells them, the seller's recent orders do. */
async function nodeNames(client: WalmartClient): Promise<Map<string, string>> {
	const now = Date.now();
	const window = {
		createdFrom: new Date(now - 30 * 86_400_000).toISOString(),
		createdTo: new Date(now).toISOString()
	};
	const names = new Map<string, string>();
	const { rows } = await ordersPage(client, orderQuery({ type: 'SellerFulfilled', ...window }), true);
	for (const row of rows) {
		const node = object(row.shipNode);
		const id = text(node?.id);
		const name = text(node?.name);
		if (id !== null && name !== null) names.set(id, name);
	}
	return names;
}
