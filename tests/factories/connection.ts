import type { Channel } from '../../src/lib/contracts/channels.ts';
import { newId } from '../../src/lib/server/platform/ids.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';

/** A healthy connection without credentials, for tests that record orders. */
export async function makeConnection(
	organizationId: string,
	given: { channel?: Channel; currency?: string; externalId?: string } = {}
): Promise<string> {
	const id = newId();
	await inOrganization(
		organizationId,
		({ sql }) =>
			sql`insert into connections (id, organization_id, channel, external_id, name, status, auth_method, currency)
			values (${id}, ${organizationId}, ${given.channel ?? 'shopify'}, ${given.externalId ?? `${id}.myshopify.com`}, 'Test connection', 'healthy', 'access_token', ${given.currency ?? 'USD'})`
	);
	return id;
}
