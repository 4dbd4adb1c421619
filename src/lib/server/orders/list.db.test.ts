import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { makeConnection } from '../../../../tests/factories/connection.ts';
import { makeLine, makeOrder } from '../../../../tests/factories/order.ts';
import { makeOrganization } from '../../../../tests/factories/organization.ts';
import type { Channel } from '#lib/contracts/channels.ts';
import type { OrderQuery } from '#lib/contracts/orders.ts';
import { record } from '../live/index.ts';
import { inOrganization } from '../platform/db.ts';
import {
	countOrders,
	exportOrders,
	getOrder,
	getPayload,
	listOrders,
	recordOrders,
	type ChannelOrder
} from './index.ts';

async function shop(timeZone = 'UTC') {
	const { organization, ctx } = await makeOrganization({ timeZone });
	const connections = new Map<Channel, string>();
	const save = async (orders: ChannelOrder[], channel: Channel = 'shopify') => {
		if (!connections.has(channel))
			connections.set(channel, await makeConnection(organization.id, { channel }));
		const { outcomes } = await record(organization.id, async (tx) => {
			const result = await recordOrders(
				tx,
				orders.map((order) => ({
					organizationId: organization.id,
					connectionId: connections.get(channel)!,
					channel,
					timeZone,
					order
				}))
			);
			return { result, events: result.events };
		});
		return outcomes.map(({ orderId }) => orderId);
	};
	return {
		ctx,
		save,
		organization,
		names: async (query: OrderQuery = {}) =>
			(await listOrders(ctx(), query)).orders.map((order) => order.name)
	};
}

async function collect(pieces: AsyncIterable<string>): Promise<string[]> {
	const all: string[] = [];
	for await (const piece of pieces) all.push(piece);
	return all;
}

const minute = (n: number) => new Date(Date.UTC(2026, 10, 1, 0, n)).toISOString();
const many = (count: number) =>
	Array.from({ length: count }, (_, n) =>
		makeOrder({
			externalId: `o${n}`,
			name: `#${1000 + n}`,
			placedAt: minute(Math.floor(n / 3)),
			total: n % 7 === 0 ? null : String(n % 5)
		})
	);

test.each([
	['placed', 'desc'],
	['placed', 'asc'],
	['total', 'desc'],
	['total', 'asc']
] as const)('pages by %s %s meet each order once, forth and back', async (sort, direction) => {
	const { save, ctx } = await shop();
	await save(many(50));
	const query = { sort, direction, limit: 7 };
	const forth: string[][] = [];
	let cursor: string | undefined;
	let page = await listOrders(ctx(), query);
	expect(page.previous).toBeNull();
	for (;;) {
		forth.push(page.orders.map(({ id }) => id));
		if (!page.next) break;
		page = await listOrders(ctx(), { ...query, cursor: page.next });
	}
	expect(new Set(forth.flat()).size).toBe(50);
	expect(forth.flat()).toHaveLength(50);
	const back = [page.orders.map(({ id }) => id)];
	while ((cursor = page.previous ?? undefined)) {
		page = await listOrders(ctx(), { ...query, cursor });
		back.unshift(page.orders.map(({ id }) => id));
	}
	expect(back).toEqual(forth);
});

test('filters are local days, channels, states, kinds and countries', async () => {
	const { save, names, ctx } = await shop('America/New_York');
	await save([
		makeOrder({
			externalId: '1',
			name: 'late',
			placedAt: '2026-11-20T04:59:59Z',
			address: { country: 'US' }
		}),
		makeOrder({
			externalId: '2',
			name: 'early',
			placedAt: '2026-11-20T05:00:00Z',
			status: 'shipped',
			address: { country: 'CA' }
		}),
		makeOrder({
			externalId: '5',
			name: 'worded',
			placedAt: '2026-11-19T05:00:00Z',
			address: { countryName: 'Unspecified' }
		}),
		makeOrder({ externalId: '3', name: 'trial', isTest: true, placedAt: '2026-11-21T05:00:00Z' })
	]);
	await save([makeOrder({ externalId: '4', name: 'amazon', placedAt: '2026-11-22T05:00:00Z' })], 'amazon');
	expect(await names({ from: '2026-11-20', to: '2026-11-20' })).toEqual(['early']);
	expect(await names({ to: '2026-11-19' })).toEqual(['late', 'worded']);
	expect(await names({ countries: ['Unspecified'] })).toEqual(['worded']);
	expect(await names({ channels: ['amazon'] })).toEqual(['amazon']);
	expect(await names({ statuses: ['shipped'] })).toEqual(['early']);
	expect(await names({ kinds: ['test'] })).toEqual(['trial']);
	expect(await names({ countries: ['US', ''] })).toEqual(['amazon', 'trial', 'late']);
	expect(await countOrders(ctx(), { to: '2026-11-20' })).toEqual({
		count: 3,
		capped: false,
		net: [{ currency: 'USD', amount: '30' }]
	});
});

