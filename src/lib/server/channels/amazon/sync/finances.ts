import { recordTransactions } from '../../../finances/index.ts';
import type { ChannelOrder } from '../../../orders/index.ts';
import type { PendingEvent } from '../../../live/index.ts';
import { inOrganization } from '../../../platform/db.ts';
import { PageLost } from '../../error.ts';
import { object, objects, text, type Json } from '../../json.ts';
import { loopGuard } from '../../sync/loop-guard.ts';
import { readChanges, type Span, type WindowPlan } from '../../sync/window.ts';
import { inThousands, type Written } from '../../sync/write.ts';
import type { AmazonClient } from '../client.ts';
import { AmazonRefused } from '../errors.ts';
import { storeRefunds } from '../orders/refunds-stored.ts';
import { writeOrders } from '../orders/write-orders.ts';
import { readTransaction, refundedOrder, transactionId, type ReadTransaction } from '../transactions.ts';
import { INCLUDED, parseOrder, REACH_MS, type AmazonRun } from './orders.ts';

const DAY_MS = 86_400_000;
/** Amazon wants the end of a window more than two minutes ago. */
const YOUNGEST_MS = 130_000;
/** Transactions of an order appear days after the day they are posted under. */
const OVERLAP_MS = 4 * DAY_MS;
/** What was held back is released within weeks, under its old day. */
const AGAIN_MS = 35 * DAY_MS;

interface Told extends ReadTransaction {
	/** The order of a refund that is told for the first time, read again: its own date does not change for it. */
	order: ChannelOrder | null;
}

/** Movements of money by the day they are posted. */
export const transactionsPlan: WindowPlan<AmazonClient, Told> = {
	resource: 'transactions',
	overlapMs: OVERLAP_MS,
	longestMs: 30 * DAY_MS,
	halves: true,
	async horizon(client) {
		return new Date((await client.serverNow()).getTime() - YOUNGEST_MS);
	},
	pages: transactionPages,
	parse(node) {
		const { refundedOrderNode, ...transaction } = node;
		const order = object(refundedOrderNode);
		return {
			...readTransaction(transaction),
			order: order && parseOrder(order, 'poll')
		};
	},
	async write(tx, { connection, timeZone }, rows): Promise<Written> {
		const place = { organizationId: connection.organizationId, connectionId: connection.id };
		await storeRefunds(
			tx,
			place,
			rows.flatMap(({ refund }) => refund ?? [])
		);
		const orders = new Map(rows.flatMap(({ order }) => (order ? [[order.externalId, order] as const] : [])));
		const events: PendingEvent[] = [];
		if (orders.size > 0)
			events.push(...(await writeOrders(tx, { ...place, timeZone }, [...orders.values()])).events);
		const movements = rows.flatMap(({ movements: some }) => some);
		const counts = await inThousands(movements, async (part) => {
			const recorded = await recordTransactions(
				tx,
				part.map((transaction) => ({ ...place, channel: 'amazon' as const, timeZone, transaction }))
			);
			const written = recorded.outcomes.filter((one) => one === 'created' || one === 'updated').length;
			return { written, unchanged: recorded.outcomes.length - written, events: recorded.events };
		});
		return { ...counts, events: [...events, ...counts.events] };
	}
};

/** The same days once more, for what Amazon restates under its old date; its place is kept apart from the reading of new ones. */
const againPlan: typeof transactionsPlan = { ...transactionsPlan, cursor: 'transactions:again' };

/** New transactions; the first time as far back as orders go. */
export async function readTransactions(context: AmazonRun): Promise<void> {
	await readChanges(context, transactionsPlan, new Date(Date.now() - REACH_MS));
}

/** The last five weeks of transactions, released and corrected ones among them: a second reading with a place of its own. */
export async function readTransactionsAgain(context: AmazonRun): Promise<void> {
	const { connection } = context;
	await inOrganization(
		connection.organizationId,
		({ sql }) => sql`
		delete from sync_cursors where organization_id = ${connection.organizationId} and connection_id = ${connection.id} and resource = ${againPlan.cursor!}`
	);
	await readChanges(context, againPlan, new Date(Date.now() - AGAIN_MS));
}

async function* transactionPages(
	context: AmazonRun,
	{ from, to }: Span,
	after: string | null
): AsyncGenerator<{ nodes: Json[]; cursor: string | null }> {
	const { client } = context;
	// pages without rows are normal here
	const guard = loopGuard('Amazon', 'transactions', { mayBeEmpty: true });
	let nextToken = after;
	for (;;) {
		let answer: Json;
		try {
			const query = {
				postedAfter: from ?? new Date(Date.now() - REACH_MS).toISOString(),
				postedBefore: to,
				nextToken
			};
			answer = object((await client.call('listTransactions', { query }))?.payload) ?? {};
		} catch (error) {
			// a token that ended, or a page above ten megabytes: a shorter window brings both
			if (!(error instanceof AmazonRefused) || error.refusal.status !== 400) throw error;
			throw new PageLost(`Amazon answered ${error.refusal.message ?? error.refusal.code}.`, { cause: error });
		}
		const nodes = objects(answer.transactions, 'The transactions');
		await addRefundedOrders(context, nodes);
		const next = text(answer.nextToken);
		nextToken = next === null ? null : guard(next, nodes.length);
		yield { nodes, cursor: nextToken };
		if (nextToken === null) return;
	}
}

/** Reads the orders again whose refund is told for the first time, so that both are written together. */
async function addRefundedOrders({ client, connection }: AmazonRun, nodes: readonly Json[]): Promise<void> {
	const refunds = nodes.flatMap((node) => {
		const order = refundedOrder(node);
		return order === null ? [] : [{ node, order, id: transactionId(node) }];
	});
	if (refunds.length === 0) return;
	const stored = await inOrganization(
		connection.organizationId,
		({ sql }) => sql<{ order: string; refunds: string[] }[]>`
		select o.external_id as order, coalesce(array_agg(r.external_id) filter (where r.external_id is not null), '{}') as refunds
		from orders o left join channel_refunds r on r.connection_id = o.connection_id and r.order_external_id = o.external_id and r.organization_id = o.organization_id
		where o.organization_id = ${connection.organizationId} and o.connection_id = ${connection.id} and o.external_id = any(${refunds.map((one) => one.order)}::text[])
		group by o.external_id`
	);
	const known = new Map(stored.map((one) => [one.order, new Set(one.refunds)]));
	for (const { node, order, id } of refunds) {
		const before = known.get(order);
		if (!before || before.has(id)) continue;
		const answer = await client.call(
			'getOrder',
			{ path: { orderId: order }, query: { includedData: INCLUDED } },
			{ absent: true }
		);
		const read = object(answer?.order);
		if (read) node.refundedOrderNode = read;
	}
}
