import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startSimulator } from '../../simulator/testing/start.ts';
import { applyEvent } from '../../src/lib/server/billing/mirror.ts';
import { receiveStripeEvent } from '../../src/lib/server/billing/receive.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { settings } from '../../src/lib/server/platform/running.ts';
import { makeOrganization } from '../factories/organization.ts';

// each event is applied as soon as it is stored, as its job would do
const applied: string[] = [];
vi.mock('../../src/lib/server/platform/queue.ts', () => ({
	enqueue: async (_job: unknown, { id }: { id: string }) => void applied.push(id)
}));

let simulator: Awaited<ReturnType<typeof startSimulator>>;
let webhook = '';
const receiver = http.createServer((request, response) => {
	void (async () => {
		const parts: Buffer[] = [];
		for await (const part of request) parts.push(part as Buffer);
		const answer = await receiveStripeEvent(
			new Headers(request.headers as Record<string, string>),
			Buffer.concat(parts)
		);
		await new Promise((resolve) => setImmediate(resolve));
		for (const id of applied.splice(0)) await applyEvent(id);
		response.writeHead(answer.status).end();
	})();
});

beforeAll(async () => {
	simulator = await startSimulator('--months', '1', '--channels', 'shopify');
	const { secretKey, webhookSecret } = simulator.simulator.stripe;
	Object.assign(settings(), {
		STRIPE_API_URL: `${simulator.url}/stripe`,
		STRIPE_SECRET_KEY: secretKey,
		STRIPE_WEBHOOK_SECRET: [webhookSecret]
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	webhook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
});
afterAll(async () => {
	receiver.close();
	await simulator.stop();
});

interface Delivery {
	type: string;
	id: string;
	signature: string;
	status: number;
}

async function told(body: Record<string, unknown>): Promise<Delivery[]> {
	const answer = await simulator.control({ channel: 'stripe', webhook, ...body });
	expect(answer.error).toBeUndefined();
	return answer.deliveries;
}

async function makeBuyer() {
	const { organization } = await makeOrganization();
	const read = <Row extends object>(query: 'status' | 'changes') =>
		inOrganization(organization.id, ({ sql }) =>
			query === 'status'
				? sql<Row[]>`select status from subscriptions where organization_id = ${organization.id}`
				: sql<
						Row[]
					>`select data ->> 'status' as status from audit_log where organization_id = ${organization.id} and action = 'subscription.changed' order by id`
		).then((rows) => (rows as unknown as { status: string }[]).map(({ status }) => status));
	return { id: organization.id, stored: () => read('status'), changes: () => read('changes') };
}

test('F35: paid before checkout, updated before created: what is stored is what Stripe has', async () => {
	await simulator.control({ action: 'faults', on: ['F35'] });
	const buyer = await makeBuyer();
	const deliveries = await told({ action: 'subscribe', organization: buyer.id });
	expect(deliveries.map(({ type, status }) => [type, status])).toEqual([
		['invoice.paid', 200],
		['customer.subscription.updated', 200],
		['customer.subscription.created', 200],
		['checkout.session.completed', 200]
	]);
	expect(await buyer.stored()).toEqual(['active']);
	await told({ action: 'change', status: 'past_due' });
	expect(await buyer.stored()).toEqual(['past_due']);
	await simulator.control({ action: 'faults', off: ['F35'] });
});

test('F36: events that come again have no second effect, old signatures are refused', async () => {
	await simulator.control({ channel: 'stripe', action: 'faults', on: 'F36' });
	const buyer = await makeBuyer();
	const deliveries = await told({ action: 'subscribe', organization: buyer.id });
	expect(deliveries).toHaveLength(4 * 5);
	for (const { signature, status } of deliveries) expect(status).toBe(signature === 'old' ? 400 : 200);
	expect(await buyer.stored()).toEqual(['active']);
	expect(await buyer.changes()).toEqual(['active']);
	await simulator.control({ action: 'faults', off: ['F36'] });
});

test('what is missing or wrong is named', async () => {
	const wrong = async (body: Record<string, unknown>) =>
		(await simulator.control({ channel: 'stripe', ...body })).error as string;
	expect(await wrong({ action: 'subscribe' })).toMatch(/webhook/);
	expect(await wrong({ action: 'subscribe', webhook })).toMatch(/organization/);
	expect(await wrong({ action: 'change', webhook, status: 'rich' })).toMatch(/status must be one of/);
	expect(await wrong({ action: 'change', webhook, subscription: 'sub_none' })).toMatch(/no subscription/);
	expect(await wrong({ action: 'refund' })).toMatch(/action must be one of/);
	const { status } = await fetch(`${simulator.url}/stripe/v1/customers/cus_1`);
	expect(status).toBe(401);
});
