import fs from 'node:fs';
import { Ajv } from 'ajv';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { applyEvent } from '../../src/lib/server/billing/mirror.ts';
import { receiveStripeEvent } from '../../src/lib/server/billing/receive.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { settings } from '../../src/lib/server/platform/running.ts';
import { asSystem } from '../../src/lib/server/platform/system.ts';
import { makeOrganization } from '../factories/organization.ts';
import {
	makeCustomer,
	makeEvent,
	makeSession,
	makeSubscription,
	signatureOf
} from '../../simulator/stripe/objects.ts';
import { KEY, startStripe, type StripeFake } from './stripe-fake.ts';

const queued: string[] = [];
vi.mock('../../src/lib/server/platform/queue.ts', () => ({
	enqueue: async (_job: unknown, { id }: { id: string }) => void queued.push(id)
}));

const SECRET = 'whsec_now';
let stripe: StripeFake;
let stamp = 0;
const id = (prefix: string) => `${prefix}_${Date.now().toString(36)}${++stamp}`;

beforeEach(async () => {
	stripe = await startStripe();
	Object.assign(settings(), {
		STRIPE_API_URL: stripe.url,
		STRIPE_SECRET_KEY: KEY,
		STRIPE_WEBHOOK_SECRET: ['whsec_before', SECRET]
	});
	queued.length = 0;
});
afterEach(() => stripe.stop());

/** Sends an event, and does the work it leads to. Answers the status. */
async function send(body: string, header = signatureOf(body, SECRET)): Promise<number> {
	const { status } = await receiveStripeEvent(new Headers({ 'stripe-signature': header }), Buffer.from(body));
	await new Promise((resolve) => setImmediate(resolve));
	for (const event of queued.splice(0)) await applyEvent(event);
	return status;
}

async function makeShop() {
	const { organization } = await makeOrganization();
	const ids = { customer: id('cus'), subscription: id('sub'), session: id('cs') };
	stripe.customers.set(ids.customer, makeCustomer({ id: ids.customer }));
	stripe.sessions.set(
		ids.session,
		makeSession({ id: ids.session, customer: ids.customer, client_reference_id: organization.id })
	);
	stripe.subscriptions.set(
		ids.subscription,
		makeSubscription({ id: ids.subscription, customer: ids.customer })
	);
	const stored = () =>
		inOrganization(
			organization.id,
			({ sql }) => sql<Record<string, unknown>[]>`
			select s.id, s.status, s.price_id, s.cancel_at_period_end, s.ended_at, c.delinquent, c.deleted
			from subscriptions s join stripe_customers c on c.id = s.customer_id where s.organization_id = ${organization.id} order by s.id`
		);
	const audited = () =>
		inOrganization(
			organization.id,
			({ sql }) =>
				sql<
					{ data: { status: string } }[]
				>`select data from audit_log where action = 'subscription.changed' order by id`
		).then((rows) => rows.map(({ data }) => data.status));
	return { organization, ids, stored, audited };
}
type Shop = Awaited<ReturnType<typeof makeShop>>;

/** The events of a first month, each with the object as it was then, in the order in which they happened. */
function story({ ids }: Shop): string[] {
	const subscription = (given: object) => ({
		...makeSubscription({ id: ids.subscription, customer: ids.customer }),
		...given
	});
	const invoice = { id: id('in'), object: 'invoice', customer: ids.customer };
	return [
		makeEvent(id('evt'), 'customer.created', makeCustomer({ id: ids.customer })),
		makeEvent(id('evt'), 'customer.subscription.created', subscription({ status: 'incomplete' })),
		makeEvent(id('evt'), 'invoice.paid', invoice),
		makeEvent(id('evt'), 'customer.subscription.updated', subscription({ status: 'active' })),
		makeEvent(id('evt'), 'checkout.session.completed', stripe.sessions.get(ids.session)!),
		makeEvent(id('evt'), 'customer.subscription.updated', subscription({ cancel_at_period_end: true }))
	];
}

