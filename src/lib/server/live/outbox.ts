import type { LiveEvent } from '#lib/contracts/live.ts';
import type { Tx } from '../platform/db.ts';

/** An event before it has a position. */
export type PendingEvent = { organizationId: string; subjectId: string | null } & DistributiveOmit<
	LiveEvent,
	'position' | 'at'
>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/**
 * Writes events to the outbox as the transaction's last act: it locks each organization's position row (in id order, so that
 * two transactions cannot wait for each other) and numbers the rows from it. The lock holds until the commit, therefore
 * position = commit order, without gaps. Publish the answer with `publish` after the commit.
 */
export async function appendToOutbox(
	tx: Tx,
	pending: readonly PendingEvent[]
): Promise<Map<string, LiveEvent[]>> {
	const byOrganization = new Map<string, LiveEvent[]>();
	if (pending.length === 0) return byOrganization;
	const organizationIds = [...new Set(pending.map((event) => event.organizationId))].sort();
	const tally = new Map<string, number>();
	for (const { organizationId } of pending) tally.set(organizationId, (tally.get(organizationId) ?? 0) + 1);
	const counts = organizationIds.map((id) => tally.get(id)!);
	// both travel at once: the locks are taken before the second runs
	const [, positions] = await Promise.all([
		tx.sql`select 1 from outbox_positions where organization_id = any(${organizationIds}::uuid[]) order by organization_id for update`,
		tx.sql<{ organizationId: string; position: number }[]>`
		insert into outbox_positions as p (organization_id, position)
		select * from unnest(${organizationIds}::uuid[], ${counts}::bigint[])
		on conflict (organization_id) do update set position = p.position + excluded.position
		returning organization_id, position`
	]);
	const next = new Map(
		positions.map((row) => [row.organizationId, row.position - tally.get(row.organizationId)!])
	);
	const at = new Date().toISOString();
	const rows = pending.map(({ organizationId, subjectId, ...event }) => {
		const position = next.get(organizationId)! + 1;
		next.set(organizationId, position);
		const full = { ...event, position, at } as LiveEvent;
		const events = byOrganization.get(organizationId);
		if (events) events.push(full);
		else byOrganization.set(organizationId, [full]);
		return {
			organization_id: organizationId,
			position,
			kind: event.kind,
			subject_id: subjectId,
			payload: full
		};
	});
	await tx.sql`
		insert into outbox (organization_id, position, kind, subject_id, payload)
		select organization_id, position, kind, subject_id, payload
		from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
			as r (organization_id uuid, position bigint, kind text, subject_id uuid, payload jsonb)`;
	return byOrganization;
}
