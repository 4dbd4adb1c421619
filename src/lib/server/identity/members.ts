import type { Role } from '#lib/contracts/permissions.ts';
import type { Ctx, Scope } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { can, require } from './access.ts';

/** A member as the list shows them. */
export interface Member {
	userId: string;
	name: string;
	email: string;
	emailVerified: boolean;
	role: Role;
	scope: Scope | null;
	joinedAt: Date;
}

/** An invitation that has not been accepted. */
export interface OpenInvitation {
	id: string;
	email: string;
	role: Role;
	invitedBy: string | null;
	expiresAt: Date;
	expired: boolean;
}

/** The members, by role and then by name. @throws Forbidden */
export async function listMembers(ctx: Ctx): Promise<Member[]> {
	require(ctx, 'members.read');
	return inOrganization(
		ctx.organization.id,
		({ sql }) => sql<Member[]>`
		select m.user_id, u.name, u.email, u.email_verified_at is not null as email_verified, m.role, m.scope, m.created_at as joined_at
		from members m join users u on u.id = m.user_id where m.organization_id = ${ctx.organization.id}
		order by array_position(array['owner', 'admin', 'manager', 'analyst', 'viewer'], m.role), lower(u.name), m.user_id`
	);
}

/** Open invitations, newest first; only for those who manage members. */
export async function listInvitations(ctx: Ctx): Promise<OpenInvitation[]> {
	if (!can(ctx, 'members.manage')) return [];
	return inOrganization(
		ctx.organization.id,
		({ sql }) => sql<OpenInvitation[]>`
		select i.id, i.email, i.role, u.name as invited_by, i.expires_at, i.expires_at <= now() as expired
		from invitations i left join users u on u.id = i.invited_by
		where i.organization_id = ${ctx.organization.id} and i.accepted_at is null order by i.created_at desc, i.id desc`
	);
}
