import fs from 'node:fs';
import type { ImportResult } from '#lib/contracts/imports.ts';
import { record } from '../live/index.ts';
import { knownOrders, madeAlong, recordOrders } from '../orders/index.ts';
import type { Tx } from '../platform/db.ts';
import { isConnectionError, Unavailable } from '../platform/errors.ts';
import { log } from '../platform/log.ts';
import { Stopped, type Pulse, type StoredOrder } from './check.ts';
import { addErrors } from './errors.ts';
import { filesOf } from './files.ts';
import type { ImportRow, Working } from './import-rows.ts';

/** No transaction holds more orders or lines: readers and the projection wait for nobody. */
const MOST_ORDERS = 500;
const MOST_LINES = 2_500;
const READ_SIZE = 256 * 1024;

const NOTHING: ImportResult = { created: 0, updated: 0, unchanged: 0, told: 0, failed: 0 };

/**
 * Records the orders of a checked file, batch by batch: orders, what they made along, and the place in the file move in one
 * transaction, so that a run after a kill goes on with the first order that is not in. An order that the channel told is left
 * as it is.
 * @throws Stopped
 */
export async function recordFile(
	row: ImportRow & { status: Working },
	timeZone: string,
	pulse: Pulse
): Promise<void> {
	const result: ImportResult = { ...NOTHING, ...row.result };
	const total = row.summary?.orders ?? 0;
	for await (const batch of batchesOf(filesOf(row.id).orders, row.position)) {
		await writeBatch(row, timeZone, batch.orders, batch.end, result);
		await pulse.beat({ done: doneOf(result), total });
	}
	await record(row.organizationId, async ({ sql }) => {
		await sql`
			update imports set status = 'done', progress = null, heartbeat_at = null, finished_at = now()
			where organization_id = ${row.organizationId} and id = ${row.id} and status = 'importing'`;
		return { result: undefined, events: [] };
	});
}

function doneOf(result: ImportResult): number {
	return result.created + result.updated + result.unchanged + result.told + result.failed;
}

/** Writes all, or halves until the order that PostgreSQL refuses stands alone and is told as an error. */
async function writeBatch(
	row: ImportRow,
	timeZone: string,
	orders: readonly StoredOrder[],
	end: number | null,
	result: ImportResult
): Promise<void> {
	try {
		const counts = await record(row.organizationId, async (tx) => {
			const done = await writeOrders(tx, row, timeZone, orders);
			await move(tx, row, end, add(result, done.counts));
			return { result: done.counts, events: done.events };
		});
		Object.assign(result, add(result, counts));
	} catch (error) {
		if (
			orders.length === 0 ||
			error instanceof Stopped ||
			error instanceof Unavailable ||
			isConnectionError(error)
		)
			throw error;
		if (orders.length > 1) {
			const middle = orders.length >> 1;
			await writeBatch(row, timeZone, orders.slice(0, middle), null, result);
			return writeBatch(row, timeZone, orders.slice(middle), end, result);
		}
		log.error({ err: error, importId: row.id }, 'an imported order could not be written');
		const [line, order] = orders[0]!;
		await record(row.organizationId, async (tx) => {
			const failed = add(result, { ...NOTHING, failed: 1 });
			const problem = `The order ${order.name} could not be written. The rest was; tell us the line if this stays so.`;
			await addErrors(tx, row, [{ line, field: null, value: null, problem }], 1_000_000 + failed.failed);
			await move(tx, row, end, failed);
			Object.assign(result, failed);
			return { result: undefined, events: [] };
		});
	}
}

async function writeOrders(tx: Tx, row: ImportRow, timeZone: string, stored: readonly StoredOrder[]) {
	const { organizationId } = row;
	const connectionId = row.connectionId!;
	const known = await knownOrders(
		tx,
		{ organizationId, connectionId },
		stored.map(([, order]) => order.externalId)
	);
	const wanted = stored.filter(([, order]) => known.get(order.externalId) !== 'told');
	const { channel } = row.options!;
	const { outcomes, events } = await recordOrders(
		tx,
		wanted.map(([, order]) => ({ organizationId, connectionId, channel, timeZone, order }))
	);
	const idsOf = (outcome: string) =>
		outcomes.filter((one) => one.outcome === outcome).map(({ orderId }) => orderId);
	const created = idsOf('created');
	const updated = idsOf('updated');
	const made = await madeAlong(tx, organizationId, [...created, ...updated]);
	const creations = [
		...created.map((id) => ['order', id]),
		...made.customers.map((id) => ['customer', id]),
		...made.listings.map((id) => ['listing', id]),
		...made.products.map((id) => ['product', id])
	] as const;
	if (creations.length > 0)
		await tx.sql`
			insert into import_creations (organization_id, import_id, kind, subject_id)
			select ${organizationId}, ${row.id}, kind, id from unnest(${creations.map(([kind]) => kind!)}::text[], ${creations.map(([, id]) => id!)}::uuid[]) as r (kind, id)
			on conflict do nothing`;
	const counts: ImportResult = {
		created: created.length,
		updated: updated.length,
		unchanged: idsOf('unchanged').length,
		// stale: the channel told it in the moment between
		told: stored.length - wanted.length + idsOf('stale').length,
		failed: 0
	};
	return { counts, events };
}

/** @throws Stopped when the import is no longer wanted: then nothing of the transaction stays */
async function move({ sql }: Tx, row: ImportRow, end: number | null, result: ImportResult): Promise<void> {
	const kept = await sql`
		update imports set position = coalesce(${end}, position), result = ${sql.json({ ...result })}, heartbeat_at = now()
		where organization_id = ${row.organizationId} and id = ${row.id} and status = 'importing'`;
	if (kept.count === 0) throw new Stopped();
}

function add(a: ImportResult, b: ImportResult): ImportResult {
	return {
		created: a.created + b.created,
		updated: a.updated + b.updated,
		unchanged: a.unchanged + b.unchanged,
		told: a.told + b.told,
		failed: a.failed + b.failed
	};
}

/** The orders from a byte on, with the byte after each batch. */
async function* batchesOf(
	file: string,
	from: number
): AsyncGenerator<{ orders: StoredOrder[]; end: number }> {
	let rest: Buffer = Buffer.alloc(0);
	let at = from;
	let orders: StoredOrder[] = [];
	let lines = 0;
	for await (const chunk of fs.createReadStream(file, { start: from, highWaterMark: READ_SIZE })) {
		rest = rest.length > 0 ? Buffer.concat([rest, chunk as Buffer]) : (chunk as Buffer);
		for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
			const order = JSON.parse(rest.toString('utf8', 0, end)) as StoredOrder;
			rest = rest.subarray(end + 1);
			at += end + 1;
			orders.push(order);
			lines += order[1].lines.length;
			if (orders.length < MOST_ORDERS && lines < MOST_LINES) continue;
			yield { orders, end: at };
			orders = [];
			lines = 0;
		}
	}
	if (orders.length > 0) yield { orders, end: at };
}
