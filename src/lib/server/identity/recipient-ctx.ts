import { permissionsOf, type Role } from '#lib/contracts/permissions.ts';
import type { Ctx, Organization, Scope } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';

/**
 * What a job does in a member's name, with their rights and limits as they are now, and where they are written to.
 * @returns null for somebody who is no member any more
 */
export async function recipientCtx(
	organizationId: string,
	userId: string
): Promise<{ ctx: Ctx; name: string; email: string } | null> {
	const [row] = await inOrganization(
		organizationId,
		({ sql }) => sql<(Organization & { role: Role; scope: Scope | null; person: string; email: string })[]>`
		select o.id, o.slug, o.name, o.currency, o.time_zone, o.locale, o.plan, o.is_demo, m.role, m.scope, u.name as person, u.email
		from members m join organizations o on o.id = m.organization_id join users u on u.id = m.user_id
		where m.organization_id = ${organizationId} and m.user_id = ${userId}`
	);
	if (!row) return null;
	const { role, scope, person, email, ...organization } = row;
	return {
		ctx: {
			organization,
			actor: { kind: 'member', userId },
			permissions: new Set(permissionsOf(role)),
			scope: role === 'manager' ? scope : null,
			requestId: newId()
		},
		name: person,
		email
	};
}
