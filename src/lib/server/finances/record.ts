import type { Channel } from '#lib/contracts/channels.ts';
import type { PendingEvent } from '../live/index.ts';
import { localDay, ordersByExternalId } from '../orders/index.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { metrics } from '../platform/metrics.ts';
import type { ChannelTransaction } from './channel-transaction.ts';
import { compareTellings, contentHash, type Telling } from './merge.ts';

/** No transaction holds more. */
export const MAX_TRANSACTIONS = 1_000;

/** One transaction to record, with the place it belongs to. */
export interface TransactionEntry {
	organizationId: string;
	connectionId: string;
	channel: Channel;
	/** The organization's, IANA. */
	timeZone: string;
	transaction: ChannelTransaction;
}

/** created: new. updated: restated. unchanged: nothing new. stale: a more certain or later telling is stored. */
export type TransactionOutcome = 'created' | 'updated' | 'unchanged' | 'stale';

export interface RecordedTransactions {
	/** In the order of the entries. */
	outcomes: TransactionOutcome[];
	/** For `live.record`: one `orders` event per organization and channel, so that analytics reads what they touch again. */
	events: PendingEvent[];
}

interface Candidate extends Telling {
	entry: TransactionEntry;
}
interface Row {
	id: string;
	connectionId: string;
	externalId: string;
	orderExternalId: string | null;
	postedAt: Date;
	contentHash: string;
}

/**
 * Records transactions with a fixed number of statements. Use inside `live.record` and append the answered events. Idempotent by
 * (connection, external id); estimated, deferred and settled tellings may come in any order and end in the same row.
 * @throws Error for more than 1,000 entries; database errors otherwise
 */
export async function recordTransactions(
	tx: Tx,
	entries: readonly TransactionEntry[]
): Promise<RecordedTransactions> {
	if (entries.length > MAX_TRANSACTIONS)
		throw new Error(`${entries.length} transactions in one call; at most ${MAX_TRANSACTIONS}.`);
	const candidates = entries.map((entry): Candidate => ({
		entry,
		transaction: entry.transaction,
		hash: contentHash(entry.transaction)
	}));
	const best = new Map<string, Candidate>();
	for (const one of candidates) {
		const other = best.get(keyOf(one.entry));
		if (!other || compareTellings(one, other) > 0) best.set(keyOf(one.entry), one);
	}
	const wanted = [...best].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
	const before = new Map((await lock(tx, wanted)).map((row) => [rowKey(row), row]));
	const written = new Map((await upsert(tx, wanted)).map((row) => [rowKey(row), row]));

	const outcomes = candidates.map((one): TransactionOutcome => {
		const key = keyOf(one.entry);
		if (best.get(key) !== one) return best.get(key)!.hash === one.hash ? 'unchanged' : 'stale';
		if (written.has(key)) return before.has(key) ? 'updated' : 'created';
		return before.get(key)?.contentHash === one.hash ? 'unchanged' : 'stale';
	});
	outcomes.forEach((outcome, index) =>
		metrics.transactions.inc({ channel: entries[index]!.channel, outcome })
	);
	return { outcomes, events: await eventsOf(tx, best, before, written) };
}

const keyOf = ({ connectionId, transaction }: TransactionEntry) =>
	`${connectionId} ${transaction.externalId}`;
const rowKey = ({ connectionId, externalId }: Row) => `${connectionId} ${externalId}`;

/**
 * Locks what is stored of these transactions, in the order of the keys, so that two batches cannot wait for each other. Keys travel as
 * JSON and are looked up one by one, for the planner's sake: see `lockHeads` of orders.
 */
function lock({ sql }: Tx, wanted: readonly Candidate[]): Promise<Row[]> {
	const keys = wanted.map(({ entry, transaction }) => ({
		organization_id: entry.organizationId,
		connection_id: entry.connectionId,
		external_id: transaction.externalId
	}));
	return sql<Row[]>`
		select t.* from json_to_recordset(${JSON.stringify(keys)}::text::json) as w (organization_id uuid, connection_id uuid, external_id text)
		cross join lateral (
			select t.id, t.connection_id, t.external_id, t.order_external_id, t.posted_at, t.content_hash from channel_transactions t
			where t.connection_id = w.connection_id and t.external_id = w.external_id and (t.organization_id = w.organization_id) is true
			limit 1 for update
		) t`;
}

const STATE_RANK = (name: string) => `array_position(array['estimated', 'deferred', 'settled'], ${name})`;

