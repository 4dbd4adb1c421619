import type { Tx } from '../../platform/db.ts';
import type { Applied } from './state.ts';

/** The next events of an organization, reduced to what they touch. */
export interface Pending {
	state: Applied;
	/** Position of the last event read. */
	to: number;
	orderIds: string[];
	productIds: string[];
	/** All costs are to be read again: a file of them came in. */
	allCosts: boolean;
	/** True when more events wait behind these. */
	more: boolean;
}

/** Events and orders read at a time, all organizations together. */
const EVENTS = 2000;
const ORDERS = 5000;

interface Event {
	organizationId: string;
	position: number;
	kind: string;
	subjectId: string | null;
	orderIds: string[] | null;
}

/**
 * Reads the next events behind each state's position; every state given must be behind its outbox. Stops early in an
 * organization whose events name many orders.
 * @throws OutboxGap when an event that is still needed is gone
 */
export async function readPending(tx: Tx, states: readonly Applied[]): Promise<Pending[]> {
	const limit = Math.max(20, Math.floor(EVENTS / states.length));
	const events = await tx.sql<Event[]>`
		select e.* from unnest(${states.map((state) => state.organizationId)}::uuid[], ${states.map((state) => state.position)}::bigint[]) as s (organization_id, position)
		cross join lateral (
			select organization_id, position, kind, subject_id, payload -> 'orderIds' as order_ids from outbox
			where organization_id = s.organization_id and position > s.position order by position limit ${limit}
		) e`;
	const byOrganization = new Map(
		states.map((state) => [state.organizationId, { state, events: [] as Event[] }])
	);
	for (const event of events) byOrganization.get(event.organizationId)!.events.push(event);
	return [...byOrganization.values()].map((entry) => reduce(entry.state, entry.events, limit));
}

function reduce(state: Applied, events: readonly Event[], limit: number): Pending {
	const orderIds = new Set<string>();
	const productIds = new Set<string>();
	let allCosts = false;
	let to = state.position;
	let taken = 0;
	if (events.length === 0) throw new OutboxGap(state.organizationId, to);
	for (const event of events) {
		if (taken > 0 && orderIds.size + (event.orderIds?.length ?? 0) > ORDERS) break;
		if (event.position !== to + 1) throw new OutboxGap(state.organizationId, to);
		to = event.position;
		taken++;
		if (event.kind === 'order' && event.subjectId) orderIds.add(event.subjectId);
		if (event.kind === 'rates') allCosts = true;
		if (event.kind === 'product' && event.subjectId) productIds.add(event.subjectId);
		for (const id of event.orderIds ?? []) orderIds.add(id);
	}
	return {
		state,
		to,
		orderIds: [...orderIds],
		productIds: [...productIds],
		allCosts,
		more: taken < events.length || events.length === limit
	};
}

/** Events that the projection still needs were pruned: only a rebuild helps. */
export class OutboxGap extends Error {
	override name = 'OutboxGap';
	readonly organizationId: string;
	constructor(organizationId: string, position: number) {
		super(`The outbox of ${organizationId} has no event ${position + 1}.`);
		this.organizationId = organizationId;
	}
}
