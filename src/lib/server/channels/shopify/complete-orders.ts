import type { ShopifyClient } from './client.ts';
import { loopGuard } from '../sync/loop-guard.ts';
import { tooDear } from './discover.ts';
import { nodesOf } from './parse-order-graphql.ts';
import { ORDER_LINES, REFUND_ITEMS, REFUNDS_OF_ORDERS } from './queries.ts';
import { object, objects, requiredText, text, type Json } from './read.ts';

/** How many orders' refunds are asked for at a time; shrinks when Shopify finds the query too dear. */
const refundBatch = new WeakMap<ShopifyClient, number>();
const MOST_REFUND_ORDERS = 50;
const LINES_A_PAGE = 60;
const REFUND_ITEMS_FIRST = 12;
const REFUND_ITEMS_A_PAGE = 100;

/**
 * Fetches what a page or a bulk file left out of these order nodes, in place: lines beyond the first page, and the lines,
 * shipping and adjustments of refunds.
 */
export async function completeOrders(client: ShopifyClient, nodes: readonly Json[]): Promise<void> {
	for (const node of nodes) await completeLines(client, node);
	const refunded = nodes.filter((node) => objects(node.refunds, 'The refunds').length > 0);
	const byId = new Map(refunded.map((node) => [requiredText(node.id, 'The order id'), node]));
	const waiting = [...byId.keys()];
	while (waiting.length > 0) {
		const size = refundBatch.get(client) ?? MOST_REFUND_ORDERS;
		const ids = waiting.slice(0, size);
		try {
			const data = await client.ask(REFUNDS_OF_ORDERS, { ids, items: REFUND_ITEMS_FIRST }, { cost: 100 });
			for (const answer of objects((data.nodes as unknown[]).filter(Boolean), 'The refunds')) {
				const node = byId.get(requiredText(answer.id, 'The order id'));
				if (node) node.refunds = answer.refunds;
			}
			waiting.splice(0, ids.length);
		} catch (error) {
			if (!tooDear(error) || size === 1) throw error;
			refundBatch.set(client, Math.floor(size / 2));
		}
	}
	for (const node of refunded)
		for (const refund of objects(node.refunds, 'The refunds')) await completeRefund(client, refund);
}

async function completeLines(client: ShopifyClient, node: Json): Promise<void> {
	const connection = object(node.lineItems);
	const info = object(connection?.pageInfo);
	if (!connection || info?.hasNextPage !== true) return;
	const lines = nodesOf(connection, 'The lines');
	const guard = loopGuard('Shopify', 'order lines');
	let after: string | null = guard(text(info.endCursor), lines.length);
	while (after !== null) {
		const data: Json = await client.ask(
			ORDER_LINES,
			{ id: node.id, first: LINES_A_PAGE, after },
			{ cost: 900 }
		);
		const page: Json = object(object(data.order)?.lineItems) ?? {};
		const more = nodesOf(page, 'The lines');
		lines.push(...more);
		const next: Json = object(page.pageInfo) ?? {};
		after = next.hasNextPage === true ? guard(text(next.endCursor), more.length) : null;
	}
	node.lineItems = { nodes: lines };
}

async function completeRefund(client: ShopifyClient, refund: Json): Promise<void> {
	const connection = object(refund.refundLineItems);
	const info = object(connection?.pageInfo);
	if (!connection || info?.hasNextPage !== true) return;
	const items = nodesOf(connection, 'The refund lines');
	const guard = loopGuard('Shopify', 'refund lines');
	let after: string | null = guard(text(info.endCursor), items.length);
	while (after !== null) {
		const data: Json = await client.ask(
			REFUND_ITEMS,
			{ id: refund.id, first: REFUND_ITEMS_A_PAGE, after },
			{ cost: 700 }
		);
		const page: Json = object(object(data.node)?.refundLineItems) ?? {};
		const more = nodesOf(page, 'The refund lines');
		items.push(...more);
		const next: Json = object(page.pageInfo) ?? {};
		after = next.hasNextPage === true ? guard(text(next.endCursor), more.length) : null;
	}
	refund.refundLineItems = { nodes: items };
}
