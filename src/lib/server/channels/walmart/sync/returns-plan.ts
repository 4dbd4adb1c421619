import type { ChannelOrder } from '../../../orders/index.ts';
import { object, objects, text, type Json } from '../../json.ts';
import type { WindowPlan } from '../../sync/window.ts';
import type { WalmartClient } from '../client.ts';
import { orderById, returnPages } from '../listing.ts';
import { parseWalmartOrder } from '../parse-order.ts';
import { purchaseOrdersOf } from '../parse-return.ts';
import { attachReturns, forgetReturns } from '../returns-book.ts';
import { ordersPlan } from './orders-plan.ts';

/**
 * Returns by their last change: the orders they belong to are read anew, since a refund does not always move the order's own
 * date of change. Orders that Walmart no longer shows keep what they have.
 */
export const returnsPlan: WindowPlan<WalmartClient, ChannelOrder[]> = {
	resource: 'returns',
	overlapMs: 30 * 60_000,
	longestMs: 30 * 86_400_000,
	async *pages({ client }, { from, to }) {
		const window = {
			...(from !== null && { returnLastModifiedStartDate: from }),
			returnLastModifiedEndDate: to
		};
		const nodes: Json[] = [];
		// a window is short: it is read whole, so that no page of it is ever resumed
		for await (const { rows } of returnPages(client, window)) nodes.push(...rows);
		yield { nodes, cursor: null };
	},
	async complete(client, nodes) {
		forgetReturns(
			client,
			nodes.map((node) => text(node.customerOrderId))
		);
		const read = new Map<string, Json | null>();
		for (const node of nodes) {
			const orders: Json[] = [];
			for (const id of purchaseOrdersOf(node)) {
				if (!read.has(id)) read.set(id, await orderById(client, id));
				const order = read.get(id);
				if (order) orders.push(order);
			}
			await attachReturns(client, orders);
			node.orders = orders;
		}
	},
	parse: (node) =>
		objects(node.orders, 'The orders of a return').map((order) =>
			parseWalmartOrder(object(order) ?? {}, 'poll')
		),
	async write(tx, context, rows) {
		const orders = [...new Map(rows.flat().map((order) => [order.externalId, order])).values()];
		if (orders.length === 0) return { written: 0, unchanged: rows.length, events: [] };
		const counts = await ordersPlan.write(tx, context, orders);
		return {
			...counts,
			written: Math.min(counts.written, rows.length),
			unchanged: Math.max(0, rows.length - counts.written)
		};
	}
};