function upsert({ sql }: Tx, wanted: readonly Candidate[]): Promise<Row[]> {
	const rows = wanted.map(({ entry, transaction, hash }) => ({
		id: newId(),
		organization_id: entry.organizationId,
		connection_id: entry.connectionId,
		external_id: transaction.externalId,
		order_external_id: transaction.orderExternalId,
		listing_external_id: transaction.listingExternalId,
		sku: transaction.sku,
		kind: transaction.kind,
		fee_type: transaction.feeType,
		amount: transaction.amount,
		currency: transaction.currency,
		posted_at: transaction.postedAt,
		state: transaction.state,
		payload: transaction.payload,
		content_hash: hash
	}));
	return sql<Row[]>`
		insert into channel_transactions as t (id, organization_id, connection_id, external_id, order_external_id, listing_external_id, sku, kind,
			fee_type, amount, currency, posted_at, state, payload, content_hash)
		select * from json_to_recordset(${JSON.stringify(rows)}::text::json) as r (id uuid, organization_id uuid, connection_id uuid, external_id text,
			order_external_id text, listing_external_id text, sku text, kind text, fee_type text, amount numeric, currency text,
			posted_at timestamptz, state text, payload jsonb, content_hash text)
		on conflict (connection_id, external_id) do update set order_external_id = excluded.order_external_id,
			listing_external_id = excluded.listing_external_id, sku = excluded.sku, kind = excluded.kind, fee_type = excluded.fee_type,
			amount = excluded.amount, currency = excluded.currency, posted_at = excluded.posted_at, state = excluded.state,
			payload = excluded.payload, content_hash = excluded.content_hash, updated_at = now()
		where t.content_hash <> excluded.content_hash
			and (${sql.unsafe(STATE_RANK('excluded.state'))}, excluded.posted_at, excluded.content_hash collate "C")
				> (${sql.unsafe(STATE_RANK('t.state'))}, t.posted_at, t.content_hash collate "C")
		returning t.id, t.connection_id, t.external_id, t.order_external_id, t.posted_at, t.content_hash`;
}

/** What the written rows touch: their orders, before and after, and the rows themselves where they stand without a known order. */
async function eventsOf(
	tx: Tx,
	best: ReadonlyMap<string, Candidate>,
	before: ReadonlyMap<string, Row>,
	written: ReadonlyMap<string, Row>
): Promise<PendingEvent[]> {
	const events: PendingEvent[] = [];
	const places = Map.groupBy(written.values(), (row) => {
		const { organizationId, channel, timeZone } = best.get(rowKey(row))!.entry;
		return `${organizationId} ${channel} ${timeZone}`;
	});
	for (const [, rows] of [...places].sort(([a], [b]) => (a < b ? -1 : 1))) {
		const { organizationId, channel, timeZone } = best.get(rowKey(rows[0]!))!.entry;
		const tellings = rows.flatMap((row) => [row, before.get(rowKey(row)) ?? row]);
		const orders = await ordersByExternalId(
			tx,
			organizationId,
			tellings.flatMap(({ connectionId, orderExternalId }) =>
				orderExternalId === null ? [] : [{ connectionId, externalId: orderExternalId }]
			)
		);
		const estimates = await estimatesBeside(tx, organizationId, tellings);
		const days = [
			...[...tellings, ...estimates].map((row) => row.postedAt),
			...orders.map((order) => order.placedAt)
		];
		events.push({
			kind: 'orders',
			organizationId,
			subjectId: null,
			orderIds: [...orders, ...rows, ...estimates].map(({ id }) => id),
			days: [...new Set(days.map((at) => localDay(at.toISOString(), timeZone)))].sort(),
			dimensions: { channel, categories: [], locations: [], country: null }
		});
	}
	return events;
}

/** Estimates of the same orders: where their order is not known they stand alone, and a telling may end or revive them. */
function estimatesBeside(
	{ sql }: Tx,
	organizationId: string,
	tellings: readonly Row[]
): Promise<{ id: string; postedAt: Date }[]> {
	const named = tellings.filter(({ orderExternalId }) => orderExternalId !== null);
	return sql<{ id: string; postedAt: Date }[]>`
		select distinct t.id, t.posted_at from unnest(${named.map(({ connectionId }) => connectionId)}::uuid[], ${named.map(({ orderExternalId }) => orderExternalId)}::text[])
			as w (connection_id, order_external_id)
		join channel_transactions t on t.connection_id = w.connection_id and t.order_external_id = w.order_external_id
			and (t.organization_id = ${organizationId}) is true and t.state = 'estimated'
		order by t.id`;
}
