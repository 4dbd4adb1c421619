import { expect, test } from 'vitest';
import { makeConnection } from '../../../../../tests/factories/connection.ts';
import { makeOrder } from '../../../../../tests/factories/order.ts';
import { makeOrganization } from '../../../../../tests/factories/organization.ts';
import { record } from '../../live/index.ts';
import { recordOrders } from '../../orders/index.ts';
import { catchUp, revenue, trend } from '../index.ts';
import { olapStore } from '../../platform/olap.ts';
import { die } from '../killed-round.fixture.ts';

const NOW = new Date('2026-11-20T18:00:00Z');

test('while facts are a round ahead of the rollups, new and returning customers still add up to the whole', async () => {
	const shop = await makeOrganization();
	const connectionId = await makeConnection(shop.organization.id, { channel: 'shopify' });
	const sell = (externalId: string, customer: string | null, placedAt: string) =>
		record(shop.organization.id, async (tx) => {
			const order = makeOrder({
				externalId,
				placedAt,
				...(customer === null
					? { customer: null }
					: { customer: { externalId: customer, name: customer, email: `${customer}@example.com` } })
			});
			const written = await recordOrders(tx, [
				{
					organizationId: shop.organization.id,
					connectionId,
					channel: 'shopify',
					timeZone: shop.organization.timeZone,
					order
				}
			]);
			return { result: written, events: written.events };
		});
	await sell('1', 'ada', '2026-11-10T10:00:00Z');
	await sell('2', 'ada', '2026-11-12T10:00:00Z');
	await sell('3', 'bob', '2026-11-12T11:00:00Z');
	await sell('4', null, '2026-11-13T11:00:00Z');
	await catchUp([shop.organization.id]);
	const ask = (metric: string, by = 'day', range = 'last-30-days') =>
		trend(shop.ctx('owner'), { metric, by, dimension: 'customer', range }, NOW);
	const before = await ask('net_sales');

	for (let n = 5; n < 9; n++) await sell(String(n), 'cyd', '2026-11-19T11:00:00Z');
	await die([shop], 3); // facts are written, no rollup and no position
	const { database, reader } = olapStore();
	const held = await reader().query({
		query: `select count() as orders from ${database}.sales_facts final where organization_id = {id:UUID}`,
		query_params: { id: shop.organization.id },
		format: 'JSONEachRow'
	});
	expect(Number(((await held.json()) as { orders: string }[])[0]!.orders)).toBeGreaterThan(4);

	// another range: answers of a position are remembered
	const seen = await ask('net_sales', 'day', 'last-90-days');
	expect(seen.position).toBe(before.position);
	expect(values(seen.groups)).toEqual(values(before.groups));
	expect(seen.total.value).toBe(before.total.value);
	expect(shares(seen.groups)).toBeCloseTo(100, 0);
	expect(sum(seen.groups)).toBe(Number(seen.total.value));
	const orders = await ask('orders');
	expect(values(orders.groups)).toEqual({ new: '2', returning: '1', guest: '1' });
	// what only the facts know may be of the next position, but is of one
	for (const metric of ['units', 'gross_sales']) {
		const ahead = await ask(metric);
		expect(sum(ahead.groups), metric).toBe(Number(ahead.total.value));
	}
	const hours = await ask('net_sales', 'hour', 'last-7-days');
	expect(sum(hours.groups)).toBe(Number(hours.total.value));
	// alone, hours come with the total of the position, so that a page agrees with itself
	const alone = await trend(
		shop.ctx('owner'),
		{ metric: 'net_sales', by: 'hour', range: 'last-7-days' },
		NOW
	);
	const lastDays = await trend(
		shop.ctx('owner'),
		{ metric: 'net_sales', by: 'day', range: 'last-7-days' },
		NOW
	);
	expect(alone.total.value).toBe(lastDays.total.value);
	const byHour = await revenue(shop.ctx('owner'), { range: 'last-7-days', by: 'hour' }, NOW);
	expect(byHour.sales.by).toBe('hour');
	expect(Number(byHour.sales.total.value)).toBe(Number(byHour.profit.totals.net));
	const page = await revenue(shop.ctx('owner'), { range: 'last-30-days' }, NOW);
	expect(sum(page.customers!.groups)).toBe(Number(page.sales.total.value));

	await catchUp([shop.organization.id]);
	const after = await ask('orders');
	expect(after.total.value).toBe('8');
	expect(sum(after.groups)).toBe(8);
});

const values = (groups: readonly { key: string; value: string | null }[]) =>
	Object.fromEntries(groups.map(({ key, value }) => [key, value]));
const sum = (groups: readonly { value: string | null }[]) =>
	groups.reduce((total, { value }) => total + Number(value), 0);
const shares = (groups: readonly { share: string | null }[]) =>
	groups.reduce((total, { share }) => total + Number(share), 0);
