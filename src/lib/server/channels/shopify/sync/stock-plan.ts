import { recordStock } from '../../../inventory/index.ts';
import type { ShopifyClient } from '../client.ts';
import { loopGuard } from '../../sync/loop-guard.ts';
import { pages } from '../discover.ts';
import { nodesOf } from '../parse-order-graphql.ts';
import { parseGraphqlLevels, type ParsedLevel } from '../parse-stock.ts';
import { BULK_INVENTORY, INVENTORY_LEVELS, INVENTORY_PAGE } from '../queries.ts';
import { object, text, type Json } from '../read.ts';
import { inThousands } from '../../sync/write.ts';
import { updatedBetween, type ShopifyPlan } from './bulk-read.ts';

const ITEMS_A_PAGE = 25;
const LEVELS_FIRST = 5;
const LEVELS_A_PAGE = 50;

/** Inventory items, each with its levels. */
export const stockPlan: ShopifyPlan<ParsedLevel[]> = {
	resource: 'stock',
	bulk: BULK_INVENTORY,
	attach(node, children) {
		for (const child of children) delete child.__parentId;
		node.inventoryLevels = { nodes: children };
	},
	pages: ({ client }, { from, to }, after) =>
		pages(client, INVENTORY_PAGE, 'inventoryItems', {
			first: ITEMS_A_PAGE,
			levels: LEVELS_FIRST,
			query: updatedBetween(from, to),
			after
		}),
	async complete(client, nodes) {
		for (const node of nodes) await completeLevels(client, node);
	},
	parse: parseGraphqlLevels,
	async write(tx, { connection }, items) {
		const scope = { organizationId: connection.organizationId, connectionId: connection.id };
		return inThousands(items.flat(), (part) => recordStock(tx, scope, part));
	}
};

async function completeLevels(client: ShopifyClient, node: Json): Promise<void> {
	const info = object(object(node.inventoryLevels)?.pageInfo);
	if (info?.hasNextPage !== true) return;
	const levels = nodesOf(node.inventoryLevels, 'The stock levels');
	const guard = loopGuard('Shopify', 'stock levels');
	let after: string | null = guard(text(info.endCursor), levels.length);
	while (after !== null) {
		const data: Json = await client.ask(
			INVENTORY_LEVELS,
			{ id: node.id, first: LEVELS_A_PAGE, after },
			{ cost: 400 }
		);
		const page: Json = object(object(data.inventoryItem)?.inventoryLevels) ?? {};
		const more = nodesOf(page, 'The stock levels');
		levels.push(...more);
		const next: Json = object(page.pageInfo) ?? {};
		after = next.hasNextPage === true ? guard(text(next.endCursor), more.length) : null;
	}
	node.inventoryLevels = { nodes: levels };
}