test('search finds numbers, customers and products by their beginnings', async () => {
	const { save, names, ctx } = await shop();
	await save([
		makeOrder({
			externalId: '1',
			name: '#1001',
			customer: { externalId: 'c', name: 'Maria López', email: 'ml@shop.test' },
			lines: [makeLine({ sku: 'OWL-1', title: 'Barn owl 100%_' })]
		}),
		makeOrder({
			externalId: '2',
			name: '#2002',
			placedAt: minute(1),
			lines: [makeLine({ sku: 'CAT-1', title: 'House cat' })]
		})
	]);
	for (const search of ['1001', '#10', 'maria', 'LÓP', 'ml@shop', 'owl', 'OWL-1', 'barn o', '100%_'])
		expect([search, await names({ search })]).toEqual([search, ['#1001']]);
	for (const search of ['001', 'opez', '%', "'; drop table orders; --", '\0', '%_'])
		expect([search, (await names({ search })).includes('#2002')]).toEqual([search, false]);
	expect((await listOrders(ctx('manager'), { search: 'maria' })).orders).toEqual([]);
	expect(await countOrders(ctx(), { search: 'owl' })).toMatchObject({ count: 1 });
});

test('hostile queries are refused with words', async () => {
	const { ctx } = await shop();
	for (const query of [
		{ cursor: 'x' },
		{ cursor: Buffer.from('["2026-01-01","1",false]').toString('base64url') },
		{ limit: 10_000 },
		{ from: '2026-02-31x' },
		{ sort: 'name' },
		{ evil: 1 }
	]) {
		await expect(listOrders(ctx(), query as OrderQuery)).rejects.toMatchObject({ status: 400 });
	}
	await expect(getOrder(ctx(), "' or 1=1")).rejects.toMatchObject({ status: 404 });
});

test('an order is shown whole, with its neighbours; another organization sees none of it', async () => {
	const { save, ctx } = await shop();
	const [older, id, newer] = await save([
		makeOrder({ externalId: '1', placedAt: minute(1) }),
		makeOrder({
			externalId: '2',
			placedAt: minute(2),
			cancelledAt: minute(90),
			customer: { externalId: 'c', name: 'Maria', email: 'm@shop.test' },
			events: [{ kind: 'paid', at: minute(3) }],
			refunds: [
				{
					externalId: 'r',
					refundedAt: minute(80),
					total: '10',
					lines: [
						{
							externalId: 'a',
							kind: 'item',
							lineExternalId: 'line-1',
							quantity: 1,
							amount: '9',
							tax: '1',
							restocked: true
						}
					]
				}
			]
		}),
		makeOrder({ externalId: '3', placedAt: minute(3) })
	]);
	expect(await getOrder(ctx(), id!)).toMatchObject({
		older,
		newer,
		kind: 'sale',
		net: '1',
		refunded: '9',
		partial: false,
		customer: { name: 'Maria', orders: 1 },
		lines: [{ sku: 'MUG', quantity: 1, gross: '10', unitPrice: '10' }],
		refunds: [{ total: '10', lines: [{ sku: 'MUG', amount: '9', tax: '1', restocked: true }] }],
		mayReadPayload: true,
		timeline: [
			{ kind: 'placed' },
			{ kind: 'paid', source: 'poll' },
			{ kind: 'refunded' },
			{ kind: 'cancelled' }
		]
	});
	expect(JSON.parse((await getPayload(ctx(), id!))!.payload)).toMatchObject({ externalId: '2' });
	await expect(getPayload(ctx('viewer'), id!)).rejects.toMatchObject({ status: 403 });
	expect((await getOrder(ctx('manager'), id!)).customer).toBeNull();
	const stranger = await shop();
	await expect(getOrder(stranger.ctx(), id!)).rejects.toMatchObject({ status: 404 });
	await expect(getPayload(stranger.ctx(), id!)).rejects.toMatchObject({ status: 404 });
	expect(await stranger.names()).toEqual([]);
});

