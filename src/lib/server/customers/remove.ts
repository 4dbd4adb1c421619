import type { Tx } from '../platform/db.ts';

/** Removes customers that no channel ever told, only a file. The caller knows that no order names them. */
export async function removeUntold(
	{ sql }: Tx,
	organizationId: string,
	ids: readonly string[]
): Promise<void> {
	if (ids.length === 0) return;
	await sql`delete from customers where id = any(${[...ids]}::uuid[]) and organization_id = ${organizationId} and source_updated_at is null`;
}
