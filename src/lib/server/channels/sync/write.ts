import { createHash } from 'node:crypto';
import { setImmediate as immediate } from 'node:timers/promises';
import { record, type PendingEvent } from '../../live/index.ts';
import type { Tx } from '../../platform/db.ts';
import { isConnectionError, Unavailable } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { log } from '../../platform/log.ts';
import type { RunContext } from '../channel.ts';
import { notePage } from '../journal.ts';
import type { Json } from '../json.ts';
import { messageOf } from '../unparsable.ts';
import { moveCursor, type Cursor, type Resource } from './cursors.ts';
import type { Turn } from './in-turn.ts';

/** What became of the rows of one transaction. */
export interface Written {
	written: number;
	unchanged: number;
	events: PendingEvent[];
}

/** How one kind of thing is understood and written. */
export interface ResourcePlan<Parsed> {
	resource: Resource;
	/** The cursor's name, where a channel reads a resource in several parts; else the resource. */
	cursor?: string;
	/** @throws when the node cannot be understood; it becomes a dead letter */
	parse(node: Json, source: 'bulk' | 'poll'): Parsed;
	/** `locked` is to be called, where it can be told, when the rows have taken every lock that other rows may want as well. */
	write(tx: Tx, context: RunContext, rows: Parsed[], locked?: () => void): Promise<Written>;
}

/** Nodes that were understood, and those that were not. */
export interface Batch<Parsed> {
	rows: { node: Json; parsed: Parsed }[];
	dead: { node: Json; error: string }[];
}

/** The name under which a plan's cursor is kept. */
export function cursorName(plan: Pick<ResourcePlan<unknown>, 'resource' | 'cursor'>): string {
	return plan.cursor ?? plan.resource;
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

/** Nodes that are read in one go: people's requests, and the batch that is being written, wait no longer than for these. */
const READ_IN_ONE_GO = 25;

/** Reads every node on its own: one that cannot be understood takes no other with it. */
export async function parseNodes<Parsed>(
	plan: Pick<ResourcePlan<Parsed>, 'parse'>,
	nodes: readonly Json[],
	source: 'bulk' | 'poll'
): Promise<Batch<Parsed>> {
	const rows: Batch<Parsed>['rows'] = [];
	const dead: Batch<Parsed>['dead'] = [];
	for (const [index, node] of nodes.entries()) {
		if (index > 0 && index % READ_IN_ONE_GO === 0) await immediate();
		try {
			rows.push({ node, parsed: plan.parse(node, source) });
		} catch (error) {
			dead.push({ node, error: messageOf(error) });
		}
	}
	return { rows, dead };
}

/**
 * Writes a batch with the cursor in one transaction; what cannot be read or written is kept as a dead letter. In a `turn` it is all or
 * nothing: a row that PostgreSQL refuses is thrown.
 */
export async function writeBatch<Parsed>(
	context: RunContext,
	plan: ResourcePlan<Parsed>,
	{ rows, dead }: Batch<Parsed>,
	cursor: Cursor | null,
	turn?: Turn
): Promise<void> {
	context.assertWanted();
	const last = async (tx: Tx) => {
		await turn?.before();
		await bury(tx, context, plan.resource, dead);
		if (cursor) await moveCursor(tx, context.connection, cursorName(plan), cursor);
	};
	if (turn) await writeWhole(context, plan, rows, last, turn.locked);
	else await writeParsed(context, plan, rows, last);
	if (rows.length + dead.length > 0) notePage(plan.resource);
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
		await writeWhole(context, plan, rows, last);
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

async function writeWhole<Parsed>(
	context: RunContext,
	plan: ResourcePlan<Parsed>,
	rows: readonly { node: Json; parsed: Parsed }[],
	last: (tx: Tx) => Promise<void>,
	locked?: () => void
): Promise<void> {
	const parsed = rows.map((row) => row.parsed);
	const counts = await record(context.connection.organizationId, async (tx) => {
		const nothing = { written: 0, unchanged: 0, events: [] };
		const result = rows.length > 0 ? await plan.write(tx, context, parsed, locked) : nothing;
		await last(tx);
		return { result, events: result.events };
	});
	context.progress.add(plan.resource, {
		done: rows.length,
		written: counts.written,
		unchanged: counts.unchanged
	});
}

async function bury(
	{ sql }: Tx,
	{ connection, run }: RunContext,
	resource: Resource,
	dead: readonly { node: Json; error: string }[]
): Promise<void> {
	for (const { node, error } of dead) {
		const body = JSON.stringify(node);
		const deliveryId = `${resource}:${createHash('sha256').update(body).digest('hex')}`;
		await sql`
			insert into inbox (id, organization_id, connection_id, delivery_id, topic, body, status, error, run_id)
			values (${newId()}, ${connection.organizationId}, ${connection.id}, ${deliveryId}, ${`sync/${resource}`}, ${Buffer.from(body)}, 'dead', ${error}, ${run.id})
			on conflict (connection_id, delivery_id) do nothing`;
	}
}