test('a manager of a category sees its lines, and sums of these', async () => {
	const { save, ctx } = await shop();
	const [mixed, other] = await save([
		makeOrder({
			externalId: '1',
			total: '47',
			tax: '3',
			lines: [
				makeLine({ externalId: 'a', category: 'Mugs', gross: '10', discount: '1', tax: '0.5' }),
				makeLine({ externalId: 'b', sku: 'OWL', title: 'Owl', category: 'Birds', gross: '30' })
			],
			refunds: [
				{
					externalId: 'r',
					refundedAt: minute(9),
					total: '34',
					lines: [
						{ externalId: 'x', kind: 'item', lineExternalId: 'b', amount: '30' },
						{ externalId: 'y', kind: 'shipping', amount: '4' }
					]
				}
			]
		}),
		makeOrder({ externalId: '2', lines: [makeLine({ sku: 'OWL', title: 'Owl', category: 'Birds' })] })
	]);
	const manager = ctx('manager', { categories: ['Mugs'] });
	expect((await listOrders(manager)).orders).toMatchObject([
		{ id: mixed, summary: 'Mug', units: 1, lineCount: 1, total: '9.5', net: '9' }
	]);
	expect(await countOrders(manager)).toMatchObject({ count: 1, net: [{ amount: '9' }] });
	expect(await getOrder(manager, mixed!)).toMatchObject({
		partial: true,
		gross: '10',
		discounts: '1',
		net: '9',
		shipping: null,
		refunds: [],
		lines: [{ sku: 'MUG' }],
		older: null,
		newer: null
	});
	await expect(getOrder(manager, other!)).rejects.toMatchObject({ status: 404 });
	const csv = (await collect(await exportOrders(manager))).join('');
	expect(csv).not.toContain('Owl');
	expect((await listOrders(ctx('manager', { channels: ['amazon'] }))).orders).toEqual([]);
	expect((await listOrders(ctx('manager', { locations: ['x'] }))).orders).toEqual([]);
});

test('the export is valid CSV, safe in a spreadsheet and audited', async () => {
	const { save, ctx, organization } = await shop();
	const formulas = ['=1+1', '+1', '-1', '@sum', '\t=1', '\r=1', ' =1'];
	await save([
		...formulas.map((evil, n) =>
			makeOrder({
				externalId: `f${n}`,
				name: evil,
				placedAt: minute(n),
				customer: { externalId: `c${n}`, name: evil, email: evil },
				lines: [makeLine({ title: evil })]
			})
		),
		makeOrder({
			externalId: 'q',
			name: '#q',
			placedAt: minute(50),
			address: { city: 'Say "hi",\r\nthere' },
			financialStatus: 'REFUNDED',
			refunds: [
				{
					externalId: 'r',
					refundedAt: minute(60),
					lines: [{ externalId: 'a', kind: 'item', amount: '12.5' }]
				}
			]
		})
	]);
	const text = (await collect(await exportOrders(ctx(), {}))).join('');
	const rows = parse(text, { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];
	expect(rows).toHaveLength(8);
	for (const row of rows.slice(0, 7))
		for (const column of ['order', 'customer', 'email', 'items']) expect(row[column]).toMatch(/^'/);
	expect(rows[7]).toMatchObject({ city: 'Say "hi",\r\nthere', net: '-2.5', gross: '10', day: '2026-11-01' });
	expect(
		await inOrganization(organization.id, ({ sql }) => sql`select action, data from audit_log`)
	).toMatchObject([{ action: 'orders.exported' }]);
	await expect(exportOrders(ctx('viewer'))).rejects.toMatchObject({ status: 403 });
	const withoutPeople = parse((await collect(await exportOrders(ctx('manager')))).join(''), {
		columns: true,
		record_delimiter: '\r\n'
	}) as Record<string, string>[];
	expect(withoutPeople.map((row) => [row.customer, row.email])).toEqual(rows.map(() => ['', '']));
});

test('an export longer than a piece is whole', async () => {
	const { save, ctx } = await shop();
	for (let from = 0; from < 4_500; from += 900)
		await save(
			Array.from({ length: 900 }, (_, n) =>
				makeOrder({ externalId: `o${from + n}`, placedAt: minute(Math.floor((from + n) / 100)) })
			)
		);
	const pieces = await collect(await exportOrders(ctx()));
	expect(pieces).toHaveLength(4);
	expect(pieces.join('').trimEnd().split('\r\n')).toHaveLength(4_501);
});
