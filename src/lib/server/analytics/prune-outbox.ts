import { asSystem } from '../platform/system.ts';
import { readApplied } from './projection/state.ts';

const KEEP_DAYS = 7;

/** Removes events older than a week that readers of ClickHouse already see; answers how many. Streams that want them say `reset`. */
export async function pruneOutbox(keepDays = KEEP_DAYS): Promise<number> {
	const states = [...(await readApplied()).values()];
	const removed = await asSystem(
		'outbox: read for the hub and the projection',
		({ sql }) => sql`
		delete from outbox e using unnest(${states.map((state) => state.organizationId)}::uuid[], ${states.map((state) => state.position)}::bigint[]) as s (organization_id, position)
		where e.organization_id = s.organization_id and e.position <= s.position and e.at < now() - make_interval(days => ${keepDays})`
	);
	return removed.count;
}
