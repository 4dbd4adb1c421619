import { ControlError, type Body } from '../control-input.ts';
import { createPoster } from '../shopify/webhooks/post.ts';
import { makeCustomer, makeEvent, makeSession, makeSubscription, signatureOf } from './objects.ts';
import type { Stripe } from './stripe.ts';

const STATUSES = ['active', 'trialing', 'past_due', 'unpaid', 'paused', 'incomplete', 'canceled'];
/** F36: older than the 300 seconds that Stripe's own libraries allow. */
const OLD_MS = 600_000;
/** F36: Stripe tries for three days; these are some of its tries. */
const REPLAYS = 3;

/** What became of one delivery; `status` is the receiver's answer, 0 for none. */
interface Delivered {
	type: string;
	id: string;
	signature: 'fresh' | 'old';
	status: number;
}

/**
 * `subscribe` (an organization buys: customer, checkout, subscription, first invoice) and `change` (a subscription's `status`), each with
 * its events to `webhook`. Under F35 they come in the wrong order, under F36 each comes again and again, and once with an old signature.
 * @throws ControlError naming the wrong field
 */
export async function answerStripeControl(
	stripe: Stripe,
	faults: ReadonlySet<string>,
	body: Body | null
): Promise<unknown> {
	if (!body || body.action === 'stats') return statsOf(stripe);
	if (body.action !== 'subscribe' && body.action !== 'change')
		throw new ControlError('action must be one of stats, subscribe, change, faults');
	const status = String(body.status ?? 'active');
	if (!STATUSES.includes(status)) throw new ControlError(`status must be one of ${STATUSES.join(', ')}`);
	const webhook = String(body.webhook ?? '');
	if (!/^https?:\/\//.test(webhook))
		throw new ControlError('webhook must be the address that takes the events');
	const events = body.action === 'subscribe' ? subscribe(stripe, body, status) : change(stripe, body, status);
	if (faults.has('F35')) events.reverse();
	return { deliveries: await deliver(stripe, webhook, events, faults.has('F36')), ...statsOf(stripe) };
}

interface Event {
	id: string;
	type: string;
	text: string;
}

function subscribe(stripe: Stripe, body: Body, status: string): Event[] {
	const organization = String(body.organization ?? '');
	if (organization === '') throw new ControlError('organization must be the id that checkout names');
	const n = stripe.next++;
	const [customer, id] = [`cus_sim${n}`, `sub_sim${n}`];
	stripe.customers.set(customer, makeCustomer({ id: customer }));
	const bought = { customer, id, status };
	const session = makeSession({ id: `cs_test_sim${n}`, customer, client_reference_id: organization });
	stripe.sessions.set(String(session.id), session);
	const subscription = { ...makeSubscription(bought), ...bought };
	stripe.subscriptions.set(id, subscription);
	const invoice = {
		object: 'invoice',
		id: `in_sim${n}`,
		customer,
		subscription: id,
		status: 'paid',
		total: 4900
	};
	return [
		event(stripe, 'checkout.session.completed', session),
		// what an event holds is how it was then
		event(stripe, 'customer.subscription.created', { ...subscription, status: 'incomplete' }),
		event(stripe, 'customer.subscription.updated', subscription),
		event(stripe, 'invoice.paid', invoice)
	];
}

function change(stripe: Stripe, body: Body, status: string): Event[] {
	const newest = [...stripe.subscriptions.keys()].at(-1) ?? '';
	const subscription = stripe.subscriptions.get(String(body.subscription ?? newest));
	if (!subscription) throw new ControlError(`There is no subscription "${String(body.subscription ?? '')}"`);
	const before = { ...subscription };
	subscription.status = status;
	return [
		event(stripe, 'customer.subscription.updated', before),
		event(stripe, `customer.subscription.${status === 'canceled' ? 'deleted' : 'updated'}`, subscription)
	];
}

function event(stripe: Stripe, type: string, object: Record<string, unknown>): Event {
	const id = `evt_sim${stripe.next++}`;
	return { id, type, text: makeEvent(id, type, object) };
}

async function deliver(
	stripe: Stripe,
	webhook: string,
	events: readonly Event[],
	again: boolean
): Promise<Delivered[]> {
	const poster = createPoster(1);
	const done: Delivered[] = [];
	const post = async ({ id, type, text }: Event, signature: Delivered['signature']) => {
		const at = Date.now() - (signature === 'old' ? OLD_MS : 0);
		const headers = {
			'Content-Type': 'application/json',
			'Stripe-Signature': signatureOf(text, stripe.webhookSecret, at)
		};
		const status = await poster.post(webhook, text, headers).catch(() => 0);
		done.push({ type, id, signature, status });
	};
	for (const one of events) await post(one, 'fresh');
	if (again) {
		for (let replay = 0; replay < REPLAYS; replay++) for (const one of events) await post(one, 'fresh');
		for (const one of events) await post(one, 'old');
	}
	poster.close();
	return done;
}

function statsOf({ customers, subscriptions }: Stripe) {
	return {
		customers: customers.size,
		subscriptions: [...subscriptions.values()].map(({ id, customer, status }) => ({ id, customer, status }))
	};
}
