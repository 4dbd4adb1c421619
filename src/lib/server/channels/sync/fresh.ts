import { inOrganization } from '../../platform/db.ts';
import type { Discovered, RunContext } from '../channel.ts';

/**
 * Says that everything up to `to` is in, which also makes a connection healthy again. Runs of orders end with it.
 */
export async function markFresh({ connection, client }: RunContext, to: Date): Promise<void> {
	await inOrganization(
		connection.organizationId,
		({ sql }) => sql`
		update connections set fresh_at = greatest(fresh_at, ${to}), status = 'healthy', status_reason = null, facts = facts || ${sql.json((client.facts?.() ?? {}) as never)}
		where organization_id = ${connection.organizationId} and id = ${connection.id} and status in ('connecting', 'healthy', 'degraded')`
	);
}

/** Takes over what the account says about itself. */
export async function keepDiscovered({ connection }: RunContext, discovered: Discovered): Promise<void> {
	const { name, currency, timeZone, facts } = discovered;
	await inOrganization(
		connection.organizationId,
		({ sql }) => sql`
		update connections set name = ${name}, currency = ${currency}, time_zone = ${timeZone}, facts = facts || ${sql.json(facts as never)}
		where organization_id = ${connection.organizationId} and id = ${connection.id}`
	);
}
