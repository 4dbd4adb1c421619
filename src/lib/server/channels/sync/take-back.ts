import { asSystem } from '../../platform/system.ts';

/**
 * Gives up the runs of the process before, so that the sweep at the start takes them up at once instead of when they count as lost. Only
 * for a process that has the database to itself, before its own work begins: with several, a run may be another's.
 */
export async function takeBackRuns(): Promise<void> {
	await asSystem(
		'sweep: due work of all organizations',
		({ sql }) => sql`update sync_runs set heartbeat_at = 'epoch' where status = 'running'`
	);
}
