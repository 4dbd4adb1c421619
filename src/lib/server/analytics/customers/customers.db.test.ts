import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Channel } from '#lib/contracts/channels.ts';
import { makeConnection } from '../../../../../tests/factories/connection.ts';
import { makeOrder } from '../../../../../tests/factories/order.ts';
import { makeOrganization, type TestOrganization } from '../../../../../tests/factories/organization.ts';
import { eraseCustomers, upsertCustomers, type MovedCustomer } from '../../customers/index.ts';
import { record } from '../../live/index.ts';
import { buyersChanged, recordOrders } from '../../orders/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization } from '../../platform/db.ts';
import { olapStore } from '../../platform/olap.ts';
import {
	catchUp,
	customerSegments,
	customersOverview,
	getCustomer,
	listCustomers,
	setAdSpend,
	setRate
} from '../index.ts';
import { die } from '../killed-round.fixture.ts';
import { rebuildOrganization } from '../projection/rebuild.ts';
import { readApplied } from '../projection/state.ts';
import { dropReplacedRates, settleRates, takeOutdated } from '../projection/worth.ts';
import { askAbout } from './asked.ts';
import { compareCustomers } from './recomputed.fixture.ts';

const NOW = new Date('2026-11-20T18:00:00Z');
const MOMENTS = [
	'2026-03-08T05:30:00Z',
	'2026-03-31T23:30:00Z',
	'2026-04-01T03:59:59Z',
	'2026-06-10T12:00:00Z',
	'2026-06-10T12:00:00Z',
	'2026-08-01T03:00:00Z',
	'2026-10-31T23:10:00Z',
	'2026-11-01T05:30:00Z',
	'2026-11-19T23:59:00Z'
];
const EMAILS = ['ann@shop.test', ' Ann@Shop.test', 'bob@shop.test', 'x1@relay.walmart.com', null];

