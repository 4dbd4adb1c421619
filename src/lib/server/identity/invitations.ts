import { z } from 'zod';
import { ROLE_NAMES } from '#lib/contracts/permissions.ts';
import { inBackground } from '../platform/background.ts';
import { randomToken, sha256 } from '../platform/crypto.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { Conflict, Forbidden, Invalid, NotFound } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { mailService, send } from '../platform/mail.ts';
import { parse } from '../platform/parse.ts';
import { require } from './access.ts';
import { audit } from './audit.ts';
import { publicOrigin } from './email-links.ts';
import { email, role } from './fields.ts';
import { limits } from './limits.ts';
import { invitationMail } from './mails.ts';

const inviteSchema = z.strictObject({ email, role });

/**
 * Invites someone by e-mail; a link for 7 days. An earlier open invitation to the same address is replaced.
 * @throws Forbidden, Invalid, RateLimited; Conflict while the inviter's own address is not verified (with a mail service)
 */
export async function invite(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'members.manage');
	await limits.inviteByOrganization.take(ctx.organization.id);
	const wanted = parse(inviteSchema, input);
	const token = randomToken(20);
	const by = await inOrganization(ctx.organization.id, async (tx) => {
		const inviter = await findInviter(tx, ctx);
		if (wanted.role === 'owner' && inviter.role !== 'owner')
			throw new Invalid({ role: 'Only an owner can make someone an owner.' });
		const [member] = await tx.sql`select 1 from members m join users u on u.id = m.user_id
			where m.organization_id = ${ctx.organization.id} and lower(u.email) = lower(${wanted.email})`;
		if (member) throw new Invalid({ email: 'This person is a member already. Change the role in the list.' });
		const id = newId();
		await tx.sql`delete from invitations where organization_id = ${ctx.organization.id} and lower(email) = lower(${wanted.email}) and accepted_at is null`;
		await tx.sql`insert into invitations (id, organization_id, email, role, token_hash, invited_by, expires_at)
			values (${id}, ${ctx.organization.id}, ${wanted.email}, ${wanted.role}, ${sha256(token)}, ${inviter.userId}, now() + interval '7 days')`;
		await audit(tx, ctx, 'member.invited', { kind: 'invitation', id }, { role: wanted.role });
		return inviter.name;
	});
	const link = `${publicOrigin()}/invite/${token}`;
	const text = invitationMail({
		by,
		organization: ctx.organization.name,
		role: ROLE_NAMES[wanted.role].toLowerCase(),
		link
	});
	inBackground('invitation mail', () => send({ to: wanted.email, ...text, idempotencyKey: newId() }));
}

/** Sends an open invitation again, with a new link for another 7 days. @throws NotFound when it is gone or accepted */
export async function resendInvitation(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'members.manage');
	const { id } = parse(z.strictObject({ id: z.uuid() }), input);
	const [open] = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<{ email: string; role: string }[]>`
		select email, role from invitations where organization_id = ${ctx.organization.id} and id = ${id} and accepted_at is null`
	);
	if (!open) throw new NotFound('This invitation');
	await invite(ctx, open);
}

/** Takes an open invitation back: its link stops working. @throws NotFound when it is gone or accepted */
export async function revokeInvitation(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'members.manage');
	const { id } = parse(z.strictObject({ id: z.uuid() }), input);
	await inOrganization(ctx.organization.id, async (tx) => {
		const [gone] = await tx.sql`delete from invitations
			where organization_id = ${ctx.organization.id} and id = ${id} and accepted_at is null returning id`;
		if (!gone) throw new NotFound('This invitation');
		await audit(tx, ctx, 'invitation.revoked', { kind: 'invitation', id });
	});
}

async function findInviter({ sql }: Tx, ctx: Ctx): Promise<{ userId: string; name: string; role: string }> {
	if (ctx.actor.kind !== 'member') throw new Forbidden('Only a member can invite people.');
	const [inviter] = await sql<{ userId: string; name: string; role: string; verified: boolean }[]>`
		select m.user_id, u.name, m.role, u.email_verified_at is not null as verified
		from members m join users u on u.id = m.user_id where m.organization_id = ${ctx.organization.id} and m.user_id = ${ctx.actor.userId}`;
	if (!inviter) throw new NotFound('This organization');
	// else anyone with a made-up address could have us write to strangers
	if (!inviter.verified && mailService() !== 'outbox')
		throw new Conflict(
			'Confirm your own e-mail address first: the mail with the link was sent when you signed up.'
		);
	return inviter;
}
