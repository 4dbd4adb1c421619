import type { Channel } from '#lib/contracts/channels.ts';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';

/**
 * Promotions that somebody wrote down and that touch the days from `from` to `to` (YYYY-MM-DD), past or planned; of all channels where
 * `channel` is null. What the member's channels do not include is left out.
 * @throws Forbidden without analytics.read
 */
export async function promotions(
	ctx: Ctx,
	from: string,
	to: string
): Promise<{ from: string; to: string; channel: Channel | null }[]> {
	require(ctx, 'analytics.read');
	const allowed = ctx.scope?.channels ?? null;
	return inOrganization(
		ctx.organization.id,
		({ sql }) => sql<{ from: string; to: string; channel: Channel | null }[]>`
		select from_day::text as "from", to_day::text as "to", channel from annotations
		where organization_id = ${ctx.organization.id} and kind = 'promotion' and from_day <= ${to} and to_day >= ${from}
			and (channel is null or ${allowed}::text[] is null or channel = any(${allowed}::text[]))
		order by from_day, id`
	);
}
