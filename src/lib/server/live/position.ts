import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';

/** The organization's last outbox position: read it before a page's data, and the stream goes on from there without a gap. */
export async function currentPosition(ctx: Ctx): Promise<number> {
	return inOrganization(ctx.organization.id, async ({ sql }) => {
		const [row] = await sql<
			{ position: number }[]
		>`select position from outbox_positions where organization_id = ${ctx.organization.id}`;
		return row?.position ?? 0;
	});
}
