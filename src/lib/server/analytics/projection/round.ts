import { olapStore } from '../../platform/olap.ts';
import type { Tx } from '../../platform/db.ts';
import { asSystem } from '../../platform/system.ts';
import { rebuildCells } from './cells.ts';
import { rows, uuid } from './clickhouse.ts';
import { moveCohorts } from './cohorts.ts';
import { writeCosts } from './costs.ts';
import { writeFifo } from './fifo.ts';
import {
	cellsOf,
	idsOf,
	ORDERS_AT_ONCE,
	readOrders,
	writeFacts,
	type OrderFacts,
	type Touched,
	type Written
} from './facts.ts';
import { readPending, type Pending } from './outbox.ts';
import type { Applied } from './state.ts';

/** How long a round gathers events before it rebuilds the days they touch: a long backlog touches the same days again and again. */
const GATHER_MS = 1500;

/**
 * Applies the next events of the given organizations, each of which must have some, to ClickHouse: facts, then the rollups of
 * the days they touch. Answers how far it came; the caller makes that visible. Running it twice is harmless.
 * @throws OutboxGap when events were pruned that are still needed
 */
export async function applyRound(
	states: readonly Applied[],
	last: ReadonlyMap<string, number>
): Promise<Applied[]> {
	const current = new Map(states.map((state) => [state.organizationId, state]));
	let days: Written['days'] = [];
	const customers: Written['customers'] = [];
	const rated = new Set<string>();
	const restocked = new Map(
		states.map(({ organizationId }) => [
			organizationId,
			{ days: new Set<string>(), products: new Set<string>(), all: false }
		])
	);
	const positions = () => new Map([...current].map(([id, state]) => [id, state.position]));
	const rollUp = async () => {
		await rebuildCells(
			cellsOf(
				unique(days, (row) => row.organizationId + row.day),
				current,
				positions()
			)
		);
		for (const { organizationId, day } of days) restocked.get(organizationId)!.days.add(day);
		days = [];
	};
	const began = performance.now();
	do {
		const behind = [...current.values()].filter((state) => state.position < last.get(state.organizationId)!);
		if (behind.length === 0) break;
		const { pending, read } = await readAtOnePoint(behind);
		// which orders a product's new category touches is read from the rollups, so these must be whole
		if (pending.some(({ productIds }) => productIds.length > 0)) await rollUp();
		const touched = await Promise.all(pending.map(ordersOf));
		const written = await writeFacts(
			touched.filter(({ orderIds }) => orderIds.length > 0),
			read
		);
		await writeCosts(
			pending
				.filter((one) => one.allCosts || one.productIds.length > 0)
				.map((one) => ({ ...one, version: one.to, productIds: one.allCosts ? 'all' : one.productIds }))
		);
		for (const { state, allCosts, productIds } of pending) {
			const entry = restocked.get(state.organizationId)!;
			entry.all ||= allCosts;
			if (allCosts) rated.add(state.organizationId);
			for (const id of productIds) entry.products.add(id);
		}
		days.push(...written.days);
		customers.push(...written.customers);
		for (const { state, to } of pending) current.set(state.organizationId, { ...state, position: to });
	} while (performance.now() - began < GATHER_MS);
	const people = await moveCohorts(
		unique(customers, (row) => row.organizationId + row.customerId),
		new Map(states.map((state) => [state.organizationId, state])),
		positions(),
		rated
	);
	days.push(...people.days);
	await rollUp();
	await people.finish();
	await writeFifo(
		[...restocked].map(([organizationId, { days, products, all }]) => {
			const state = current.get(organizationId)!;
			return { state, version: state.position, days: [...days], productIds: all ? 'all' : [...products] };
		})
	);
	return [...current.values()];
}

/**
 * Reads the next events and, when they are few, the orders they touch in one snapshot of PostgreSQL: then the facts hold exactly
 * what the position says, and a page that adds later events to them counts none twice. A backlog is read without that: its
 * orders may be newer than its events, until the projection has caught up.
 */
async function readAtOnePoint(
	behind: readonly Applied[]
): Promise<{ pending: Pending[]; read: OrderFacts | null }> {
	return asSystem('outbox: read for the hub and the projection', async (tx) => {
		await tx.sql`set transaction isolation level repeatable read`;
		const pending = await readPending(tx, behind);
		for (const one of pending) one.orderIds.push(...(await movesBefore(tx, one.orderIds)));
		const touched = pending.map(({ state, to, orderIds }) => ({ state, version: to, orderIds }));
		const few =
			idsOf(touched).length <= ORDERS_AT_ONCE && pending.every(({ productIds }) => productIds.length === 0);
		return { pending, read: few ? await readOrders(tx, touched) : null };
	});
}

/** Movements of money that stood alone until their order came in: their facts go. */
async function movesBefore({ sql }: Tx, orderIds: readonly string[]): Promise<string[]> {
	if (orderIds.length === 0) return [];
	const rows = await sql<{ id: string }[]>`
		select t.id from unnest(${[...orderIds]}::uuid[]) as w (id) join orders o on o.id = w.id
		join channel_transactions t on t.connection_id = o.connection_id and t.order_external_id = o.external_id and (t.organization_id = o.organization_id) is true
		where t.created_at <= o.created_at`;
	return rows.map((row) => row.id);
}

/** The orders that events touch. A product's new category touches the orders that hold it; its other changes touch none. */
async function ordersOf({ state, to, orderIds, productIds }: Pending): Promise<Touched> {
	if (productIds.length === 0) return { state, version: to, orderIds };
	const { organizationId } = state;
	const categories = await asSystem(
		'outbox: read for the hub and the projection',
		({ sql }) => sql<{ id: string; category: string }[]>`
		select id, coalesce(category, '') as category from products where organization_id = ${organizationId} and id = any(${productIds}::uuid[])`
	);
	const { ingest, database } = olapStore();
	const held = await rows<{ id: string; category: string }>(
		ingest,
		`
		select distinct toString(product_id) as id, category from ${database}.daily_sales_summary
		where organization_id = ${uuid(organizationId)} and grain = 'product' and product_id in (${productIds.map(uuid).join(',')})
			and (day, build) in (select day, argMax(build, (position, build)) from ${database}.cells
				where organization_id = ${uuid(organizationId)} and generation = ${Number(state.generation)} group by day)`
	);
	const now = new Map(categories.map((row) => [row.id, row.category]));
	const moved = [
		...new Set(held.filter((row) => now.has(row.id) && now.get(row.id) !== row.category).map((row) => row.id))
	];
	if (moved.length === 0) return { state, version: to, orderIds };
	const more = await asSystem(
		'outbox: read for the hub and the projection',
		({ sql }) => sql<{ orderId: string }[]>`
		select order_id from order_lines where organization_id = ${organizationId} and product_id = any(${moved}::uuid[])
		union select order_id from refund_lines where organization_id = ${organizationId} and product_id = any(${moved}::uuid[])`
	);
	return { state, version: to, orderIds: [...new Set([...orderIds, ...more.map((row) => row.orderId)])] };
}

function unique<T>(list: readonly T[], keyOf: (item: T) => string): T[] {
	return [...new Map(list.map((item) => [keyOf(item), item])).values()];
}
