import fs from 'node:fs';
import { importTargets } from '../channels/index.ts';
import { knownOrders, type ChannelOrder } from '../orders/index.ts';
import { inOrganization } from '../platform/db.ts';
import { writeErrors } from './errors.ts';
import { filesOf } from './files.ts';
import type { Problem } from './formats/row.ts';
import { beat, type ImportRow, type Working } from './import-rows.ts';
import { readOrders, type FileFacts } from './read-orders.ts';
import { SummaryBuilder } from './summary.ts';

/** How many problems of a file are kept; all are counted. */
const MOST_ERRORS = 10_000;
const BATCH = 500;
const BEAT_MS = 1000;

/** Work was no longer wanted, or the process ends. */
export class Stopped extends Error {}

/**
 * Reads the whole file without writing an order: what importing would do, and what is wrong with it. The orders wait on disk,
 * sorted, for the import. A run after a kill begins anew.
 * @throws OpenQuote, Stopped
 */
export async function checkFile(
	row: ImportRow & { status: Working },
	timeZone: string,
	signal: AbortSignal
): Promise<void> {
	const options = row.options!;
	const files = filesOf(row.id);
	const facts: FileFacts = { rows: 0, keyless: [], unreadable: 0 };
	const summary = new SummaryBuilder(timeZone);
	const problems: Problem[] = [];
	const connectionId = await targetOf(row);
	const out = await fs.promises.open(files.orders, 'w');
	const total = row.bytes * 2;
	let rows = 0;
	let lines: string[] = [];
	let ids: string[] = [];
	const pulse = new Pulse(row, signal);
	const flush = async () => {
		if (ids.length > 0) {
			const known =
				connectionId === null
					? new Map<string, 'told' | 'imported'>()
					: await inOrganization(row.organizationId, (tx) =>
							knownOrders(tx, { organizationId: row.organizationId, connectionId }, ids)
						);
			summary.know(ids.length, known.values());
			await out.appendFile(`${lines.join('\n')}\n`);
		}
		[lines, ids] = [[], []];
		await pulse.beat({ done: row.bytes + Math.floor((row.bytes * rows) / Math.max(1, facts.rows)), total });
	};
	try {
		let read = Promise.resolve();
		const onbytes = (bytes: number) => {
			read = pulse.beat({ done: bytes, total });
			read.catch(() => {}); // thrown with the next order
		};
		for await (const one of readOrders(files, options, facts, { signal, onbytes })) {
			await read;
			rows += one.rows;
			summary.add(one);
			if (problems.length < MOST_ERRORS) problems.push(...one.problems);
			if (one.order === null) continue;
			ids.push(one.order.externalId);
			lines.push(JSON.stringify([one.line, one.order] satisfies StoredOrder));
			if (ids.length >= BATCH) await flush();
		}
		await read;
		await flush();
	} finally {
		await out.close();
	}
	const all = [...facts.keyless, ...problems].sort((a, b) => a.line - b.line).slice(0, MOST_ERRORS);
	await inOrganization(row.organizationId, async (tx) => {
		await writeErrors(tx, row, all);
		await tx.sql`
			update imports set status = 'ready', summary = ${tx.sql.json(summary.build(facts, facts.keyless.length) as never)}, progress = null,
				heartbeat_at = null, finished_at = null, error = null, position = 0
			where organization_id = ${row.organizationId} and id = ${row.id} and status = 'checking'`;
	});
}

/** What stands in a line of the orders' file: the order's first line in the upload, and the order. */
export type StoredOrder = [line: number, order: ChannelOrder];

/** Stores how far work is, at most once a second, and hears that it is no longer wanted. */
export class Pulse {
	readonly #row: ImportRow & { status: Working };
	readonly #signal: AbortSignal;
	#last = 0;

	constructor(row: ImportRow & { status: Working }, signal: AbortSignal) {
		this.#row = row;
		this.#signal = signal;
	}

	/** @throws Stopped */
	async beat(progress: { done: number; total: number }): Promise<void> {
		if (this.#signal.aborted) throw new Stopped();
		const now = Date.now();
		if (now - this.#last < BEAT_MS) return;
		this.#last = now;
		if (!(await beat(this.#row, progress))) throw new Stopped();
	}
}

/** Where the orders would go, as far as that connection is there. */
function targetOf({ organizationId, options }: ImportRow): Promise<string | null> {
	const { connectionId, channel } = options!;
	if (connectionId !== null) return Promise.resolve(connectionId);
	return inOrganization(
		organizationId,
		async (tx) => (await importTargets(tx, organizationId, channel))[0]?.id ?? null
	);
}
