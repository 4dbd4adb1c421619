import { recordOrders, type ChannelOrder } from '../../../orders/index.ts';
import { completeOrders } from '../complete-orders.ts';
import { pages } from '../discover.ts';
import { parseGraphqlOrder } from '../parse-order.ts';
import { BULK_ORDERS, ORDERS_PAGE } from '../queries.ts';
import { updatedBetween, type ShopifyPlan } from './bulk-read.ts';

/** First page sizes; both shrink when Shopify finds the query too dear. */
const ORDERS_A_PAGE = 25;
const LINES_FIRST = 10;

/** Orders with lines and refunds. */
export const ordersPlan: ShopifyPlan<ChannelOrder> = {
	resource: 'orders',
	bulk: BULK_ORDERS,
	attach(node, children) {
		for (const child of children) delete child.__parentId;
		node.lineItems = { nodes: children };
	},
	pages: ({ client }, { from, to }, after) =>
		pages(client, ORDERS_PAGE, 'orders', {
			first: ORDERS_A_PAGE,
			lines: LINES_FIRST,
			query: updatedBetween(from, to),
			after
		}),
	complete: completeOrders,
	// Shopify refuses refund lines in bulk: a connection inside a list
	needsMore: (node) => Array.isArray(node.refunds) && node.refunds.length > 0,
	parse: parseGraphqlOrder,
	async write(tx, { connection, timeZone }, rows, locked) {
		const { outcomes, events } = await recordOrders(
			tx,
			rows.map((order) => ({
				organizationId: connection.organizationId,
				connectionId: connection.id,
				channel: connection.channel,
				timeZone,
				order
			})),
			{ locked }
		);
		const written = outcomes.filter(({ outcome }) => outcome === 'created' || outcome === 'updated').length;
		return { written, unchanged: outcomes.length - written, events };
	}
};
