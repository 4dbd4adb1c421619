import type { Tx } from '../../platform/db.ts';

/** The outbox position a page is true at; asked first, so that an event that comes in between is repeated rather than missed. */
export async function outboxPosition({ sql }: Tx, organizationId: string): Promise<number> {
	const [place] = await sql<
		{ position: number }[]
	>`select position from outbox_positions where organization_id = ${organizationId}`;
	return place?.position ?? 0;
}
