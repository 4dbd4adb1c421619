import { DEMO_PERMISSIONS, permissionsOf, PERMISSIONS, type Role } from '#lib/contracts/permissions.ts';
import type { Actor, Ctx, Organization, Scope } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { NotFound, Unauthenticated } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { settings } from '../platform/running.ts';
import { asSystem } from '../platform/system.ts';
import type { RequestIdentity, SignedIn } from './request-identity.ts';
import { hasDemoCookie } from './session-cookie.ts';

type Found = Organization & { role: Role | null; scope: Scope | null };

/**
 * In whose name and with which rights a request works, from the organization in its address.
 * @throws Unauthenticated without a session
 * @throws NotFound for an organization that does not exist or is not this person's: both look the same
 */
export async function ctxFor(
	user: SignedIn | null,
	organizationSlug: string,
	request: RequestIdentity
): Promise<Ctx> {
	const found = await asSystem('sign-in: find a person, their session, their organizations', (tx) =>
		findOrganization(tx, organizationSlug, user?.id ?? null)
	);
	if (user && found?.role) {
		const { role, scope, ...organization } = found;
		return ctxOfMember(organization, { kind: 'member', userId: user.id }, role, scope, request.requestId);
	}
	if (found?.isDemo && settings().DEMO && hasDemoCookie(request)) {
		const { role: _none, scope: _all, ...organization } = found;
		return visitorCtx(organization, request.requestId);
	}
	if (!user) throw new Unauthenticated();
	throw new NotFound('This organization');
}

/** A member's context: the rights of their role, and a manager's limits. */
export function ctxOfMember(
	organization: Organization,
	actor: Extract<Actor, { userId: string }>,
	role: Role,
	scope: Scope | null,
	requestId: string
): Ctx {
	return {
		organization,
		actor,
		permissions: new Set(permissionsOf(role)),
		scope: role === 'manager' ? scope : null,
		requestId
	};
}

async function findOrganization(
	{ sql }: Tx,
	slug: string,
	userId: string | null
): Promise<Found | undefined> {
	const [row] = await sql<Found[]>`
		select o.id, o.slug, o.name, o.currency, o.time_zone, o.locale, o.plan, o.is_demo, m.role, m.scope
		from organizations o left join members m on m.organization_id = o.id and m.user_id = ${userId}
		where o.slug = ${slug}`;
	return row;
}

/** A visitor of the shared demo organization: may look, nothing else. */
export function visitorCtx(organization: Organization, requestId: string): Ctx {
	return {
		organization,
		actor: { kind: 'visitor' },
		permissions: new Set(DEMO_PERMISSIONS),
		scope: null,
		requestId
	};
}

/**
 * A job working for an organization, with every permission.
 * @throws NotFound when the organization was deleted meanwhile
 */
export async function jobCtx(organizationId: string, jobName: string): Promise<Ctx> {
	const [organization] = await inOrganization(
		organizationId,
		({ sql }) => sql<Organization[]>`
		select id, slug, name, currency, time_zone, locale, plan, is_demo from organizations where id = ${organizationId}`
	);
	if (!organization) throw new NotFound('This organization');
	return {
		organization,
		actor: { kind: 'job', name: jobName },
		permissions: new Set(Object.keys(PERMISSIONS)),
		scope: null,
		requestId: newId()
	};
}
