import type { Tx } from '../../platform/db.ts';
import { olapStore } from '../../platform/olap.ts';
import { asSystem } from '../../platform/system.ts';
import { rows, uuid } from './clickhouse.ts';
import type { Applied } from './state.ts';

/** Products whose costs are to be read again. */
export interface Costing {
	state: Applied;
	version: number;
	productIds: readonly string[] | 'all';
}

interface Cost {
	productId: string;
	fromDay: string;
	unitCost: string;
	currency: string;
}

/**
 * Brings costs per piece into ClickHouse, where questions join them. A bundle costs what its components cost; while one of them
 * has no cost, or another currency, the bundle's is unknown. Periods that are gone get tombstones.
 */
export async function writeCosts(
	costings: readonly Costing[],
	lane: 'ingest' | 'rebuild' = 'ingest'
): Promise<void> {
	const { database, [lane]: client } = olapStore();
	for (const { state, version, productIds: asked } of costings) {
		const { now, productIds } = await asSystem('outbox: read for the hub and the projection', async (tx) => {
			const wanted = asked === 'all' ? asked : await withBundles(tx, state.organizationId, asked);
			return { now: await readCosts(tx, state.organizationId, wanted), productIds: wanted };
		});
		const some = productIds === 'all' ? '' : `and product_id in (${productIds.map(uuid).join(',')})`;
		const before = await rows<{ productId: string; fromDay: string }>(
			client,
			`select toString(product_id) as productId, toString(from_day) as fromDay from ${database}.product_costs final
			where organization_id = ${uuid(state.organizationId)} and generation = ${Number(state.generation)} ${some}`
		);
		const kept = new Set(now.map((row) => row.productId + row.fromDay));
		const gone = before.filter((row) => !kept.has(row.productId + row.fromDay));
		const values = [
			...now.map((row) => ({ ...row, deleted: 0 })),
			...gone.map((row) => ({ ...row, deleted: 1, unitCost: '0', currency: '' }))
		].map((row) => ({
			organization_id: state.organizationId,
			generation: state.generation,
			product_id: row.productId,
			from_day: row.fromDay,
			version,
			deleted: row.deleted,
			currency: row.currency,
			unit_cost: row.unitCost
		}));
		if (values.length > 0)
			await client.insert({ table: `${database}.product_costs`, values, format: 'JSONEachRow' });
	}
}

async function withBundles(
	{ sql }: Tx,
	organizationId: string,
	productIds: readonly string[]
): Promise<string[]> {
	const bundles = await sql<{ id: string }[]>`
		select distinct bundle_id as id from product_components
		where organization_id = ${organizationId} and component_id = any(${[...productIds]}::uuid[])`;
	return [...new Set([...productIds, ...bundles.map((row) => row.id)])];
}

/**
 * Costs by period as they count: of single products as entered, of bundles from their components at each change. By the average method
 * receipts go before what was entered, from the first one on: a piece costs the weighted average of all receipts so far in the currency
 * of the newest. First in, first out takes them one by one elsewhere, and the entered costs count for what has none.
 */
export function readCosts(
	{ sql }: Tx,
	organizationId: string,
	productIds: readonly string[] | 'all'
): Promise<Cost[]> {
	const ids = productIds === 'all' ? null : [...productIds];
	const these = (column: string) => (ids === null ? sql`true` : sql`${sql(column)} = any(${ids}::uuid[])`);
	return sql<Cost[]>`
		with receipts as (
			select r.* from product_receipts r
			where r.organization_id = ${organizationId}
				and not exists (select 1 from cost_settings s where s.organization_id = r.organization_id and s.method = 'fifo')
				and (${these('r.product_id')} or r.product_id in (select k.component_id from product_components k where ${these('k.bundle_id')}))
		), own as (
			select c.product_id, c.from_day, c.unit_cost, c.currency from product_costs c
			where c.organization_id = ${organizationId}
				and not exists (select 1 from receipts r where r.product_id = c.product_id and r.received_on <= c.from_day)
			union all
			select d.product_id, d.received_on, round(sum(r.quantity * r.unit_cost) / sum(r.quantity), 6), d.currency
			from (select distinct on (product_id, received_on) product_id, received_on, currency from receipts order by product_id, received_on, id desc) d
			join receipts r on r.product_id = d.product_id and r.currency = d.currency and r.received_on <= d.received_on
			group by d.product_id, d.received_on, d.currency
		), changes as (
			select distinct k.bundle_id, c.from_day from product_components k join own c on c.product_id = k.component_id
			where k.organization_id = ${organizationId} and ${these('k.bundle_id')}
		)
		select c.product_id, greatest(c.from_day, date '1970-01-01') as from_day, c.unit_cost, c.currency from own c
		where ${these('c.product_id')} and not exists (select 1 from product_components k where k.bundle_id = c.product_id)
		union all
		select d.bundle_id, d.from_day, sum(k.quantity * c.unit_cost), min(c.currency)
		from changes d join product_components k on k.bundle_id = d.bundle_id
		left join lateral (
			select unit_cost, currency from own c where c.product_id = k.component_id and c.from_day <= d.from_day order by c.from_day desc limit 1
		) c on true
		group by d.bundle_id, d.from_day having bool_and(c.unit_cost is not null) and count(distinct c.currency) = 1`;
}
