import { inOrganization } from '../../../platform/db.ts';
import type { RunContext } from '../../channel.ts';
import { ChannelError, PageLost } from '../../error.ts';
import { object, objects, text, type Json } from '../../json.ts';
import { loadCursor } from '../../sync/cursors.ts';
import { loopGuard } from '../../sync/loop-guard.ts';
import type { Span, WindowPlan } from '../../sync/window.ts';
import { parseNodes, writeBatch, type ResourcePlan } from '../../sync/write.ts';
import type { AmazonClient } from '../client.ts';
import { AmazonRefused } from '../errors.ts';
import type { ChannelOrder } from '../../../orders/index.ts';
import { amazonOrder } from '../orders/canonical.ts';
import { readOrder } from '../orders/read-order.ts';
import { ORDERS_REPORT, readReportOrder } from '../orders/report-row.ts';
import { writeOrders } from '../orders/write-orders.ts';
import { readReport, tabRows } from '../reports.ts';

export type AmazonRun = RunContext<AmazonClient>;

const DAY_MS = 86_400_000;
/** The Orders API reaches back two years; a day less, for clocks. */
export const REACH_MS = 2 * 365 * DAY_MS - DAY_MS;
/** Reports of orders take thirty days at most. */
const REPORT_MS = 30 * DAY_MS;
/** Amazon answers 400 for a window that ends less than two minutes ago by its own clock. */
const YOUNGEST_MS = 130_000;
const DETAILED_MS = 8 * DAY_MS;
/** Fifteen calls of the twenty that Amazon allows at once. */
const MOST_DETAILED = 1500;
const ORDERS_A_PAGE = 100;
const ORDERS_A_BATCH = 500;

export const INCLUDED = [
	'BUYER',
	'RECIPIENT',
	'PROCEEDS',
	'PROMOTION',
	'CANCELLATION',
	'FULFILLMENT',
	'PACKAGES'
] as const;

const write: ResourcePlan<ChannelOrder>['write'] = (tx, { connection, timeZone }, rows) =>
	writeOrders(tx, { organizationId: connection.organizationId, connectionId: connection.id, timeZone }, rows);

/** An order of the API, or the rows of one out of a report. @throws Unparsable, ZodError */
export function parseOrder(
	node: Json,
	source: 'bulk' | 'poll',
	currency: string | null = null
): ChannelOrder {
	const raw = node.rows === undefined ? readOrder(node) : readReportOrder(node);
	return amazonOrder(raw, JSON.stringify(node), source, currency);
}

/** Orders by the time of their last change. Amazon shows some late, under an older time: windows overlap by half an hour. */
export const ordersPlan: WindowPlan<AmazonClient, ChannelOrder> = {
	resource: 'orders',
	overlapMs: 30 * 60_000,
	halves: true,
	async horizon(client) {
		return new Date((await client.serverNow()).getTime() - YOUNGEST_MS);
	},
	pages: searchPages,
	parse: parseOrder,
	write
};

async function* searchPages(
	{ client }: AmazonRun,
	{ from, to }: Span,
	after: string | null
): AsyncGenerator<{ nodes: Json[]; cursor: string | null }> {
	const guard = loopGuard('Amazon', 'orders');
	const asked = {
		lastUpdatedAfter: from ?? new Date(Date.now() - REACH_MS).toISOString(),
		lastUpdatedBefore: to,
		marketplaceIds: client.marketplaceIds,
		maxResultsPerPage: ORDERS_A_PAGE,
		includedData: INCLUDED
	};
	let token = after;
	for (;;) {
		const answer = await pageOf(client, asked, token);
		const nodes = objects(answer.orders, 'The orders');
		const next = text(object(answer.pagination)?.nextToken);
		token = next === null ? null : guard(next, nodes.length);
		yield { nodes, cursor: token };
		if (token === null) return;
	}
}

/** A page token that Amazon refuses is tried once more, then the window is begun anew; a window it refuses fails in sight. */
async function pageOf(
	client: AmazonClient,
	query: Record<string, string | number | readonly string[]>,
	paginationToken: string | null
): Promise<Json> {
	for (let attempt = 0; ; attempt++) {
		try {
			return (await client.call('searchOrders', { query: { ...query, paginationToken } })) ?? {};
		} catch (error) {
			if (!(error instanceof AmazonRefused) || error.refusal.status !== 400) throw error;
			if (paginationToken === null)
				throw new ChannelError(
					'unavailable',
					`Amazon refused a window of orders: ${error.refusal.message ?? error.refusal.code}. Tidemark tries again later with a new one.`,
					null,
					{ cause: error }
				);
			if (attempt > 0) throw new PageLost('Amazon no longer accepts the page token.', { cause: error });
			client.traffic.retries++;
		}
	}
}

const reportPlan: ResourcePlan<ChannelOrder> = {
	resource: 'orders',
	cursor: 'orders:report',
	parse: parseOrder,
	write
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
			const batch = parseNodes(reportPlan, nodes.slice(at, at + ORDERS_A_BATCH), 'bulk');
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
