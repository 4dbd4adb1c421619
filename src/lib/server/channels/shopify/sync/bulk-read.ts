import fs from 'node:fs';
import { inOrganization } from '../../../platform/db.ts';
import { log } from '../../../platform/log.ts';
import type { RunContext } from '../../channel.ts';
import type { Json } from '../../json.ts';
import { loadCursor, moveCursor, type Cursor, type CursorState, type Resource } from '../../sync/cursors.ts';
import { writeInTurn } from '../../sync/in-turn.ts';
import { readChanges, readWindow, type WindowPlan } from '../../sync/window.ts';
import { parseNodes, writeBatch, type Batch } from '../../sync/write.ts';
import { BulkFailed, finishBulk, startBulk } from '../bulk.ts';
import type { ShopifyClient } from '../client.ts';
import { bulkRows } from '../jsonl.ts';

/** How one kind of thing is read from Shopify, whole and by its changes, and written here. */
export interface ShopifyPlan<Parsed> extends WindowPlan<ShopifyClient, Parsed> {
	bulk: string;
	/** Puts a bulk file's children where a page would have them. */
	attach(node: Json, children: Json[]): void;
	/** Fetches what pages and bulk files leave out, in place. */
	complete(client: ShopifyClient, nodes: Json[]): Promise<void>;
	/** True for a row of a bulk file that `complete` must ask Shopify about: those come last, since asking is slow. */
	needsMore?(node: Json): boolean;
}

/** A bulk operation under way, beside what a window keeps. */
interface BulkState extends CursorState {
	/** When it was begun (ISO), and how many rows of its file are recorded. */
	bulkId?: string;
	bulkStartedAt?: string;
	rows?: number;
	/** First the rows that are whole as they stand, then those that Shopify must be asked about. */
	pass?: 'plain' | 'more';
	/** How often the bulk operation was begun anew. */
	tries?: number;
}

type ShopifyRun = RunContext<ShopifyClient>;

/** A window as Shopify's search writes it, in whole seconds; null for everything. */
export function updatedBetween(from: string | null, to: string): string | null {
	if (from === null) return null;
	const seconds = (iso: string) => iso.replace(/\.\d+Z$/, 'Z');
	return `updated_at:>='${seconds(from)}' AND updated_at:<='${seconds(to)}'`;
}

/** Reads the next window of changes of a resource, or all of it when it was never whole; answers up to when everything is in. */
export async function readShopify<Parsed>(context: ShopifyRun, plan: ShopifyPlan<Parsed>): Promise<Date> {
	const cursor = await cursorOf(context, plan.resource);
	if (cursor.syncedTo === null || cursor.state.bulkId !== undefined) await readWhole(context, plan);
	return readChanges(context, plan);
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
export async function readWhole<Parsed>(context: ShopifyRun, plan: ShopifyPlan<Parsed>): Promise<void> {
	for (;;) {
		const cursor = await cursorOf(context, plan.resource);
		if (cursor.state.windowTo !== undefined)
			return void (await readWindow(context, plan, cursor.state.windowFrom ?? null, cursor.state.windowTo));
		try {
			return await readBulk(context, plan, cursor);
		} catch (error) {
			if (!(error instanceof BulkFailed)) throw error;
			const tries = ((cursor.state as BulkState).tries ?? 0) + 1;
			log.warn({ err: error, resource: plan.resource, tries }, 'a bulk operation failed');
			const state = tries >= BULK_TRIES ? { windowTo: new Date().toISOString() } : { tries };
			await inOrganization(context.connection.organizationId, (tx) =>
				moveCursor(tx, context.connection, plan.resource, { syncedTo: cursor.syncedTo, state })
			);
		}
	}
}

/** Begins the bulk operation of a resource early, so that Shopify works on several at once. A busy shop is no error. */
export async function beginBulk<Parsed>(context: ShopifyRun, plan: ShopifyPlan<Parsed>): Promise<void> {
	const cursor = await cursorOf(context, plan.resource);
	if (cursor.state.bulkId !== undefined || cursor.state.windowTo !== undefined) return;
	try {
		await begin(context, plan, cursor);
	} catch (error) {
		if (!(error instanceof BulkFailed)) throw error;
	}
}

async function begin<Parsed>(
	context: ShopifyRun,
	plan: ShopifyPlan<Parsed>,
	cursor: Cursor
): Promise<Cursor> {
	const bulkStartedAt = new Date().toISOString();
	const bulkId = await startBulk(context.client, plan.bulk);
	const begun = {
		syncedTo: cursor.syncedTo,
		state: { bulkId, bulkStartedAt, rows: 0, tries: (cursor.state as BulkState).tries ?? 0 }
	};
	await inOrganization(context.connection.organizationId, (tx) =>
		moveCursor(tx, context.connection, plan.resource, begun)
	);
	return begun;
}

async function readBulk<Parsed>(
	context: ShopifyRun,
	plan: ShopifyPlan<Parsed>,
	found: Cursor
): Promise<void> {
	const { connection, client, progress, signal } = context;
	const cursor = found.state.bulkId === undefined ? await begin(context, plan, found) : found;
	const state = cursor.state as BulkState;
	const { bulkId, bulkStartedAt } = state as { bulkId: string; bulkStartedAt: string };
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
			if (pass === 'plain' && state.pass === 'more') continue;
			const skip = (state.pass ?? 'plain') === pass ? (state.rows ?? 0) : 0;
			const batches = batchesOf(context, plan, bulkRows(file, shape, skip), pass);
			await writeInTurn(parsedBatches(plan, batches), ({ batch, rows }, turn) => {
				const place = { syncedTo: cursor.syncedTo, state: { ...state, pass, rows: skip + rows } };
				return writeBatch(context, plan, batch, place, turn);
			});
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
	context: ShopifyRun,
	plan: ShopifyPlan<Parsed>,
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

/** Parses each batch as it comes, so that the next one is parsed while PostgreSQL writes. */
async function* parsedBatches<Parsed>(
	plan: ShopifyPlan<Parsed>,
	source: AsyncGenerator<{ nodes: Json[]; rows: number }>
): AsyncGenerator<{ batch: Batch<Parsed>; rows: number }> {
	for await (const { nodes, rows } of source) yield { batch: await parseNodes(plan, nodes, 'bulk'), rows };
}

function cursorOf(context: RunContext, resource: Resource): Promise<Cursor> {
	return inOrganization(context.connection.organizationId, (tx) =>
		loadCursor(tx, context.connection, resource)
	);
}
