import { log } from '../../platform/log.ts';
import { olapStore } from '../../platform/olap.ts';
import { migrateOlap } from '../../platform/olap-migrations.ts';
import { asSystem } from '../../platform/system.ts';
import { rows } from './clickhouse.ts';
import { forgetReading } from './kept.ts';
import { readApplied } from './state.ts';

const TABLES = [
	'sales_facts',
	'order_days',
	'cells',
	'daily_sales_summary',
	'daily_order_sets',
	'daily_profit',
	'product_costs',
	'fifo_takes',
	'customer_days',
	'customer_people',
	'customer_cohorts',
	'person_days',
	'worth_rates',
	'daily_customers',
	'daily_money',
	'span_sums',
	'spans',
	'applied'
];

/** Makes the store anew, empty, when a table of it cannot be read: everything in it can be rebuilt from PostgreSQL. */
export async function repairStore(): Promise<void> {
	const olap = olapStore();
	try {
		for (const table of TABLES) await rows(olap.ingest, `select * from ${olap.database}.${table} limit 1`);
	} catch (error) {
		log.error({ err: error }, 'ClickHouse tables cannot be read: making them anew from PostgreSQL');
		await olap.ingest.command({ query: `drop database if exists ${olap.database} sync` });
		await migrateOlap(olap);
		forgetReading();
	}
}

/**
 * Organizations whose facts do not hold the orders that PostgreSQL holds at the same outbox position. One that moves on while we
 * count is left for the next start: its events are being applied.
 */
export async function lost(): Promise<string[]> {
	const { database, rebuild } = olapStore();
	const recorded = await asSystem(
		'rebuild: read all organizations',
		({ sql }) => sql<{ organizationId: string; position: number; orders: number }[]>`
		select o.id as organization_id, coalesce(p.position, 0) as position,
			(select count(*) from orders where orders.organization_id = o.id and orders.kind = 'sale') as orders
		from organizations o left join outbox_positions p on p.organization_id = o.id`
	);
	const applied = await readApplied();
	const facts =
		await counted(`select toString(organization_id) as id, generation, toString(sum(orders)) as n, toString(uniqExact(order_id)) as held
		from ${database}.sales_facts final group by organization_id, generation`);
	const noted =
		await counted(`select toString(organization_id) as id, generation, toString(count()) as n, '0' as held
		from ${database}.order_days final group by organization_id, generation`);
	const rolledUp = await counted(`
		select toString(s.organization_id) as id, c.generation as generation, toString(sum(s.orders)) as n, '0' as held
		from ${database}.daily_sales_summary as s
		inner join (
			select organization_id, generation, day, argMax(build, (position, build)) as newest from ${database}.cells group by organization_id, generation, day
		) as c on s.organization_id = c.organization_id and s.day = c.day and s.build = c.newest
		where s.grain = 'total' group by s.organization_id, c.generation`);
	const still = await readApplied();
	return recorded
		.filter(({ organizationId, position, orders }) => {
			const state = applied.get(organizationId);
			if (!state) return false; // nothing was applied yet: rounds replay or rebuild it
			if (state.position !== position || still.get(organizationId)?.position !== position) return false;
			const id = `${organizationId} ${state.generation}`;
			const inFacts = facts.get(id) ?? { n: 0, held: 0 };
			return (
				inFacts.n !== orders ||
				(rolledUp.get(id)?.n ?? 0) !== orders ||
				(noted.get(id)?.n ?? 0) < inFacts.held
			);
		})
		.map((row) => row.organizationId);

	async function counted(query: string): Promise<Map<string, { n: number; held: number }>> {
		const found = await rows<{ id: string; generation: number; n: string; held: string }>(rebuild, query);
		return new Map(
			found.map((row) => [`${row.id} ${row.generation}`, { n: Number(row.n), held: Number(row.held) }])
		);
	}
}
