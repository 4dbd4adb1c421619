import fs from 'node:fs';
import { createHash } from 'node:crypto';
import type { PendingEvent } from '../../live/index.ts';
import { record } from '../../live/index.ts';
import { inOrganization, type Tx } from '../../platform/db.ts';
import { isConnectionError, Unavailable } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { log } from '../../platform/log.ts';
import { BulkFailed, finishBulk, startBulk } from '../shopify/bulk.ts';
import type { ShopifyClient } from '../shopify/client.ts';
import { bulkRows } from '../shopify/jsonl.ts';
import type { Json } from '../shopify/read.ts';
import { messageOf } from '../unparsable.ts';
import { loadCursor, moveCursor, updatedBetween, type Cursor, type Resource } from './cursors.ts';
import type { RunContext } from './run-context.ts';

/** What became of the rows of one transaction. */
export interface Written {
	written: number;
	unchanged: number;
	events: PendingEvent[];
}

/** How one kind of thing is read from Shopify and written here. */
export interface ResourcePlan<Parsed> {
	resource: Resource;
	bulk: string;
	/** Puts a bulk file's children where a page would have them. */
	attach(node: Json, children: Json[]): void;
	pages(
		client: ShopifyClient,
		search: string | null,
		after: string | null
	): AsyncGenerator<{ nodes: Json[]; cursor: string | null }>;
	/** Fetches what pages and bulk files leave out, in place. */
	complete(client: ShopifyClient, nodes: Json[]): Promise<void>;
	/** True for a row of a bulk file that `complete` must ask Shopify about: those come last, since asking is slow. */
	needsMore?(node: Json): boolean;
	/** @throws when the node cannot be understood; it becomes a dead letter */
	parse(node: Json, source: 'bulk' | 'poll'): Parsed;
	write(tx: Tx, context: RunContext, rows: Parsed[]): Promise<Written>;
}

/** Writes a list in calls of at most 1,000, as the domains' verbs take it, and adds up what came of it. */
export async function inThousands<Row>(
	rows: readonly Row[],
	write: (part: readonly Row[]) => Promise<Written>
): Promise<Written> {
	const sum: Written = { written: 0, unchanged: 0, events: [] };
	for (let from = 0; from < rows.length; from += 1000) {
		const { written, unchanged, events } = await write(rows.slice(from, from + 1000));
		sum.written += written;
		sum.unchanged += unchanged;
		sum.events.push(...events);
	}
	return sum;
}

/** No transaction holds more rows of the channel than this. */
const MOST_ROWS = 1000;
/** Nor more children (order lines, levels): very long orders fill a batch sooner. */
const MOST_CHILDREN = 3_000;
/** Rows that wait for answers of Shopify are written in small lots: people see them come, and a restart asks little again. */
const MOST_ASKED_ROWS = 100;
const BULK_TRIES = 3;

/**
 * Reads everything of a resource by a bulk operation, and page by page when that fails three times. Goes on where an earlier
 * process stopped: with the same operation and file, after the rows that are recorded.
 */
export async function readWhole<Parsed>(context: RunContext, plan: ResourcePlan<Parsed>): Promise<void> {
	for (;;) {
		const cursor = await cursorOf(context, plan.resource);
		if (cursor.state.windowTo !== undefined)
			return readWindow(context, plan, cursor.state.windowFrom ?? null, cursor.state.windowTo);
		try {
			return await readBulk(context, plan, cursor);
		} catch (error) {
			if (!(error instanceof BulkFailed)) throw error;
			const tries = (cursor.state.tries ?? 0) + 1;
			log.warn({ err: error, resource: plan.resource, tries }, 'a bulk operation failed');
			const state = tries >= BULK_TRIES ? { windowTo: new Date().toISOString() } : { tries };
			await inOrganization(context.connection.organizationId, (tx) =>
				moveCursor(tx, context.connection, plan.resource, { syncedTo: cursor.syncedTo, state })
			);
		}
	}
}

/** Begins the bulk operation of a resource early, so that Shopify works on several at once. A busy shop is no error. */
export async function beginBulk<Parsed>(context: RunContext, plan: ResourcePlan<Parsed>): Promise<void> {
	const cursor = await cursorOf(context, plan.resource);
	if (cursor.state.bulkId !== undefined || cursor.state.windowTo !== undefined) return;
	try {
		await begin(context, plan, cursor);
	} catch (error) {
		if (!(error instanceof BulkFailed)) throw error;
	}
}

