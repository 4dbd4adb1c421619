import type { Channel } from '#lib/contracts/channels.ts';
import { require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { isAllowed } from './allowed.ts';
import { inOrganization } from '../../platform/db.ts';

/** Channels of the member's whose history is still being read: figures miss what has not come yet. @throws Forbidden without channels.read */
export async function firstSyncs(ctx: Ctx): Promise<Channel[]> {
	require(ctx, 'channels.read');
	const rows = await inOrganization(
		ctx.organization.id,
		(tx) => tx.sql<{ channel: Channel }[]>`
			select distinct c.channel from connections c
			join sync_runs r on r.connection_id = c.id and r.organization_id = c.organization_id and r.kind = 'backfill' and r.status in ('queued', 'running')
			where c.organization_id = ${ctx.organization.id} and c.status not in ('disconnected', 'paused') and ${isAllowed(tx, ctx, 'c.channel')} order by c.channel`
	);
	return rows.map(({ channel }) => channel);
}
