import { olapStore } from '../../platform/olap.ts';
import { rows, uuid } from './clickhouse.ts';

/**
 * How far an organization's facts are: readers see this generation up to this outbox position, days in this time zone. Sums of money in
 * `currency`, the organization's own, do not keep the days of its rates.
 */
export interface Applied {
	organizationId: string;
	generation: number;
	position: number;
	timeZone: string;
	currency: string;
}

/** What ClickHouse holds, for all organizations or some. An organization without facts has no entry. */
export async function readApplied(organizationIds?: readonly string[]): Promise<Map<string, Applied>> {
	if (organizationIds?.length === 0) return new Map();
	const condition = organizationIds
		? `where organization_id in (${organizationIds.map(uuid).join(',')})`
		: '';
	const found = await rows<{ id: string; newest: number; reached: string; zone: string; currency: string }>(
		olapStore().reader(),
		`select toString(organization_id) as id, argMax(generation, (generation, position)) as newest,
			toString(argMax(position, (generation, position))) as reached, argMax(time_zone, (generation, position)) as zone,
			argMax(currency, (generation, position)) as currency
		from ${olapStore().database}.applied ${condition} group by organization_id`
	);
	return new Map(
		found.map((row) => [
			row.id,
			{
				organizationId: row.id,
				generation: row.newest,
				position: Number(row.reached),
				timeZone: row.zone,
				currency: row.currency
			}
		])
	);
}

/** Moves what readers see; the last write of a round. */
export async function writeApplied(states: readonly Applied[]): Promise<void> {
	const { ingest, database } = olapStore();
	await ingest.insert({
		table: `${database}.applied`,
		values: states.map((state) => ({
			organization_id: state.organizationId,
			generation: state.generation,
			position: state.position,
			time_zone: state.timeZone,
			currency: state.currency
		})),
		format: 'JSONEachRow'
	});
}
