import { expect, test } from 'vitest';
import { catchUp } from '../src/lib/server/analytics/index.ts';
import { removeCost, setCost } from '../src/lib/server/catalog/index.ts';
import { record } from '../src/lib/server/live/index.ts';
import { recordOrders, type ChannelOrder, type ChannelOrderInput } from '../src/lib/server/orders/index.ts';
import { inOrganization } from '../src/lib/server/platform/db.ts';
import { createReport, setGoal } from '../src/lib/server/reporting/index.ts';
import { send } from './api/client.ts';
import { makeConnection } from './factories/connection.ts';
import { makeLine, makeOrder } from './factories/order.ts';
import { makeOrganization } from './factories/organization.ts';
import { addMember, makePerson, PASSWORD } from './factories/person.ts';
import { toldEverywhere } from './told-everywhere.ts';

/** The order of the test as its channel tells it at a time: so many mugs at a price. */
const order = (updatedAt: string, quantity: number, price: number, more: Partial<ChannelOrderInput> = {}) => {
	const gross = String(quantity * price);
	return makeOrder({
		placedAt: '2026-01-05T10:00:00Z',
		updatedAt,
		total: gross,
		customer: { externalId: 'c1', name: 'Ada Byron', email: 'ada@example.com' },
		address: { name: null, city: 'Portland', region: 'OR', country: 'US', countryName: null },
		lines: [makeLine({ quantity, unitPrice: String(price), gross })],
		...more
	});
};

const refund: ChannelOrderInput['refunds'] = [
	{
		externalId: 'r1',
		refundedAt: '2026-01-20T08:00:00Z',
		lines: [{ externalId: 'rl1', kind: 'item', lineExternalId: 'line-1', quantity: 1, amount: '20' }]
	}
];

test('a changed cost, a changed order and a late refund are on every page, in every export and answer of the API, and they agree', async () => {
	const made = await makeOrganization();
	const person = await makePerson();
	await addMember(made, person, 'owner');
	const { json } = await send('/auth/login', {
		body: { email: person.email, password: PASSWORD, organization_id: made.organization.id }
	});
	const connectionId = await makeConnection(made.organization.id);
	const save = (told: ChannelOrder) =>
		record(made.organization.id, async (tx) => {
			const place = { organizationId: made.organization.id, connectionId, timeZone: 'UTC' };
			const { events, outcomes } = await recordOrders(tx, [{ ...place, channel: 'shopify', order: told }]);
			return { result: outcomes[0]!.orderId, events };
		});
	const orderId = await save(order('2026-01-05T10:00:00Z', 3, 20));
	const [ids] = await inOrganization(
		made.organization.id,
		({ sql }) => sql<{ productId: string; customerId: string }[]>`
			select (select id from products) as product_id, (select id from customers) as customer_id`
	);
	const { productId } = ids!;
	await setGoal(made.ctx(), { metric: 'net_sales', period: 'month', target: '100' });
	const reportId = await createReport(made.ctx(), {
		name: 'Month',
		cadence: 'monthly',
		recipients: made.ownerId
	});
	const sold = { ctx: made.ctx(), token: json.access_token, orderId, reportId, ...ids! };
	const expectAll = async (net: number, margin: number) => {
		await catchUp([made.organization.id]);
		const told = await toldEverywhere(sold);
		expect(told).toEqual(
			Object.fromEntries(
				Object.entries(told).map(([where, one]) => [where, 'margin' in one ? { net, margin } : { net }])
			)
		);
	};
	const cost = (unitCost: string, fromDay = '') =>
		setCost(made.ctx(), { productId, fromDay, unitCost, currency: 'USD' });

	await expectAll(60, 60);
	await cost('7.25');
	await expectAll(60, 60 - 3 * 7.25);
	await cost('9.5');
	await expectAll(60, 60 - 3 * 9.5);
	await cost('4', '2026-01-05');
	await expectAll(60, 60 - 3 * 4);
	await save(order('2026-01-06T09:00:00Z', 5, 20));
	await expectAll(100, 100 - 5 * 4);
	await save(order('2026-01-07T09:00:00Z', 5, 18.5));
	await expectAll(92.5, 92.5 - 5 * 4);
	await save(order('2026-01-20T08:00:00Z', 5, 18.5, { status: 'partially_refunded', refunds: refund }));
	await expectAll(72.5, 72.5 - 5 * 4);
	await save(order('2026-01-21T08:00:00Z', 4, 18.5, { status: 'partially_refunded', refunds: refund }));
	await expectAll(54, 54 - 4 * 4);
	await removeCost(made.ctx(), { productId, fromDay: '2026-01-05' });
	await expectAll(54, 54 - 4 * 9.5);
}, 120_000);
