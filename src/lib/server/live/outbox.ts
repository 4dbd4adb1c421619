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
	const at = new Date().toISOString();
	const nth = new Map<string, number>();
	const rows = pending.map(({ organizationId, subjectId, ...event }) => {
		const n = (nth.get(organizationId) ?? 0) + 1;
		nth.set(organizationId, n);
		return {
			organization_id: organizationId,
			nth: n,
			kind: event.kind,
			subject_id: subjectId,
			payload: { ...event, at }
		};
	});
	// one trip: this is on the way of every live order. `locked` takes the rows in id order before any is moved.
	const moved = await tx.sql<{ organizationId: string; position: number }[]>`
		with mine as (
			select * from unnest(${organizationIds}::uuid[], ${counts}::bigint[]) as m (organization_id, added)
		), locked as materialized (
			select 1 from outbox_positions where organization_id = any(${organizationIds}::uuid[]) order by organization_id for update
		), moved as (
			insert into outbox_positions as p (organization_id, position)
			select organization_id, added from mine where (select count(*) from locked) >= 0
			on conflict (organization_id) do update set position = p.position + excluded.position
			returning organization_id, position
		), written as (
			insert into outbox (organization_id, position, kind, subject_id, payload)
			select organization_id, position - added + nth, kind, subject_id, payload || jsonb_build_object('position', position - added + nth)
			from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
				as r (organization_id uuid, nth bigint, kind text, subject_id uuid, payload jsonb)
			join moved using (organization_id) join mine using (organization_id)
		)
		select organization_id, position from moved`;
	const before = new Map(
		moved.map((row) => [row.organizationId, row.position - tally.get(row.organizationId)!])
	);
	for (const { organization_id: organizationId, nth: n, payload } of rows) {
		const event = { ...payload, position: before.get(organizationId)! + n } as LiveEvent;
		const events = byOrganization.get(organizationId);
		if (events) events.push(event);
		else byOrganization.set(organizationId, [event]);
	}
	return byOrganization;
}