const moment = fc.constantFrom(...MOMENTS);
const money = fc.integer({ min: 0, max: 99_999 }).map((cents) => (cents / 100).toFixed(2));
const step = fc.oneof(
	{
		weight: 10,
		arbitrary: fc.record({
			do: fc.constant('order' as const),
			connection: fc.integer({ min: 0, max: 2 }),
			order: fc.integer({ min: 0, max: 6 }),
			minute: fc.integer({ min: 0, max: 20 }),
			placedAt: moment,
			gross: fc.option(money, { freq: 8 }),
			cancelled: fc.constantFrom(null, null, null, 'VOIDED'),
			customer: fc.option(fc.integer({ min: 0, max: 3 }), { freq: 5 }),
			email: fc.constantFrom(...EMAILS),
			refund: fc.option(fc.record({ at: moment, amount: money }), { freq: 3 })
		})
	},
	{
		weight: 2,
		arbitrary: fc.record({
			do: fc.constant('email' as const),
			connection: fc.integer({ min: 0, max: 2 }),
			customer: fc.integer({ min: 0, max: 3 }),
			email: fc.constantFrom(...EMAILS)
		})
	},
	{
		weight: 1,
		arbitrary: fc.record({
			do: fc.constant('erase' as const),
			connection: fc.integer({ min: 0, max: 2 }),
			customer: fc.integer({ min: 0, max: 3 })
		})
	},
	{ weight: 2, arbitrary: fc.record({ do: fc.constant('project' as const) }) },
	{
		weight: 2,
		arbitrary: fc.record({ do: fc.constant('die' as const), writes: fc.integer({ min: 0, max: 18 }) })
	}
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Shop extends TestOrganization {
	connections: { id: string; channel: Channel; currency: string }[];
}

async function makeShop(timeZone = 'America/New_York'): Promise<Shop> {
	const made = await makeOrganization({ timeZone, currency: 'USD' });
	const connections = [];
	for (const [channel, currency] of [
		['amazon', 'USD'],
		['shopify', 'USD'],
		['walmart', 'GBP']
	] as const)
		connections.push({
			id: await makeConnection(made.organization.id, { channel, currency }),
			channel,
			currency
		});
	await inOrganization(
		made.organization.id,
		({ sql }) => sql`insert into exchange_rates (organization_id, currency, base, day, rate)
		values (${made.organization.id}, 'GBP', 'USD', '2026-04-01', '1.3333333333'), (${made.organization.id}, 'GBP', 'USD', '2026-10-31', '0.7654321')`
	);
	return { ...made, connections };
}

async function act(shop: Shop, one: Step): Promise<void> {
	const organizationId = shop.organization.id;
	if (one.do === 'project') return catchUp([organizationId]);
	if (one.do === 'die') return die([shop], one.writes);
	const connection = shop.connections[one.connection]!;
	if (one.do === 'order') {
		const updatedAt = new Date(Date.UTC(2026, 10, 20, 12, one.minute)).toISOString();
		const externalId =
			one.customer === null ? null : one.email?.includes('relay') ? `${one.email}` : `c${one.customer}`;
		const order = makeOrder({
			externalId: `o${one.order}`,
			placedAt: one.placedAt,
			updatedAt,
			currency: connection.currency,
			priceKnown: one.gross !== null,
			financialStatus: one.cancelled ?? 'PAID',
			cancelledAt: one.cancelled ? updatedAt : null,
			customer: externalId === null ? null : { externalId, email: one.email },
			lines: [
				{
					externalId: 'l0',
					position: 0,
					sku: 'MUG',
					title: 'MUG',
					quantity: 1,
					unitPrice: one.gross,
					gross: one.gross
				}
			],
			refunds: one.refund
				? [
						{
							externalId: 'r0',
							refundedAt: one.refund.at,
							total: one.refund.amount,
							lines: [
								{
									externalId: 'x0',
									kind: 'item',
									lineExternalId: 'l0',
									quantity: 1,
									amount: one.refund.amount
								}
							]
						}
					]
				: []
		});
		await record(organizationId, async (tx) => {
			const { events } = await recordOrders(tx, [
				{
					organizationId,
					connectionId: connection.id,
					channel: connection.channel,
					timeZone: shop.organization.timeZone,
					order
				}
			]);
			return { result: undefined, events };
		});
		return;
	}
	await record(organizationId, async (tx) => {
		const place = { organizationId, connectionId: connection.id };
		const moved: MovedCustomer[] = [];
		if (one.do === 'erase')
			for (const customerId of await eraseCustomers(tx, place, [`c${one.customer}`]))
				moved.push({ organizationId, customerId });
		else
			await upsertCustomers(
				tx,
				[
					{
						...place,
						externalId: `c${one.customer}`,
						name: null,
						email: one.email,
						country: null,
						updatedAt: new Date().toISOString()
					}
				],
				{ moved }
			);
		return { result: undefined, events: await buyersChanged(tx, moved) };
	});
}

test('after any orders, refunds, new addresses, erasures and kills, every figure about customers equals PostgreSQL', async () => {
	let run = 0;
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 30 }), async (steps) => {
			run++;
			const shop = await makeShop(run % 2 === 0 ? 'Europe/Berlin' : 'America/New_York');
			for (const one of steps) await act(shop, one);
			await catchUp([shop.organization.id]);
			await compareCustomers(shop.ctx('owner'), NOW, `run ${run}`);
			if (run % 4 === 0) {
				await rebuildOrganization(shop.organization.id);
				await compareCustomers(shop.ctx('owner'), NOW, `run ${run} rebuilt`);
			}
		}),
		{ numRuns: Number(process.env.PANEL_RUNS ?? 12), endOnFailure: true }
	);
}, 240_000);

const order = (given: Partial<Extract<Step, { do: 'order' }>>): Step => ({
	do: 'order',
	connection: 1,
	order: 0,
	minute: 0,
	placedAt: MOMENTS[3]!,
	gross: '10.00',
	cancelled: null,
	customer: 0,
	email: EMAILS[0]!,
	refund: null,
	...given
});