async function begin<Parsed>(
	context: RunContext,
	plan: ResourcePlan<Parsed>,
	cursor: Cursor
): Promise<Cursor> {
	const bulkStartedAt = new Date().toISOString();
	const bulkId = await startBulk(context.client, plan.bulk);
	const begun = {
		syncedTo: cursor.syncedTo,
		state: { bulkId, bulkStartedAt, rows: 0, tries: cursor.state.tries ?? 0 }
	};
	await inOrganization(context.connection.organizationId, (tx) =>
		moveCursor(tx, context.connection, plan.resource, begun)
	);
	return begun;
}

async function readBulk<Parsed>(
	context: RunContext,
	plan: ResourcePlan<Parsed>,
	found: Cursor
): Promise<void> {
	const { connection, client, progress, signal } = context;
	const cursor = found.state.bulkId === undefined ? await begin(context, plan, found) : found;
	const { bulkId, bulkStartedAt } = cursor.state as { bulkId: string; bulkStartedAt: string };
	const { file, shape } = await finishBulk(
		client,
		{ shop: connection.externalId, baseUrl: connection.baseUrl },
		bulkId,
		{
			name: `${connection.id}-${plan.resource}`,
			signal
		}
	);
	try {
		progress.total(plan.resource, shape.roots);
		for (const pass of plan.needsMore ? (['plain', 'more'] as const) : (['plain'] as const)) {
			if (pass === 'plain' && cursor.state.pass === 'more') continue;
			const skip = (cursor.state.pass ?? 'plain') === pass ? (cursor.state.rows ?? 0) : 0;
			for await (const { batch, rows } of ahead(
				parsedBatches(plan, batchesOf(context, plan, bulkRows(file, shape, skip), pass))
			)) {
				await writeBatch(context, plan, batch, {
					syncedTo: cursor.syncedTo,
					state: { ...cursor.state, pass, rows: skip + rows }
				});
			}
		}
		await inOrganization(connection.organizationId, (tx) =>
			moveCursor(tx, connection, plan.resource, { syncedTo: new Date(bulkStartedAt), state: {} })
		);
	} finally {
		await fs.promises.rm(file, { force: true });
	}
}

/**
 * The rows of one pass over the file, in batches: `plain` those that are whole as they stand, `more` those about which Shopify
 * must be asked first. `rows` counts how far in the file a batch reaches, whichever rows it took.
 */
async function* batchesOf<Parsed>(
	context: RunContext,
	plan: ResourcePlan<Parsed>,
	source: AsyncIterable<{ node: Json; children: Json[] }>,
	pass: 'plain' | 'more'
): AsyncGenerator<{ nodes: Json[]; rows: number }> {
	const most = pass === 'more' ? MOST_ASKED_ROWS : MOST_ROWS;
	let nodes: Json[] = [];
	let children = 0;
	let rows = 0;
	for await (const row of source) {
		rows++;
		if ((plan.needsMore?.(row.node) ?? false) !== (pass === 'more')) continue;
		plan.attach(row.node, row.children);
		nodes.push(row.node);
		children += row.children.length;
		if (nodes.length < most && children < MOST_CHILDREN) continue;
		if (pass === 'more') await plan.complete(context.client, nodes);
		yield { nodes, rows };
		nodes = [];
		children = 0;
	}
	if (nodes.length === 0) return;
	if (pass === 'more') await plan.complete(context.client, nodes);
	yield { nodes, rows };
}

/** Parses each batch as it comes, so that `ahead` has the next one parsed while PostgreSQL writes. */
async function* parsedBatches<Parsed>(
	plan: ResourcePlan<Parsed>,
	source: AsyncGenerator<{ nodes: Json[]; rows: number }>
): AsyncGenerator<{ batch: Batch<Parsed>; rows: number }> {
	for await (const { nodes, rows } of source) yield { batch: parseNodes(plan, nodes, 'bulk'), rows };
}

/** Makes the next batch while the present one is written. */
async function* ahead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
	let next = source.next();
	next.catch(() => {}); // its error is thrown when its turn comes
	try {
		for (;;) {
			const { value, done } = await next;
			if (done) return;
			next = source.next();
			next.catch(() => {});
			yield value;
		}
	} finally {
		await source.return(undefined);
	}
}

