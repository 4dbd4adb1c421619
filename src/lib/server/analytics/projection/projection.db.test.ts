import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { filtersSchema } from '#lib/contracts/analytics.ts';
import { makeAnalyticsShop } from '../../../../../tests/factories/olap.ts';
import { makeLine, makeOrder } from '../../../../../tests/factories/order.ts';
import { record } from '../../live/index.ts';
import { inOrganization } from '../../platform/db.ts';
import { Unavailable } from '../../platform/errors.ts';
import { olapStore } from '../../platform/olap.ts';
import { asSystem } from '../../platform/system.ts';
import {
	catchUp,
	customerSegments,
	dashboard,
	pruneOutbox,
	rebuildCommand,
	startProjection
} from '../index.ts';
import { rebuildOrganization } from './rebuild.ts';
import { readApplied } from './state.ts';
import { dropOldGenerations, sweepBuilds } from './sweep.ts';
import { lost, repairStore } from './verify.ts';

const october = { range: { from: '2026-10-01', to: '2026-10-31' } };
const november = { range: { from: '2026-11-01', to: '2026-11-30' } };
const at = (minute: number) => `2026-11-20T12:${String(minute).padStart(2, '0')}:00Z`;
const count = async (table: string, where: string) => {
	const { reader, database } = olapStore();
	const rows = await (
		await reader().query({
			query: `select toString(count()) as n from ${database}.${table} where ${where}`,
			format: 'JSONEachRow'
		})
	).json<{ n: string }>();
	return Number(rows[0]!.n);
};

/** What a changed setting of an organization tells. */
const settingsChanged = (organizationId: string) => ({
	kind: 'rates' as const,
	organizationId,
	subjectId: null,
	dimensions: { channel: null, categories: [], locations: [], country: null }
});

test('a late refund is booked on its own day and leaves the day of the order alone', async () => {
	const shop = await makeAnalyticsShop();
	await shop.save([makeOrder({ placedAt: '2026-10-05T10:00:00Z' })]);
	await shop.project();
	await shop.save([
		makeOrder({
			placedAt: '2026-10-05T10:00:00Z',
			updatedAt: at(1),
			refunds: [
				{
					externalId: 'r',
					refundedAt: '2026-11-18T09:00:00Z',
					lines: [{ externalId: 'x', kind: 'item', lineExternalId: 'line-1', quantity: 1, amount: '4' }]
				}
			]
		})
	]);
	await shop.project();
	expect((await shop.view(october)).totals).toMatchObject({ gross: '10', refunds: '0', orders: 1 });
	expect((await shop.view(november)).totals).toMatchObject({
		gross: '0',
		refunds: '4',
		net: '-4',
		orders: 0,
		averageOrder: null
	});
});

test('an order that moves to another day leaves nothing behind', async () => {
	const shop = await makeAnalyticsShop();
	await shop.save([makeOrder({ placedAt: '2026-10-05T10:00:00Z' })]);
	await shop.project();
	await shop.save([makeOrder({ placedAt: '2026-11-05T10:00:00Z', updatedAt: at(1) })]);
	await shop.project();
	expect((await shop.view(october)).totals).toMatchObject({ gross: '0', orders: 0, units: 0 });
	expect((await shop.view(october)).products).toEqual([]);
	expect((await shop.view(november)).totals).toMatchObject({ gross: '10', orders: 1 });
	await shop.save([
		makeOrder({
			placedAt: '2026-11-05T10:00:00Z',
			updatedAt: at(2),
			cancelledAt: at(2),
			financialStatus: 'VOIDED',
			status: 'cancelled'
		})
	]);
	await shop.project();
	expect((await shop.view(november)).totals).toMatchObject({ gross: '0', orders: 0, units: 0 });
});

test('a changed category moves past sales, another change of the product reads no order again', async () => {
	const shop = await makeAnalyticsShop();
	await shop.save([makeOrder({ lines: [makeLine({ category: 'Mugs' })] })]);
	await shop.project();
	const change = (set: string) =>
		record(shop.organization.id, async (tx) => {
			const [product] = await tx.sql.unsafe(
				`update products set ${set} where organization_id = '${shop.organization.id}' returning id`
			);
			const dimensions = { channel: null, categories: [], locations: [], country: null };
			return {
				result: null,
				events: [
					{
						kind: 'product' as const,
						organizationId: shop.organization.id,
						subjectId: product!.id,
						productId: product!.id,
						dimensions
					}
				]
			};
		});
	await change(`category = 'Cups'`);
	await shop.project();
	expect((await shop.view({ categories: ['Mugs'] })).totals).toMatchObject({ gross: '0', orders: 0 });
	expect((await shop.view({ categories: ['Cups'] })).totals).toMatchObject({ gross: '10', orders: 1 });
	const facts = await count('sales_facts', `organization_id = '${shop.organization.id}'`);
	await change(`title = 'Another mug'`);
	await shop.project();
	expect(await count('sales_facts', `organization_id = '${shop.organization.id}'`)).toBe(facts);
	expect((await shop.view()).products[0]!.title).toBe('Another mug');
});

