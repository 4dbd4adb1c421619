import type { ChannelOrder } from '../../../orders/index.ts';
import { inOrganization } from '../../../platform/db.ts';
import { object, text, type Json } from '../../json.ts';
import { loadCursor } from '../../sync/cursors.ts';
import { parseNodes, writeBatch, type ResourcePlan } from '../../sync/write.ts';
import type { AmazonClient } from '../client.ts';
import { ORDERS_REPORT } from '../orders/report-row.ts';
import { readReport, tabRows } from '../reports.ts';
import { INCLUDED, parseOrder, REACH_MS, writeParsed, YOUNGEST_MS, type AmazonRun } from './orders.ts';

const DAY_MS = 86_400_000;
/** Reports of orders take thirty days at most. */
const REPORT_MS = 30 * DAY_MS;
const DETAILED_MS = 8 * DAY_MS;
/** Fifteen calls of the twenty that Amazon allows at once. */
const MOST_DETAILED = 1500;
const ORDERS_A_BATCH = 500;

const reportPlan: ResourcePlan<ChannelOrder> = {
	resource: 'orders',
	cursor: 'orders:report',
	parse: parseOrder,
	write: writeParsed
};

/**
 * The history, by report: the API itself gives a hundred orders in three minutes. Thirty days at a time, oldest first; what is
 * whole is not asked for again after a restart. Answers the instant from which the API goes on.
 */
export async function readHistory(context: AmazonRun): Promise<Date> {
	const { client, connection, progress, signal } = context;
	const now = (await client.serverNow()).getTime() - YOUNGEST_MS;
	let read = 0;
	for (let windows = 1; ; windows++) {
		const { syncedTo } = await inOrganization(connection.organizationId, (tx) =>
			loadCursor(tx, connection, 'orders:report')
		);
		const from = syncedTo?.getTime() ?? now - REACH_MS;
		if (now - from < DAY_MS) return new Date(from);
		const to = new Date(Math.min(now, from + REPORT_MS));
		const document = await readReport(
			client,
			{
				reportType: ORDERS_REPORT,
				from: new Date(from).toISOString(),
				to: to.toISOString(),
				marketplaceIds: client.marketplaceIds
			},
			signal
		);
		const nodes = document === null ? [] : [...ordersOf(document)];
		await replaceFree(client, nodes);
		read += nodes.length;
		// the months to come are taken to be like those read so far
		const done = progress.all.orders?.done ?? 0;
		const left = Math.max(0, (now - to.getTime()) / REPORT_MS);
		progress.total('orders', Math.round(done + nodes.length + (read / windows) * left));
		for (let at = 0; at < nodes.length; at += ORDERS_A_BATCH) {
			const batch = await parseNodes(reportPlan, nodes.slice(at, at + ORDERS_A_BATCH), 'bulk');
			await writeBatch(context, reportPlan, batch, null);
		}
		// only a whole report moves on; its rows may be written twice, never left out
		await writeBatch(context, reportPlan, { rows: [], dead: [] }, { syncedTo: to, state: {} });
	}
}

/**
 * From when the API reads on after a history by report: a week before its end where that is little enough, since the API tells
 * more of an order than the report does (packages, replacements, lines by their proceeds).
 */
export async function detailedSince({ connection }: AmazonRun, end: Date): Promise<Date> {
	const earlier = new Date(end.getTime() - DETAILED_MS);
	const [recent] = await inOrganization(
		connection.organizationId,
		({ sql }) => sql<{ count: number }[]>`
		select count(*)::int as count from orders where organization_id = ${connection.organizationId} and connection_id = ${connection.id} and source_updated_at >= ${earlier}`
	);
	return recent!.count <= MOST_DETAILED ? earlier : end;
}

/** The orders of a report, each with all its rows, wherever in the file they stand. */
export function* ordersOf(document: string): Generator<Json> {
	const orders = new Map<string, Json[]>();
	for (const row of tabRows(document)) {
		const id = row['amazon-order-id'] ?? '';
		const rows = orders.get(id);
		if (rows) rows.push(row);
		else orders.set(id, [row]);
	}
	for (const rows of orders.values()) yield { rows };
}

/** The report does not say what was sent for free in place of another order: what cost nothing is asked for by its id. */
async function replaceFree(client: AmazonClient, nodes: Json[]): Promise<void> {
	for (const [index, node] of nodes.entries()) {
		const rows = node.rows as Json[];
		const prices = rows.map((row) => text(row['item-price']));
		if (!prices.every((price) => price !== null && Number(price) === 0)) continue;
		const orderId = String(rows[0]!['amazon-order-id']);
		const answer = await client.call(
			'getOrder',
			{ path: { orderId }, query: { includedData: INCLUDED } },
			{ absent: true }
		);
		const order = object(answer?.order);
		if (order) nodes[index] = order;
	}
}