test.each([
	['as they happened', [0, 1, 2, 3, 4, 5]],
	['updated before created, paid before completed', [3, 2, 5, 1, 4, 0]],
	['the other way round', [5, 4, 3, 2, 1, 0]],
	['the checkout first', [4, 0, 3, 1, 2, 5]]
])('F35: events %s end in the state that Stripe has', async (_name, order) => {
	const shop = await makeShop();
	Object.assign(stripe.subscriptions.get(shop.ids.subscription)!, {
		status: 'past_due',
		cancel_at_period_end: true
	});
	Object.assign(stripe.customers.get(shop.ids.customer)!, { delinquent: true });
	const events = story(shop);
	for (const index of order) expect(await send(events[index]!)).toBe(200);
	expect(await shop.stored()).toEqual([
		{
			id: shop.ids.subscription,
			status: 'past_due',
			priceId: 'price_growth',
			cancelAtPeriodEnd: true,
			endedAt: null,
			delinquent: true,
			deleted: false
		}
	]);
	expect(await shop.audited()).toEqual(['past_due']);
});

test('F35: a reading that began earlier and ends later does not undo the newer one', async () => {
	const shop = await makeShop();
	const events = story(shop);
	await send(events[4]!);
	let release = () => {};
	stripe.hold = new Promise((resolve) => (release = resolve));
	const slow = send(events[3]!);
	await vi.waitFor(() => expect(stripe.asked.length).toBeGreaterThan(3), 10_000);
	stripe.hold = Promise.resolve();
	// the customer was asked while held; its subscriptions are asked after the release, so the older reading is made older by hand
	Object.assign(stripe.subscriptions.get(shop.ids.subscription)!, {
		status: 'canceled',
		ended_at: 1_765_000_000
	});
	await send(events[5]!);
	Object.assign(stripe.subscriptions.get(shop.ids.subscription)!, { status: 'active', ended_at: null });
	release();
	await slow;
	expect((await shop.stored()).map((row) => row.status)).toEqual(['canceled']);
});

test('F36: the same event for three days has one effect; an old signature is refused', async () => {
	const shop = await makeShop();
	await send(story(shop)[4]!);
	const body = makeEvent(
		id('evt'),
		'customer.subscription.updated',
		stripe.subscriptions.get(shop.ids.subscription)!
	);
	expect(await send(body)).toBe(200);
	const asked = stripe.asked.length;
	const audited = await shop.audited();
	// what Stripe has meanwhile is not the replay's to tell
	Object.assign(stripe.subscriptions.get(shop.ids.subscription)!, { status: 'unpaid' });
	vi.useFakeTimers({ toFake: ['Date'] });
	try {
		const began = Date.now();
		for (let hour = 1; hour <= 72; hour += 3) {
			vi.setSystemTime(began + hour * 3_600_000);
			expect(await send(body)).toBe(200);
		}
		for (const [off, status] of [
			[-301, 400],
			[301, 400],
			[-299, 200],
			[0, 200]
		] as const)
			expect(await send(body, signatureOf(body, SECRET, Date.now() + off * 1000))).toBe(status);
	} finally {
		vi.useRealTimers();
	}
	expect(stripe.asked.length).toBe(asked);
	expect(await shop.audited()).toEqual(audited);
	expect((await shop.stored()).map((row) => row.status)).toEqual(['active']);
	const events = await asSystem(
		'billing: mirror what Stripe says',
		({ sql }) =>
			sql<
				{ n: number }[]
			>`select count(*)::int as n from stripe_events where id = ${(JSON.parse(body) as { id: string }).id}`
	);
	expect(events[0]!.n).toBe(1);
});

