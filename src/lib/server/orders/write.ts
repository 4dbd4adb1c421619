import { setImmediate as immediate } from 'node:timers/promises';
import type { Ahead, Tx } from '../platform/db.ts';
import { copyRows, insertRows, replaceWhereDifferent, typed, type BulkRow, type BulkTable } from './bulk.ts';
import type { Prepared } from './prepare.ts';
import { bodyRows, eventRows, orderRow, type References } from './rows.ts';
import type { StoredBody, StoredHead } from './stored.ts';
import { EVENTS, LINES, ORDERS, REFUND_LINES, REFUNDS } from './tables.ts';

/** What is to be done to one order. touch: the channel has a newer version with the same content. */
export interface Write {
	action: 'create' | 'update' | 'touch';
	id: string;
	prepared: Prepared;
	head: StoredHead | undefined;
	body: StoredBody | undefined;
}

/** From this many orders on their rows are copied: below, the trips that COPY takes cost more than it saves. */
const COPIED_ORDERS = 200;

/**
 * Writes a batch: orders first, then everything under them in one go down the wire; with `ahead` all of it in one go.
 * @returns ids of creations that found the order made by another transaction; nothing of them was written. With `ahead` there are
 * none: such a find fails the transaction
 */
export async function write(
	tx: Tx,
	writes: readonly Write[],
	references: References,
	{ ahead, locked }: { ahead?: Ahead | undefined; locked?: (() => void) | undefined } = {}
): Promise<Set<string>> {
	const creates = writes.filter(({ action }) => action === 'create');
	const updates = writes.filter(({ action }) => action === 'update');
	const touches = writes.filter(({ action }) => action === 'touch');
	const rowOf = (one: Write) => orderRow(one.id, one.prepared, references);
	const copied = !ahead && writes.length >= COPIED_ORDERS;
	const makeOrders = () =>
		(copied ? copyRows<{ id: string }> : insertRows<{ id: string }>)(
			tx,
			ORDERS,
			creates.map(rowOf),
			ahead ? {} : { onConflict: '(connection_id, external_id) do nothing', returning: 't.id' }
		);
	const changeOrders = () => Promise.all([updateOrders(tx, updates.map(rowOf)), touchOrders(tx, touches)]);
	// COPY has the connection to itself
	const heads = copied
		? changeOrders().then(makeOrders)
		: Promise.all([makeOrders(), changeOrders()]).then(([made]) => made);
	heads.catch(() => {}); // awaited below; a failure before that is not an unhandled one
	if (writes.length > 20) await immediate(); // the statement leaves, and PostgreSQL works while the rows below are built
	const built = writes.map((one) => ({
		id: one.id,
		body: one.action === 'touch' ? null : bodyRows(one.id, one.prepared, references, one.body)
	}));
	const raced = new Set<string>();
	if (ahead) ahead(heads);
	else {
		const made = new Set((await heads).map(({ id }) => id));
		for (const { id } of creates) if (!made.has(id)) raced.add(id);
		// those that raced go round again, and take locks once more
		if (raced.size === 0) locked?.();
	}

	const present = writes.filter(({ id }) => !raced.has(id));
	const bodies = built.flatMap(({ id, body }) => (body && !raced.has(id) ? [body] : []));
	const onlyNew = updates.length === 0 && touches.length === 0;
	const vanished = (table: 'lines' | 'refunds' | 'refundLines') =>
		bodies.flatMap((body) => body.vanished[table]);
	const organizations = [...new Set(present.map(({ prepared }) => prepared.entry.organizationId))];
	const orUpdate = (table: BulkTable, ...key: string[]) =>
		onlyNew ? {} : { onConflict: replaceWhereDifferent(table, key) };
	// statements travel together and run in this order; while PostgreSQL works on the lines, the rest is put into words
	const deleted = Promise.all([
		deleteRows(tx, REFUND_LINES, organizations, vanished('refundLines')),
		deleteRows(tx, REFUNDS, organizations, vanished('refunds')),
		deleteRows(tx, LINES, organizations, vanished('lines'))
	]);
	deleted.catch(() => {}); // awaited below
	if (copied) await deleted;
	const lines = (copied ? copyRows : insertRows)(
		tx,
		LINES,
		bodies.flatMap((body) => body.lines),
		orUpdate(LINES, 'order_id', 'external_id')
	);
	lines.catch(() => {}); // awaited below
	if (copied) await lines;
	if (writes.length > 20) await immediate();
	const all = Promise.all([
		deleted,
		lines,
		insertRows(
			tx,
			REFUNDS,
			bodies.flatMap((body) => body.refunds),
			orUpdate(REFUNDS, 'order_id', 'external_id')
		),
		insertRows(
			tx,
			REFUND_LINES,
			bodies.flatMap((body) => body.refundLines),
			orUpdate(REFUND_LINES, 'refund_id', 'external_id')
		),
		writePayloads(tx, present),
		insertRows(
			tx,
			EVENTS,
			present.flatMap((one) => eventRows(one.id, one.prepared)),
			onlyNew
				? {}
				: {
						where:
							'not exists (select 1 from order_events e where e.order_id = r.order_id and (e.organization_id = r.organization_id) is true and e.kind = r.kind and e.at = r.at)'
					}
		)
	]);
	if (ahead) ahead(all);
	else await all;
	return raced;
}

