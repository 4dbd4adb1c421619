import type { Ctx } from '../../platform/ctx.ts';
import type { Tx } from '../../platform/db.ts';

/** Condition: the connection, by its channel in `column`, is one that the member may know of. */
export function isAllowed({ sql }: Tx, ctx: Ctx, column = 'channel') {
	const channels = ctx.scope?.channels ?? null;
	return sql`(${channels}::text[] is null or ${sql(column)} = any(${channels}::text[]))`;
}

/** Whether the member sees all of a channel's orders: its figures as a whole are of all categories and locations. */
export function seesAllOrders(ctx: Ctx): boolean {
	return !ctx.scope?.categories && !ctx.scope?.locations;
}