test('one address on two channels is one customer; erased on one, they are two again', async () => {
	const shop = await makeShop('UTC');
	const ctx = shop.ctx('owner');
	await act(shop, order({ order: 1, connection: 1, placedAt: MOMENTS[0]! }));
	await act(shop, order({ order: 2, connection: 0, email: EMAILS[1]! }));
	await act(shop, { do: 'project' });
	const joined = await listCustomers(ctx, { search: 'ann@' }, NOW);
	expect(joined.customers).toMatchObject([{ orders: 2, net: '20', channels: ['amazon', 'shopify'] }]);
	const page = await getCustomer(ctx, joined.customers[0]!.id, NOW);
	expect(page.records.map(({ channel }) => channel).sort()).toEqual(['amazon', 'shopify']);
	expect(page.figures).toMatchObject({ orders: 2, secondAfterDays: 94 });
	expect(page.timeline.map(({ kind }) => kind)).toEqual(['order', 'first_order']);
	await act(shop, { do: 'erase', connection: 1, customer: 0 });
	await act(shop, { do: 'project' });
	const parted = await listCustomers(ctx, {}, NOW);
	expect(
		parted.customers.map(({ orders, email }) => ({ orders, email: email?.trim().toLowerCase() ?? null }))
	).toEqual(
		expect.arrayContaining([
			{ orders: 1, email: null },
			{ orders: 1, email: 'ann@shop.test' }
		])
	);
});

test('a buyer that the channel does not name is in no figure but the count of them', async () => {
	const shop = await makeShop('UTC');
	await act(shop, order({ order: 1, connection: 0, customer: null }));
	await act(shop, order({ order: 2, connection: 2, email: EMAILS[3]! }));
	await act(shop, order({ order: 3, connection: 1 }));
	await act(shop, { do: 'project' });
	const view = await customersOverview(shop.ctx('owner'), { range: 'last-12-months' }, NOW);
	expect(view.customers).toBe(1);
	expect(view.unidentified).toEqual({
		orders: 3,
		unidentified: 2,
		byChannel: [
			{ channel: 'shopify', orders: 1, unidentified: 0 },
			{ channel: 'amazon', orders: 1, unidentified: 1 },
			{ channel: 'walmart', orders: 1, unidentified: 1 }
		].sort(
			(a, b) =>
				['amazon', 'shopify', 'walmart'].indexOf(a.channel) -
				['amazon', 'shopify', 'walmart'].indexOf(b.channel)
		)
	});
});

test('CAC is the ad spend of the range over its new customers; what cannot be known is null', async () => {
	const shop = await makeShop('UTC');
	const ctx = shop.ctx('owner');
	await act(shop, order({ order: 1, customer: 0, email: 'ann@shop.test' }));
	await act(shop, order({ order: 2, customer: 1, email: 'bob@shop.test' }));
	await act(shop, { do: 'project' });
	const range = { from: '2026-06-01', to: '2026-06-30' };
	expect((await customersOverview(ctx, { range }, NOW)).spend).toEqual({
		total: null,
		cac: null,
		ltvToCac: null
	});
	await setAdSpend(ctx, {
		day: '2026-05-31',
		through: '2026-06-01',
		channel: 'shopify',
		amount: '50',
		currency: 'USD'
	});
	await setAdSpend(ctx, {
		day: '2026-06-02',
		channel: 'shopify',
		platform: 'Meta',
		amount: '10',
		currency: 'GBP'
	});
	await setAdSpend(ctx, { day: '2026-06-02', channel: 'amazon', amount: '7', currency: 'USD' });
	const view = await customersOverview(ctx, { range }, NOW);
	expect(view.channels).toMatchObject([
		{ channel: 'amazon', spend: '7', cac: null, newCustomers: 0 },
		{
			channel: 'shopify',
			spend: '38.3333',
			cac: '19.1667',
			newCustomers: 2,
			projectedLtv: null,
			ltvToCac: null
		}
	]);
	expect(view.spend).toMatchObject({ total: '45.3333', cac: '19.1667' });
});

