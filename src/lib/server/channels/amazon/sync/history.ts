import type { ChannelOrder } from '../../../orders/index.ts';
import { inOrganization } from '../../../platform/db.ts';
import { object, text, type Json } from '../../json.ts';
import { loadCursor } from '../../sync/cursors.ts';
import { writeInTurn } from '../../sync/in-turn.ts';
import { parseNodes, writeBatch, type Batch, type ResourcePlan } from '../../sync/write.ts';
import type { AmazonClient } from '../client.ts';
import { ORDERS_REPORT } from '../orders/report-row.ts';
import { tabRows, type ReportDocument } from '../report-document.ts';
import { readReport } from '../reports.ts';
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
		const sizes = document === null ? new Map<string, number>() : await sizesOf(document);
		read += sizes.size;
		// the months to come are taken to be like those read so far
		const done = progress.all.orders?.done ?? 0;
		const left = Math.max(0, (now - to.getTime()) / REPORT_MS);
		progress.total('orders', Math.round(done + sizes.size + (read / windows) * left));
		if (document !== null)
			await writeInTurn(batchesOf(client, ordersOf(document, sizes)), (batch, turn) =>
				writeBatch(context, reportPlan, batch, null, turn)
			);
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

/** How many rows each order of a report has, wherever in the file they stand. */
async function sizesOf(document: ReportDocument): Promise<Map<string, number>> {
	const sizes = new Map<string, number>();
	for await (const row of tabRows(document)) sizes.set(idOf(row), (sizes.get(idOf(row)) ?? 0) + 1);
	return sizes;
}

/** The orders of a report, each as soon as its last row is read: no more are held than those whose rows are still to come. */
async function* ordersOf(document: ReportDocument, sizes: ReadonlyMap<string, number>): AsyncGenerator<Json> {
	const open = new Map<string, Json[]>();
	for await (const row of tabRows(document)) {
		const id = idOf(row);
		const rows = open.get(id) ?? [];
		rows.push(row);
		open.set(id, rows);
		if (rows.length < sizes.get(id)!) continue;
		open.delete(id);
		yield { rows };
	}
}

function idOf(row: Record<string, string>): string {
	return row['amazon-order-id'] ?? '';
}

async function* batchesOf(
	client: AmazonClient,
	orders: AsyncGenerator<Json>
): AsyncGenerator<Batch<ChannelOrder>> {
	let nodes: Json[] = [];
	const batch = async () => {
		await replaceFree(client, nodes);
		return parseNodes(reportPlan, nodes, 'bulk');
	};
	for await (const order of orders) {
		nodes.push(order);
		if (nodes.length < ORDERS_A_BATCH) continue;
		yield await batch();
		nodes = [];
	}
	if (nodes.length > 0) yield await batch();
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
