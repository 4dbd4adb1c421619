import type { Actor, Ctx } from '../platform/ctx.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';

/** What an act was done to: a kind of row and its id. */
export interface AuditTarget {
	kind: string;
	id: string;
}

/** Surrogate ids and settings. Never secrets, names or addresses: the log outlives an erasure. */
export type AuditData = Record<string, string | number | boolean | null | string[]>;

/** The part of a context that an act is written with. */
export type Acting = Pick<Ctx, 'actor' | 'requestId'> & { organization: { id: string } };

/** Writes who did what, in the transaction of the act itself. `action` reads `member.invited`: thing, then past participle. */
export async function audit(
	{ sql }: Tx,
	ctx: Acting,
	action: string,
	target?: AuditTarget,
	data: AuditData = {}
): Promise<void> {
	await sql`insert into audit_log (id, organization_id, actor_kind, actor_id, action, target_kind, target_id, data, request_id)
		values (${newId()}, ${ctx.organization.id}, ${ctx.actor.kind}, ${actorId(ctx.actor)}, ${action}, ${target?.kind ?? null},
			${target?.id ?? null}, ${sql.json(data)}, ${ctx.requestId})`;
}

/** An act on a person's own account: one row in each organization they belong to (system role). */
export async function auditPerson(
	{ sql }: Tx,
	userId: string,
	action: string,
	requestId: string,
	data: AuditData = {}
): Promise<void> {
	const memberships = await sql<
		{ organizationId: string }[]
	>`select organization_id from members where user_id = ${userId}`;
	if (memberships.length === 0) return;
	const rows = memberships.map(({ organizationId }) => ({ id: newId(), organizationId }));
	await sql`insert into audit_log (id, organization_id, actor_kind, actor_id, action, target_kind, target_id, data, request_id)
		select id, organization_id, 'member', ${userId}, ${action}, 'user', ${userId}, ${sql.json(data)}, ${requestId}
		from unnest(${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.organizationId)}::uuid[]) as r (id, organization_id)`;
}

function actorId(actor: Actor): string | null {
	switch (actor.kind) {
		case 'member':
			return actor.userId;
		case 'api_key':
			return actor.keyId;
		case 'job':
			return actor.name;
		case 'channel':
			return actor.connectionId;
		default:
			return null;
	}
}