test('an order that holds two of the categories counts once', async () => {
	const shop = await makeAnalyticsShop();
	await shop.save([
		makeOrder({
			lines: [
				makeLine({ category: 'Mugs' }),
				makeLine({ externalId: 'l2', sku: 'HAT', title: 'Hat', category: 'Hats' }),
				makeLine({ externalId: 'l3', sku: 'BAG', title: 'Bag', category: 'Bags' })
			]
		})
	]);
	await shop.project();
	expect((await shop.view({ categories: ['Mugs', 'Hats'] })).totals).toMatchObject({
		gross: '20',
		orders: 1,
		units: 2
	});
	expect(
		(await shop.view({ categories: ['Mugs', 'Hats'], range: 'today', by: 'hour' })).totals
	).toMatchObject({ gross: '20', orders: 1, units: 2 });
});

test('no organization sees another, a scoped manager sees the scope', async () => {
	const [one, two] = [await makeAnalyticsShop(), await makeAnalyticsShop()];
	await one.save([makeOrder({ lines: [makeLine({ category: 'Mugs' })] })]);
	await one.save(
		[makeOrder({ externalId: 'a', lines: [makeLine({ category: 'Hats', sku: 'HAT', gross: '7' })] })],
		'amazon'
	);
	await two.save(
		[
			makeOrder({
				address: { country: 'NO' },
				lines: [makeLine({ sku: 'SECRET', category: 'Secrets', gross: '99' })]
			})
		],
		'walmart'
	);
	await catchUp();
	for (const range of ['today', 'last-30-days'] as const) {
		const seen = await one.view({ range, by: range === 'today' ? 'hour' : 'day' });
		expect(JSON.stringify(seen)).not.toMatch(/SECRET|Secrets|"NO"|"99/);
		expect(seen.totals.gross).toBe('17');
		const scoped = await one.view({ range }, { role: 'manager', scope: { channels: ['amazon'] } });
		expect(JSON.stringify(scoped)).not.toMatch(/shopify|MUG/);
		expect(scoped).toMatchObject({
			totals: { gross: '7', orders: 1 },
			options: { channels: ['amazon'], categories: ['Hats'] }
		});
		expect(
			(await one.view({ range }, { role: 'manager', scope: { categories: ['Mugs'] } })).totals
		).toMatchObject({ gross: '10', orders: 1 });
		expect(
			(await one.view({ range, channels: ['shopify'] }, { role: 'manager', scope: { channels: ['amazon'] } }))
				.totals
		).toMatchObject({ gross: '0', orders: 0 });
	}
});

test('readers of a position see that position while newer builds are written, and a rebuild changes no figure', async () => {
	const shop = await makeAnalyticsShop();
	await shop.save([makeOrder()]);
	await shop.project();
	const before = await shop.view();
	await rebuildOrganization(shop.organization.id);
	const after = await shop.view();
	expect({ ...after, asOf: '' }).toEqual({ ...before, asOf: '' });
	const state = (await readApplied([shop.organization.id])).get(shop.organization.id)!;
	expect(state.generation).toBe(2);
	await dropOldGenerations(state);
	expect(await count('sales_facts', `organization_id = '${shop.organization.id}' and generation = 1`)).toBe(
		0
	);
	await shop.save([makeOrder({ externalId: 'o2' })]);
	await shop.project();
	expect((await shop.view()).totals).toMatchObject({ orders: 2, gross: '20' });
	expect(await rebuildCommand({ organization: shop.organization.slug }, () => {})).toMatchObject({
		organizations: [{ slug: shop.organization.slug, orders: 2 }]
	});
	await expect(rebuildCommand({ organization: 'nobody' }, () => {})).rejects.toThrow(/no organization/);
});

test('superseded builds are dropped without changing a figure', async () => {
	const shop = await makeAnalyticsShop();
	for (let n = 0; n < 4; n++) {
		await shop.save([makeOrder({ externalId: `o${n}` })]);
		await shop.project();
	}
	const { ingest, database } = olapStore();
	await ingest.command({
		query: `alter table ${database}.cells update built_at = built_at - 1000 where organization_id = '${shop.organization.id}' settings mutations_sync = 1`
	});
	await sweepBuilds(1);
	expect(await count('cells', `organization_id = '${shop.organization.id}'`)).toBe(1);
	expect((await shop.view()).totals).toMatchObject({ orders: 4, gross: '40' });
});

test('another time zone moves orders to other days', async () => {
	const shop = await makeAnalyticsShop({ timeZone: 'UTC' });
	await shop.save([makeOrder({ placedAt: '2026-11-01T02:00:00Z' })]);
	await shop.project();
	expect((await shop.view(november)).totals.orders).toBe(1);
	await record(shop.organization.id, async (tx) => {
		await tx.sql`update organizations set time_zone = 'America/New_York' where id = ${shop.organization.id}`;
		return { result: null, events: [settingsChanged(shop.organization.id)] };
	});
	await shop.project();
	const seen = await shop.view(october);
	expect(seen).toMatchObject({ totals: { orders: 1 }, period: { timeZone: 'America/New_York' } });
});

test('another currency makes the sums anew; until then days are told by its rates, and what stands added up is not', async () => {
	const shop = await makeAnalyticsShop({ currency: 'USD' });
	await shop.save([makeOrder({ placedAt: '2026-11-02T12:00:00Z', currency: 'USD' })]);
	await shop.project();
	const net = (await shop.view(november)).totals.net;
	expect(net).not.toBe('0');
	await record(shop.organization.id, async (tx) => {
		await tx.sql`update organizations set currency = 'EUR' where id = ${shop.organization.id}`;
		await tx.sql`insert into exchange_rates (organization_id, currency, base, day, rate) values (${shop.organization.id}, 'USD', 'EUR', '2026-11-01', 2)`;
		return { result: null, events: [settingsChanged(shop.organization.id)] };
	});
	const ctx = shop.ctx();
	const inEuro = { ...ctx, organization: { ...ctx.organization, currency: 'EUR' } };
	const view = () => dashboard(inEuro, filtersSchema.parse(november), new Date('2026-11-20T18:30:00Z'));
	const told = async () => {
		const seen = await view();
		expect(seen).toMatchObject({ currency: 'EUR', unconverted: [] });
		expect(Number(seen.totals.net)).toBe(2 * Number(net));
	};
	await told();
	await expect(customerSegments(inEuro)).rejects.toThrow(Unavailable);
	await shop.project();
	await told();
	await customerSegments(inEuro);
});

test('while ClickHouse is filled anew from orders that were there before, no zeros are told', async () => {
	const shop = await makeAnalyticsShop();
	await shop.save([makeOrder({ placedAt: '2026-11-02T12:00:00Z' })]);
	expect((await shop.view(november)).totals.orders).toBe(0); // it came a moment ago
	await inOrganization(
		shop.organization.id,
		({ sql }) =>
			sql`update orders set created_at = now() - interval '1 hour' where organization_id = ${shop.organization.id}`
	);
	await expect(shop.view(november)).rejects.toThrow(Unavailable);
	await shop.project();
	expect((await shop.view(november)).totals.orders).toBe(1);
});

test('applied events are pruned after a week; events that ClickHouse still needs are rebuilt from the orders', async () => {
	const shop = await makeAnalyticsShop();
	await shop.save([makeOrder()]);
	await shop.project();
	await shop.save([makeOrder({ externalId: 'o2' })]);
	expect(await pruneOutbox()).toBe(0);
	await asSystem(
		'outbox: read for the hub and the projection',
		({ sql }) =>
			sql`update outbox set at = at - interval '8 days' where organization_id = ${shop.organization.id}`
	);
	expect(await pruneOutbox()).toBe(1);
	await asSystem(
		'outbox: read for the hub and the projection',
		({ sql }) => sql`delete from outbox where organization_id = ${shop.organization.id}`
	);
	await shop.save([makeOrder({ externalId: 'o3' })]);
	await shop.project();
	expect(await shop.view()).toMatchObject({ position: 3, totals: { orders: 3, gross: '30' } });
});

test('lost and damaged facts are found and made again', async () => {
	const shop = await makeAnalyticsShop();
	await shop.save([makeOrder(), makeOrder({ externalId: 'o2', placedAt: '2026-10-05T10:00:00Z' })]);
	await shop.project();
	expect(await lost()).not.toContain(shop.organization.id);
	const { ingest, database } = olapStore();
	for (const table of ['sales_facts', 'daily_sales_summary', 'order_days', 'applied']) {
		await ingest.command({
			query: `alter table ${database}.${table} delete where organization_id = '${shop.organization.id}' settings mutations_sync = 1`
		});
		if (table === 'applied') await shop.project();
		else expect(await lost()).toContain(shop.organization.id);
		await rebuildOrganization(shop.organization.id);
		expect(await lost()).not.toContain(shop.organization.id);
		expect((await shop.view({ range: 'year-to-date' })).totals).toMatchObject({ orders: 2, gross: '20' });
	}
	await ingest.command({ query: `drop table ${database}.sales_facts sync` });
	await repairStore();
	await catchUp();
	expect((await shop.view({ range: 'year-to-date' })).totals).toMatchObject({ orders: 2, gross: '20' });
});

test('a commit is visible to questions at once while the projection runs', async () => {
	const shop = await makeAnalyticsShop();
	const projection = startProjection();
	try {
		await vi.waitFor(async () => expect((await readApplied()).size).toBeGreaterThan(0), 10_000);
		await shop.save([makeOrder()]);
		await vi.waitFor(async () => expect((await shop.view()).totals.orders).toBe(1), {
			timeout: 4000,
			interval: 20
		});
		await sleep(10);
	} finally {
		await projection.stop();
	}
	const [row] = await inOrganization(
		shop.organization.id,
		({ sql }) => sql`select count(*) as n from outbox`
	);
	expect(row!.n).toBe(1);
});