/** Between two payloads. No JSON text holds it bare, so it is taken out of anything else. */
const SEPARATOR = '\x1e';

/** Payloads are long: split by the server from one text they cost half of what they cost inside JSON. */
async function writePayloads(tx: Tx, present: readonly Write[]): Promise<void> {
	if (present.length === 0) return;
	const { sql } = tx;
	const orders = present.map(({ prepared }) => prepared.entry);
	const texts = orders.map(({ order }) => order.payload.replaceAll(SEPARATOR, ' '));
	await sql`
		insert into order_payloads as t (order_id, organization_id, source, payload)
		select order_id, organization_id, source, coalesce(payload, '') from rows from (unnest(${present.map(({ id }) => id)}::uuid[]), unnest(${orders.map(({ organizationId }) => organizationId)}::uuid[]),
			unnest(${orders.map(({ order }) => order.source)}::text[]), string_to_table(${texts.join(SEPARATOR)}::text, ${SEPARATOR}::text))
			as r (order_id, organization_id, source, payload)
		on conflict (order_id) do update set source = excluded.source, payload = excluded.payload, received_at = now()
		where t.payload is distinct from excluded.payload`;
}

async function updateOrders(tx: Tx, rows: readonly BulkRow[]): Promise<void> {
	if (rows.length === 0) return;
	const fixed = ['id', 'organization_id', 'connection_id', 'external_id'];
	const names = Object.keys(ORDERS.columns).filter((name) => !fixed.includes(name));
	await tx.sql.unsafe(
		`update orders as t set (${names.join(', ')}, updated_at) = row(${names.map((name) => `r.${name}`).join(', ')}, now())
		from json_to_recordset($1::text::json) as r (${typed(ORDERS)}) where t.id = r.id and (t.organization_id = r.organization_id) is true`,
		[JSON.stringify(rows)],
		{ prepare: true }
	);
}

async function touchOrders(tx: Tx, touches: readonly Write[]): Promise<void> {
	if (touches.length === 0) return;
	await tx.sql`
		update orders o set source_updated_at = w.version
		from unnest(${touches.map(({ id }) => id)}::uuid[], ${touches.map(({ prepared }) => prepared.entry.organizationId)}::uuid[],
			${touches.map(({ prepared }) => prepared.entry.order.updatedAt)}::timestamptz[]) as w (id, organization_id, version)
		where o.id = w.id and (o.organization_id = w.organization_id) is true`;
}

async function deleteRows(
	tx: Tx,
	table: BulkTable,
	organizations: readonly string[],
	ids: readonly string[]
): Promise<void> {
	if (ids.length === 0) return;
	await tx.sql`delete from ${tx.sql(table.name)} where id = any(${[...ids]}::uuid[]) and (organization_id = any(${[...organizations]}::uuid[])) is true`;
}