/** Reads the changes of a window page by page, oldest first; `from` null reads from the beginning. */
export async function readWindow<Parsed>(
	context: RunContext,
	plan: ResourcePlan<Parsed>,
	from: string | null,
	to: string
): Promise<void> {
	const cursor = await cursorOf(context, plan.resource);
	const resumed = cursor.state.windowTo === to ? (cursor.state.after ?? null) : null;
	const search = from === null ? null : updatedBetween(from, to);
	for await (const { nodes, cursor: after } of plan.pages(context.client, search, resumed)) {
		await plan.complete(context.client, nodes);
		const state = after === null ? {} : { windowTo: to, after, ...(from !== null && { windowFrom: from }) };
		await writeBatch(context, plan, parseNodes(plan, nodes, 'poll'), {
			syncedTo: after === null ? new Date(to) : cursor.syncedTo,
			state
		});
	}
}

/** Nodes that were understood, and those that were not. */
interface Batch<Parsed> {
	rows: { node: Json; parsed: Parsed }[];
	dead: { node: Json; error: string }[];
}

function parseNodes<Parsed>(
	plan: ResourcePlan<Parsed>,
	nodes: readonly Json[],
	source: 'bulk' | 'poll'
): Batch<Parsed> {
	const rows: Batch<Parsed>['rows'] = [];
	const dead: Batch<Parsed>['dead'] = [];
	for (const node of nodes) {
		try {
			rows.push({ node, parsed: plan.parse(node, source) });
		} catch (error) {
			dead.push({ node, error: messageOf(error) });
		}
	}
	return { rows, dead };
}

/** Writes a batch with the cursor in one transaction; what cannot be read or written is kept as a dead letter. */
async function writeBatch<Parsed>(
	context: RunContext,
	plan: ResourcePlan<Parsed>,
	{ rows, dead }: Batch<Parsed>,
	cursor: Cursor
): Promise<void> {
	context.assertWanted();
	await writeParsed(context, plan, rows, async (tx) => {
		await bury(tx, context, plan.resource, dead);
		await moveCursor(tx, context.connection, plan.resource, cursor);
	});
	context.progress.add(plan.resource, { done: dead.length, dead: dead.length });
}

/** Writes all, or halves until the row that PostgreSQL refuses stands alone and becomes a dead letter. */
async function writeParsed<Parsed>(
	context: RunContext,
	plan: ResourcePlan<Parsed>,
	rows: readonly { node: Json; parsed: Parsed }[],
	last: (tx: Tx) => Promise<void>
): Promise<void> {
	try {
		const counts = await record(context.connection.organizationId, async (tx) => {
			const result =
				rows.length > 0
					? await plan.write(
							tx,
							context,
							rows.map((row) => row.parsed)
						)
					: { written: 0, unchanged: 0, events: [] };
			await last(tx);
			return { result, events: result.events };
		});
		context.progress.add(plan.resource, {
			done: rows.length,
			written: counts.written,
			unchanged: counts.unchanged
		});
	} catch (error) {
		if (rows.length === 0 || error instanceof Unavailable || isConnectionError(error)) throw error;
		if (rows.length > 1) {
			const middle = rows.length >> 1;
			await writeParsed(context, plan, rows.slice(0, middle), async () => {});
			return writeParsed(context, plan, rows.slice(middle), last);
		}
		log.error(
			{ err: error, resource: plan.resource },
			'a row could not be written; it is kept as a dead letter'
		);
		await record(context.connection.organizationId, async (tx) => {
			await bury(tx, context, plan.resource, [{ node: rows[0]!.node, error: messageOf(error) }]);
			await last(tx);
			return { result: undefined, events: [] };
		});
		context.progress.add(plan.resource, { done: 1, dead: 1 });
	}
}

async function bury(
	{ sql }: Tx,
	{ connection }: RunContext,
	resource: Resource,
	dead: readonly { node: Json; error: string }[]
): Promise<void> {
	for (const { node, error } of dead) {
		const body = JSON.stringify(node);
		const deliveryId = `${resource}:${createHash('sha256').update(body).digest('hex')}`;
		await sql`
			insert into inbox (id, organization_id, connection_id, delivery_id, topic, body, status, error)
			values (${newId()}, ${connection.organizationId}, ${connection.id}, ${deliveryId}, ${`sync/${resource}`}, ${Buffer.from(body)}, 'dead', ${error})
			on conflict (connection_id, delivery_id) do nothing`;
	}
}

function cursorOf(context: RunContext, resource: Resource): Promise<Cursor> {
	return inOrganization(context.connection.organizationId, (tx) =>
		loadCursor(tx, context.connection, resource)
	);
}