test('members with limits, and managers, see nothing of customers', async () => {
	const shop = await makeShop('UTC');
	await expect(customersOverview(shop.ctx('manager'), {}, NOW)).rejects.toThrow('role');
	await expect(customersOverview(shop.ctx('viewer', { channels: ['shopify'] }), {}, NOW)).rejects.toThrow(
		'limits'
	);
	await expect(getCustomer(shop.ctx('owner'), 'nobody', NOW)).rejects.toThrow('does not exist');
});

test('changed rates are in the next figures: people are made anew for them, and until then added up as they are asked for', async () => {
	const shop = await makeShop('UTC');
	const ctx = shop.ctx('owner');
	const rate = (day: string, value: string) =>
		inOrganization(
			shop.organization.id,
			({ sql }) => sql`insert into exchange_rates (organization_id, currency, base, day, rate)
			values (${shop.organization.id}, 'GBP', 'USD', ${day}, ${value})`
		);
	const spent = async () => {
		const { segments, limits } = await customerSegments(ctx, {}, NOW);
		return { net: segments.reduce((sum, row) => sum + Number(row.net), 0), limits: limits.net };
	};
	for (const [customer, gross] of ['10.00', '20.00', '30.00', '40.00', '50.00'].entries())
		await act(
			shop,
			order({ order: customer, connection: customer < 3 ? 2 : 1, gross, customer, email: null })
		);
	await act(shop, { do: 'project' });
	expect((await asked(ctx)).addedUp).toBe(true);
	expect(await spent()).toEqual({ net: 170, limits: ['13.3333', '26.6667', '40', '40'] });
	// no event tells of this one: what stands added up must not be taken
	await rate('2026-06-01', '0.5');
	expect((await asked(ctx)).addedUp).toBe(false);
	expect(await spent()).toEqual({ net: 120, limits: ['5', '10', '15', '40'] });
	// this one is told, and applied at its position
	await setRate(ctx, { currency: 'GBP', day: '2026-06-02', rate: '2' });
	expect((await asked(ctx)).addedUp).toBe(false);
	expect(await spent()).toEqual({ net: 210, limits: ['20', '40', '40', '50'] });
	await die([shop], 3);
	await act(shop, { do: 'project' });
	expect((await asked(ctx)).addedUp).toBe(true);
	expect(await spent()).toEqual({ net: 210, limits: ['20', '40', '40', '50'] });
	// a rate that no order takes changes nothing
	await rate('2026-11-25', '9');
	expect((await asked(ctx)).addedUp).toBe(true);
	await rebuildOrganization(shop.organization.id);
	expect((await asked(ctx)).addedUp).toBe(true);
	await compareCustomers(ctx, NOW, 'changed rates');
	// more people than a round makes anew are left to a rebuild, and nobody takes their sums until then
	await rate('2026-06-03', '3'); // the orders are of 10 June
	const state = (await readApplied([shop.organization.id])).get(shop.organization.id)!;
	const settled = await settleRates(
		olapStore().ingest,
		{ ...state, position: state.position + 1 },
		state.position,
		[],
		true,
		3
	);
	expect(settled).toMatchObject({ rates: { stands: false }, stale: [] });
	expect(takeOutdated()).toEqual([shop.organization.id]);
	// what is not read any more goes
	const many = Array.from({ length: 30 }, (_, n) => ({
		organization_id: shop.organization.id,
		generation: 99,
		position: n + 1
	}));
	const { ingest, database } = olapStore();
	await ingest.insert({ table: `${database}.worth_rates`, values: many, format: 'JSONEachRow' });
	await dropReplacedRates(ingest, { ...state, generation: 99, position: 28 });
	const left = await ingest.query({
		query: `select position from ${database}.worth_rates where generation = 99 order by position`,
		format: 'JSONEachRow'
	});
	expect((await left.json<{ position: string }>()).map(({ position }) => Number(position))).toEqual(
		many.slice(7).map(({ position }) => position)
	);
});

const asked = (ctx: Ctx) => askAbout(ctx, NOW);
