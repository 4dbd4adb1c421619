import { log } from '../../platform/log.ts';
import { olapStore } from '../../platform/olap.ts';
import { asSystem } from '../../platform/system.ts';
import { chunks, rows, uuid } from './clickhouse.ts';

const ORGANIZATIONS_AT_ONCE = 200;

/**
 * Drops what ClickHouse holds of organizations that PostgreSQL no longer knows: nobody can ask for it, and its owner had it removed.
 * Answers how many there were.
 */
export async function sweepRemoved(signal?: AbortSignal): Promise<number> {
	const { rebuild, database } = olapStore();
	const tables = await rows<{ table: string }>(
		rebuild,
		`select table from system.columns where database = '${database}' and name = 'organization_id' order by table`
	);
	const held = new Set<string>();
	for (const { table } of tables)
		for (const { id } of await rows<{ id: string }>(
			rebuild,
			`select distinct toString(organization_id) as id from ${database}.${table}`
		))
			held.add(id);
	// read after ClickHouse: an organization that was made meanwhile is known
	const known = await asSystem(
		'rebuild: read all organizations',
		({ sql }) => sql<{ id: string }[]>`select id from organizations`
	);
	for (const { id } of known) held.delete(id);
	for (const part of chunks([...held], ORGANIZATIONS_AT_ONCE))
		for (const { table } of tables) {
			if (signal?.aborted) return 0;
			await rebuild.command({
				query: `delete from ${database}.${table} where organization_id in (${part.map(uuid).join(',')})`
			});
		}
	if (held.size > 0) log.info({ organizations: held.size }, 'facts of removed organizations dropped');
	return held.size;
}
