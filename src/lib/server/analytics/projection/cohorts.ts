import { olapStore } from '../../platform/olap.ts';
import { asSystem } from '../../platform/system.ts';
import { chunks } from './clickhouse.ts';
import type { Written } from './facts.ts';
import type { Applied } from './state.ts';

const CUSTOMERS_AT_ONCE = 5000;

/** Notes the day and month of each customer's first sale; a customer without a sale loses the row. */
export async function writeCohorts(
	customers: Written['customers'],
	states: ReadonlyMap<string, Applied>,
	positions: ReadonlyMap<string, number>
): Promise<void> {
	const { ingest, database } = olapStore();
	for (const part of chunks(customers, CUSTOMERS_AT_ONCE)) {
		const found = await asSystem(
			'outbox: read for the hub and the projection',
			({ sql }) => sql<{ organizationId: string; customerId: string; firstDay: string | null }[]>`
			select c.organization_id, c.customer_id,
				case when min(o.placed_at) is not null
					then greatest(least((min(o.placed_at) at time zone c.zone)::date, date '2105-12-31'), date '1970-01-01') end as first_day
			from unnest(${part.map((row) => row.organizationId)}::uuid[], ${part.map((row) => row.customerId)}::uuid[],
				${part.map((row) => states.get(row.organizationId)!.timeZone)}::text[]) as c (organization_id, customer_id, zone)
			left join orders o on o.customer_id = c.customer_id and (o.organization_id = c.organization_id) is true and o.kind = 'sale'
			group by c.organization_id, c.customer_id, c.zone`
		);
		await ingest.insert({
			table: `${database}.customer_cohorts`,
			values: found.map((row) => ({
				organization_id: row.organizationId,
				generation: states.get(row.organizationId)!.generation,
				customer_id: row.customerId,
				version: positions.get(row.organizationId)!,
				deleted: row.firstDay === null ? 1 : 0,
				first_day: row.firstDay ?? '1970-01-01',
				cohort_month: `${(row.firstDay ?? '1970-01').slice(0, 7)}-01`
			})),
			format: 'JSONEachRow'
		});
	}
}
