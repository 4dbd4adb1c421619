import { asSystem } from '../platform/system.ts';
import { WORKING } from './import-rows.ts';

/** Gives up the imports of the process before, for the sweep at the start. Only for a process that has the database to itself. */
export async function takeBackImports(): Promise<void> {
	await asSystem(
		'sweep: due work of all organizations',
		({ sql }) => sql`update imports set heartbeat_at = null where status = any(${[...WORKING]}::text[])`
	);
}
