import { olapStore } from '../../platform/olap.ts';
import type { Tx } from '../../platform/db.ts';
import { asSystem } from '../../platform/system.ts';
import { chunks, rows, uuid } from './clickhouse.ts';
import type { Cell } from './cells.ts';
import { CUSTOMER_DAY_COLUMNS } from './cohorts.ts';
import { FACT_COLUMNS, factsSelect, PICKED, PICKED_MOVES, tsvLine } from './facts-sql.ts';
import type { Applied } from './state.ts';

/** Orders to read again for an organization; `version` is the outbox position they are read at. */
export interface Touched {
	state: Applied;
	version: number;
	orderIds: readonly string[];
}

/** Orders in one statement. */
export const ORDERS_AT_ONCE = 5000;
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** What facts were written for: the days whose cells are now out of date, and the customers whose first order may have moved. */
export interface Written {
	days: { organizationId: string; day: string }[];
	customers: { organizationId: string; customerId: string }[];
}

/**
 * Reads the orders from PostgreSQL and writes what they add to each day; a day that an order has left gets a tombstone. The days
 * are noted before the facts are written, so that a run after a kill finds them again. `read`: the orders, when the caller has
 * read them already, at most `ORDERS_AT_ONCE`.
 */
export async function writeFacts(
	touched: readonly Touched[],
	read: OrderFacts | null = null
): Promise<Written> {
	const days = new Map<string, Written['days'][number]>();
	const customers = new Map<string, Written['customers'][number]>();
	const flat = touched.flatMap((one) => one.orderIds.map((orderId) => ({ one, orderId })));
	for (const part of chunks(flat, ORDERS_AT_ONCE)) {
		const ids = part.map(({ orderId }) => orderId);
		const [facts, known] = await Promise.all([
			read ?? asSystem('outbox: read for the hub and the projection', (tx) => readOrders(tx, touched, ids)),
			knownDays(touched, ids)
		]);
		const lines: string[] = [];
		const bought: string[] = [];
		const notes: object[] = [];
		const after = new Map<string, { days: string[]; customers: string[] }>();
		for (const fact of facts) {
			lines.push(tsvLine(fact));
			const orderId = fact[3] as string;
			const entry = after.get(orderId) ?? { days: [], customers: [] };
			after.set(orderId, entry);
			entry.days.push(fact[2] as string);
			if (fact[12] === NOBODY) continue;
			bought.push(tsvLine(CUSTOMER_DAY_COLUMNS.map((name) => fact[FACT_COLUMNS.indexOf(name)])));
			if (!entry.customers.includes(fact[12] as string)) entry.customers.push(fact[12] as string);
		}
		for (const { one, orderId } of part) {
			const before = known.get(orderId);
			const now = after.get(orderId) ?? { days: [], customers: [] };
			const { organizationId, generation } = one.state;
			for (const day of before?.days ?? [])
				if (!now.days.includes(day)) lines.push(tombstone(one, orderId, day));
			for (const customerId of before?.customers ?? [])
				for (const day of before!.days)
					if (!now.customers.includes(customerId) || !now.days.includes(day))
						bought.push(boughtNoMore(one, orderId, customerId, day));
			const union = {
				days: merge(before?.days, now.days),
				customers: merge(before?.customers, now.customers)
			};
			for (const day of union.days) days.set(organizationId + day, { organizationId, day });
			for (const customerId of union.customers)
				customers.set(organizationId + customerId, { organizationId, customerId });
			if (
				union.days.length > (before?.days.length ?? 0) ||
				union.customers.length > (before?.customers.length ?? 0)
			) {
				notes.push({
					organization_id: organizationId,
					generation,
					order_id: orderId,
					version: one.version,
					...union
				});
			}
		}
		const { ingest, database, insertTsv } = olapStore();
		if (notes.length > 0)
			await ingest.insert({ table: `${database}.order_days`, values: notes, format: 'JSONEachRow' });
		if (lines.length > 0) await insertTsv('ingest', 'sales_facts', FACT_COLUMNS, Buffer.from(lines.join('')));
		if (bought.length > 0)
			await insertTsv('ingest', 'customer_days', CUSTOMER_DAY_COLUMNS, Buffer.from(bought.join('')));
	}
	return { days: [...days.values()], customers: [...customers.values()] };
}

