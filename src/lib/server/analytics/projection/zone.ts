import { asSystem } from '../../platform/system.ts';

const known = new Map<string, boolean>();

/** The zone when PostgreSQL knows it, else UTC: a name that only the browser knows must not stop the projection of all. */
export async function knownZone(name: string): Promise<string> {
	let valid = known.get(name);
	if (valid === undefined) {
		const [row] = await asSystem(
			'outbox: read for the hub and the projection',
			({ sql }) => sql`select 1 from pg_timezone_names where name = ${name}`
		);
		known.set(name, (valid = row !== undefined));
	}
	return valid ? name : 'UTC';
}