test('only what is signed with one of our secrets is read', async () => {
	const shop = await makeShop();
	const [body] = story(shop);
	const good = signatureOf(body!, SECRET);
	expect(await send(body!, signatureOf(body!, 'whsec_other'))).toBe(400);
	expect(await send(body!, `${good.split(',')[0]},v0=${good.split('v1=')[1]}`)).toBe(400);
	expect(await send(`${body!} `, good)).toBe(400);
	expect(await send(body!, '')).toBe(400);
	expect(await send('{}', signatureOf('{}', SECRET))).toBe(400);
	expect(await send(body!, `${signatureOf(body!, 'whsec_other')},v1=${good.split('v1=')[1]}`)).toBe(200);
	const [, next] = story(shop);
	expect(await send(next!, signatureOf(next!, 'whsec_before'))).toBe(200);
	Object.assign(settings(), { STRIPE_WEBHOOK_SECRET: [] });
	expect(await send(body!, good)).toBe(404);
});

test('while Stripe does not answer the event waits; a customer keeps its organization', async () => {
	const shop = await makeShop();
	const other = await makeShop();
	const [, , , , completed] = story(shop);
	stripe.broken = 500;
	await expect(send(completed!)).rejects.toThrow('Stripe answered 500.');
	stripe.broken = null;
	await applyEvent((JSON.parse(completed!) as { id: string }).id);
	expect(await shop.stored()).toHaveLength(1);
	// a second checkout that names another organization for the same customer
	const stolen = makeSession({
		id: id('cs'),
		customer: shop.ids.customer,
		client_reference_id: other.organization.id
	});
	stripe.sessions.set(stolen.id as string, stolen);
	await send(makeEvent(id('evt'), 'checkout.session.completed', stolen));
	expect(await other.stored()).toEqual([]);
	expect(await shop.stored()).toHaveLength(1);
	stripe.customers.set(shop.ids.customer, { id: shop.ids.customer, object: 'customer', deleted: true });
	Object.assign(stripe.subscriptions.get(shop.ids.subscription)!, {
		status: 'canceled',
		ended_at: 1_765_000_000
	});
	await send(makeEvent(id('evt'), 'customer.deleted', makeCustomer({ id: shop.ids.customer })));
	expect(await shop.stored()).toMatchObject([{ status: 'canceled', deleted: true }]);
});

const FIXTURES = '../shared/channels/stripe/fixtures3.json';

test.skipIf(!fs.existsSync(FIXTURES))('the fake answers in the official shapes', () => {
	const { resources } = JSON.parse(fs.readFileSync(FIXTURES, 'utf8')) as {
		resources: Record<string, unknown>;
	};
	const ajv = new Ajv({ strict: false, allowUnionTypes: true });
	const objects: [string, unknown][] = [
		['subscription', makeSubscription({ id: 'sub_1', customer: 'cus_1' })],
		['customer', makeCustomer({ id: 'cus_1' })],
		['checkout.session', makeSession({ id: 'cs_1', customer: 'cus_1' })],
		['event', { ...(JSON.parse(makeEvent('evt_1', 'x', {})) as object), data: { object: {} } }],
		['deleted_customer', { id: 'cus_1', object: 'customer', deleted: true }]
	];
	for (const [name, object] of objects) {
		const validate = ajv.compile(schemaOf(resources[name]));
		expect([name, validate(object), validate.errors]).toEqual([name, true, null]);
	}
});

/** A schema that an official example fits: its fields and no others, each of its type; null says nothing of the type. */
function schemaOf(example: unknown): object {
	if (example === null || example === undefined) return {};
	if (Array.isArray(example))
		return { type: ['array', 'null'], items: example.length > 0 ? schemaOf(example[0]) : {} };
	if (typeof example !== 'object') return { type: [typeof example, 'null', 'object'] };
	const fields = Object.entries(example);
	return {
		type: ['object', 'null', 'string'],
		properties: Object.fromEntries(fields.map(([name, value]) => [name, schemaOf(value)])),
		...(fields.length > 0 && { additionalProperties: false })
	};
}