/** The cells of written days, in the generation and at the position of their organization. */
export function cellsOf(
	days: Written['days'],
	states: ReadonlyMap<string, Applied>,
	positions: ReadonlyMap<string, number>
): Cell[] {
	return days.map(({ organizationId, day }) => ({
		organizationId,
		day,
		generation: states.get(organizationId)!.generation,
		currency: states.get(organizationId)!.currency,
		position: positions.get(organizationId)!
	}));
}

/** Rows of sales_facts, columns as in `FACT_COLUMNS`. */
export type OrderFacts = unknown[][];

/** What the touched orders add to each day, as PostgreSQL tells it in this transaction. */
export async function readOrders(
	{ sql }: Tx,
	touched: readonly Touched[],
	ids = idsOf(touched)
): Promise<OrderFacts> {
	const picked = `
		select ${PICKED}, s.zone, s.generation, s.version
		from unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[]) as s (organization_id, zone, generation, version)
		join orders o on o.organization_id = s.organization_id where o.id = any($5::uuid[])`;
	const moves = `
		select ${PICKED_MOVES}, s.zone, s.generation, s.version
		from unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[]) as s (organization_id, zone, generation, version)
		join channel_transactions t on (t.organization_id = s.organization_id) is true where t.id = any($5::uuid[])`;
	// lookups by key, whatever the planner thinks of tables it has no statistics of yet: during a first sync it would scan them whole
	await sql`select set_config(name, 'off', true) from unnest(array['jit', 'enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) as name`;
	const states = touched.map(({ state }) => state);
	return sql
		.unsafe(factsSelect(picked, moves), [
			states.map((state) => state.organizationId),
			states.map((state) => state.timeZone),
			states.map((state) => state.generation),
			touched.map(({ version }) => version),
			ids
		] as never)
		.values() as unknown as Promise<OrderFacts>;
}

/** All orders that are touched. */
export function idsOf(touched: readonly Touched[]): string[] {
	return touched.flatMap(({ orderIds }) => orderIds);
}

async function knownDays(
	touched: readonly Touched[],
	ids: string[]
): Promise<Map<string, { days: string[]; customers: string[] }>> {
	const { ingest, database } = olapStore();
	const generations = touched
		.map(({ state }) => `(${uuid(state.organizationId)},${Number(state.generation)})`)
		.join(',');
	const found = await rows<{ id: string; seenDays: string[]; seenCustomers: string[] }>(
		ingest,
		`select toString(order_id) as id, argMax(days, version) as seenDays, arrayMap(c -> toString(c), argMax(customers, version)) as seenCustomers
		from ${database}.order_days where (organization_id, generation) in (${generations}) and order_id in (${ids.map(uuid).join(',')})
		group by organization_id, generation, order_id`
	);
	return new Map(found.map((row) => [row.id, { days: row.seenDays, customers: row.seenCustomers }]));
}

function tombstone({ state, version }: Touched, orderId: string, day: string): string {
	return tsvLine([
		state.organizationId,
		state.generation,
		day,
		orderId,
		version,
		1,
		'',
		NOBODY,
		'',
		'',
		'',
		'',
		NOBODY,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		'0000000000',
		'[]',
		'[]',
		day,
		'[]'
	]);
}

function boughtNoMore({ state, version }: Touched, orderId: string, customerId: string, day: string): string {
	const { organizationId, generation } = state;
	return tsvLine([
		...[organizationId, generation, customerId, day, orderId, version, 1],
		...['', '', day, '0000000000', 0, 0, 0, 0]
	]);
}

function merge(before: readonly string[] = [], now: readonly string[]): string[] {
	return [...new Set([...before, ...now])].sort();
}
