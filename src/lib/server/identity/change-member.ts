import { z } from 'zod';
import { CHANNELS } from '#lib/contracts/channels.ts';
import type { Role } from '#lib/contracts/permissions.ts';
import type { Ctx, Scope } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { Conflict, NotFound } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { accessChanged } from './access-changes.ts';
import { require } from './access.ts';
import { audit } from './audit.ts';
import { role } from './fields.ts';
import { roleChangeProblem } from './role-change.ts';

/** One value or several, as forms send them. */
const listOf = <Item extends z.ZodType>(item: Item) =>
	z.union([z.array(item).max(100), item.transform((one) => [one])]).optional();

const changeSchema = z.strictObject({
	userId: z.uuid({ error: 'Choose a member.' }),
	role,
	channels: listOf(z.enum(CHANNELS, { error: 'Choose channels from the list.' })),
	categories: listOf(z.string().min(1).max(200)),
	locations: listOf(z.uuid({ error: 'Choose locations from the list.' }))
});

/**
 * Sets a member's role and, of a manager, what they see (an intersection; nothing chosen means everything).
 * @throws Forbidden, Invalid; NotFound for people of other organizations; Conflict for the last owner and for owners made by others
 */
export async function changeMember(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'members.manage');
	const wanted = parse(changeSchema, input);
	const scope = wanted.role === 'manager' ? scopeOf(wanted) : null;
	await inOrganization(ctx.organization.id, async (tx) => {
		const current = await lockForChange(tx, ctx, wanted.userId, wanted.role);
		await tx.sql`update members set role = ${wanted.role}, scope = ${scope ? tx.sql.json(scope as Record<string, string[]>) : null}
			where organization_id = ${ctx.organization.id} and user_id = ${wanted.userId}`;
		await audit(
			tx,
			ctx,
			'member.changed',
			{ kind: 'user', id: wanted.userId },
			{ roleBefore: current, role: wanted.role, ...scope }
		);
	});
	accessChanged({ userId: wanted.userId, organizationId: ctx.organization.id });
}

const removeSchema = z.strictObject({ userId: z.uuid({ error: 'Choose a member.' }) });

/**
 * Takes a member out of the organization; everyone may take out themselves.
 * @throws Forbidden, NotFound; Conflict for the last owner and for owners removed by others
 */
export async function removeMember(ctx: Ctx, input: unknown): Promise<void> {
	const { userId } = parse(removeSchema, input);
	const leaving = ctx.actor.kind === 'member' && ctx.actor.userId === userId;
	if (!leaving) require(ctx, 'members.manage');
	await inOrganization(ctx.organization.id, async (tx) => {
		const current = await lockForChange(tx, ctx, userId, null);
		await tx.sql`delete from members where organization_id = ${ctx.organization.id} and user_id = ${userId}`;
		await audit(
			tx,
			ctx,
			leaving ? 'member.left' : 'member.removed',
			{ kind: 'user', id: userId },
			{ roleBefore: current }
		);
	});
	accessChanged({ userId, organizationId: ctx.organization.id });
}

/** Locks the memberships, so that two owners cannot remove each other, and answers the present role. */
async function lockForChange({ sql }: Tx, ctx: Ctx, userId: string, next: Role | null): Promise<Role> {
	const members = await sql<{ userId: string; role: Role }[]>`
		select user_id, role from members where organization_id = ${ctx.organization.id} order by user_id for update`;
	const current = members.find((member) => member.userId === userId)?.role;
	if (!current) throw new NotFound('This member');
	const actorRole =
		ctx.actor.kind === 'member'
			? members.find((member) => 'userId' in ctx.actor && member.userId === ctx.actor.userId)?.role
			: 'owner';
	if (!actorRole) throw new NotFound('This organization');
	const owners = members.filter((member) => member.role === 'owner').length;
	const problem = roleChangeProblem({ actorRole, current, next, owners });
	if (problem) throw new Conflict(problem);
	return current;
}

function scopeOf(wanted: z.output<typeof changeSchema>): Scope | null {
	const scope: Scope = {};
	if (wanted.channels?.length && wanted.channels.length < CHANNELS.length) scope.channels = wanted.channels;
	if (wanted.categories?.length) scope.categories = wanted.categories;
	if (wanted.locations?.length) scope.locations = wanted.locations;
	return Object.keys(scope).length > 0 ? scope : null;
}
