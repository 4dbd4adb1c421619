import { audit } from '../identity/index.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { log } from '../platform/log.ts';
import { asSystem } from '../platform/system.ts';
import {
	fetchCustomer,
	fetchCustomerOfSubscription,
	fetchSession,
	fetchSubscriptions,
	type StripeSubscription
} from './stripe-client.ts';

const USE = 'billing: mirror what Stripe says';
const ACTOR = { kind: 'job', name: 'billing.apply-event' } as const;

interface StoredEvent {
	id: string;
	objectKind: string;
	objectId: string;
	customerId: string | null;
	appliedAt: Date | null;
}

/**
 * Reads from Stripe, as it is now, what an event is about, and stores it: whatever the order in which events come, the last
 * reading is the newest. Running it again for an applied event does nothing.
 * @throws Unavailable when Stripe does not answer: the event stays to be applied
 */
export async function applyEvent(id: string): Promise<void> {
	const [event] = await asSystem(
		USE,
		({ sql }) =>
			sql<
				StoredEvent[]
			>`select id, object_kind, object_id, customer_id, applied_at from stripe_events where id = ${id}`
	);
	if (!event || event.appliedAt) return;
	const session = event.objectKind === 'checkout.session' ? await fetchSession(event.objectId) : null;
	const customerId =
		session?.customer ??
		event.customerId ??
		(event.objectKind === 'subscription' ? await fetchCustomerOfSubscription(event.objectId) : null);
	if (customerId) {
		await claimCustomer(customerId, session?.client_reference_id ?? null);
		await mirrorCustomer(customerId);
	}
	await asSystem(
		USE,
		({ sql }) => sql`update stripe_events set applied_at = now() where id = ${id} and applied_at is null`
	);
}

/**
 * Stores a customer and all its subscriptions as Stripe has them now. Readings are numbered before they begin, so that of two at the
 * same time the one that began later stays.
 */
async function mirrorCustomer(customerId: string): Promise<void> {
	const [row] = await asSystem(
		USE,
		({ sql }) => sql<{ readings: number }[]>`
		update stripe_customers set readings = readings + 1 where id = ${customerId} returning readings`
	);
	const reading = row!.readings;
	const customer = await fetchCustomer(customerId);
	const subscriptions = await fetchSubscriptions(customerId);
	const isGone = customer === null || customer.deleted === true;
	await asSystem(USE, async (tx) => {
		const [newest] = await tx.sql<{ organizationId: string | null }[]>`
			update stripe_customers set delinquent = ${!isGone && customer.delinquent === true}, deleted = ${isGone},
				stored_reading = ${reading}, updated_at = now()
			where id = ${customerId} and stored_reading < ${reading} returning organization_id`;
		if (newest?.organizationId)
			await store(tx, { organizationId: newest.organizationId, customerId }, subscriptions);
	});
}

/**
 * Says whose customer this is: as our checkout told, or the customer's metadata. Said once: neither a customer nor an organization
 * changes sides by what a later event says. Comes before the reading, which then is stored for the organization.
 */
async function claimCustomer(customerId: string, checkout: string | null): Promise<void> {
	const [known] = await asSystem(
		USE,
		({ sql }) => sql<{ organizationId: string | null }[]>`
		insert into stripe_customers as c (id) values (${customerId}) on conflict (id) do update set id = c.id returning organization_id`
	);
	if (known!.organizationId) return;
	const customer = checkout === null ? await fetchCustomer(customerId) : null;
	const told =
		checkout ?? (customer && !customer.deleted ? customer.metadata?.organization_id : null) ?? null;
	if (told === null) return;
	const [claimed] = await asSystem(
		USE,
		({ sql }) => sql<{ id: string }[]>`
		update stripe_customers c set organization_id = o.id from organizations o
		where c.id = ${customerId} and c.organization_id is null and o.id::text = ${told}
			and not exists (select 1 from stripe_customers other where other.organization_id = o.id) returning c.id`
	);
	if (!claimed)
		log.warn({ customerId }, 'a customer of Stripe names an organization that is unknown or has another one');
}

async function store(
	tx: Tx,
	{ organizationId, customerId }: { organizationId: string; customerId: string },
	subscriptions: readonly StripeSubscription[]
): Promise<void> {
	const rows = subscriptions.map((one) => ({
		id: one.id,
		status: one.status,
		price_id: one.items.data[0]?.price?.id ?? null,
		quantity: one.items.data[0]?.quantity ?? null,
		current_period_end: instant(one.items.data[0]?.current_period_end ?? one.current_period_end),
		trial_end: instant(one.trial_end),
		cancel_at_period_end: one.cancel_at_period_end,
		cancel_at: instant(one.cancel_at),
		ended_at: instant(one.ended_at),
		livemode: one.livemode,
		started_at: instant(one.created)
	}));
	const changed = await tx.sql<{ id: string; status: string }[]>`
		insert into subscriptions as s (id, organization_id, customer_id, status, price_id, quantity, current_period_end, trial_end,
			cancel_at_period_end, cancel_at, ended_at, livemode, started_at)
		select r.id, ${organizationId}::uuid, ${customerId}, r.status, r.price_id, r.quantity, r.current_period_end, r.trial_end,
			r.cancel_at_period_end, r.cancel_at, r.ended_at, r.livemode, r.started_at
		from json_to_recordset(${JSON.stringify(rows)}::text::json) as r (id text, status text, price_id text, quantity int,
			current_period_end timestamptz, trial_end timestamptz, cancel_at_period_end boolean, cancel_at timestamptz, ended_at timestamptz,
			livemode boolean, started_at timestamptz)
		on conflict (id) do update set status = excluded.status, price_id = excluded.price_id, quantity = excluded.quantity,
			current_period_end = excluded.current_period_end, trial_end = excluded.trial_end,
			cancel_at_period_end = excluded.cancel_at_period_end, cancel_at = excluded.cancel_at, ended_at = excluded.ended_at, updated_at = now()
		where s.customer_id = excluded.customer_id
			and (s.status, s.price_id, s.quantity, s.current_period_end, s.trial_end, s.cancel_at_period_end, s.cancel_at, s.ended_at)
				is distinct from (excluded.status, excluded.price_id, excluded.quantity, excluded.current_period_end, excluded.trial_end,
					excluded.cancel_at_period_end, excluded.cancel_at, excluded.ended_at)
		returning s.id, s.status`;
	const acting = { organization: { id: organizationId }, actor: ACTOR, requestId: newId() };
	for (const { id, status } of changed)
		await audit(tx, acting, 'subscription.changed', { kind: 'subscription', id }, { status });
}

function instant(seconds: number | null | undefined): string | null {
	return seconds === null || seconds === undefined ? null : new Date(seconds * 1000).toISOString();
}
