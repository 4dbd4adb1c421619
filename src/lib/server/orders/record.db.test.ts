import { expect, test } from 'vitest';
import { makeConnection } from '../../../../tests/factories/connection.ts';
import { makeLine, makeOrder } from '../../../../tests/factories/order.ts';
import { makeOrganization } from '../../../../tests/factories/organization.ts';
import { record } from '../live/index.ts';
import { inOrganization } from '../platform/db.ts';
import type { ChannelOrder, OrderEntry, Recorded } from './index.ts';
import { recordOrders } from './index.ts';

async function shop(given: { timeZone?: string } = {}) {
	const { organization, ctx } = await makeOrganization(given);
	const connectionId = await makeConnection(organization.id);
	const entry = (order: ChannelOrder): OrderEntry => ({
		organizationId: organization.id,
		connectionId,
		channel: 'shopify',
		timeZone: organization.timeZone,
		order
	});
	const save = (...orders: ChannelOrder[]) => recorded([organization.id], orders.map(entry));
	const rows = <T extends Record<string, unknown>>(table: string, order = 'id') =>
		inOrganization(
			organization.id,
			({ sql }) =>
				sql<
					T[]
				>`select * from ${sql(table)} where organization_id = ${organization.id} order by ${sql(order)}`
		);
	return { organization, ctx, connectionId, entry, save, rows };
}

function recorded(organizationIds: string[], entries: OrderEntry[]): Promise<Recorded> {
	return record(organizationIds, async (tx) => {
		const result = await recordOrders(tx, entries);
		return { result, events: result.events };
	});
}

const later = (minutes: number) => new Date(Date.UTC(2026, 10, 20, 10, minutes)).toISOString();

test('a new order is stored whole and told once', async () => {
	const { save, rows } = await shop({ timeZone: 'America/New_York' });
	const order = makeOrder({
		placedAt: '2026-11-20T03:00:00Z',
		total: '29.5',
		shipping: '5',
		tax: '1.5',
		presentment: { currency: 'EUR', total: '27.1' },
		customer: { externalId: 'c1', name: 'Maria Lopez', email: 'Maria@Shop.test ', country: 'us' },
		address: { city: 'Austin', region: 'TX', country: 'US' },
		lines: [
			makeLine({ quantity: 2, gross: '20', discount: '2' }),
			makeLine({ externalId: 'line-2', sku: null, title: 'Card', gross: '5', isGiftCard: true })
		],
		events: [{ kind: 'paid', at: later(1) }]
	});
	const { outcomes, events } = await save(order);
	expect(outcomes.map(({ outcome }) => outcome)).toEqual(['created']);
	expect(events).toMatchObject([
		{
			kind: 'order',
			change: 'created',
			days: ['2026-11-19'],
			dimensions: { channel: 'shopify', country: 'US' },
			deltas: [
				{
					day: '2026-11-19',
					currency: 'USD',
					orders: 1,
					units: 2,
					gross: '20',
					discounts: '2',
					refunds: '0',
					net: '18'
				}
			],
			order: {
				name: '#1001',
				kind: 'sale',
				units: 2,
				total: '29.5',
				net: '18',
				summary: 'Mug + 1 more',
				city: 'Austin'
			}
		}
	]);
	expect(await rows('orders')).toMatchObject([
		{
			gross: '25.0000',
			net: '18.0000',
			presentmentCurrency: 'EUR',
			presentmentTotal: '27.1000',
			lineCount: 2,
			nameKey: '1001'
		}
	]);
	expect(await rows('customers')).toMatchObject([
		{ emailKey: 'maria@shop.test', familyKey: 'lopez', country: 'US' }
	]);
	expect((await rows('products', 'sku')).map((row) => row.sku)).toEqual([
		'MUG',
		expect.stringMatching(/^~card-/)
	]);
	expect(await rows('order_events')).toMatchObject([{ kind: 'paid', source: 'poll' }]);
	expect(await rows('outbox', 'position')).toHaveLength(1);
});

test('a replay writes no row and tells nothing', async () => {
	const { organization, save } = await shop();
	const orders = Array.from({ length: 60 }, (_, n) =>
		makeOrder({
			externalId: `o${n}`,
			refunds: [
				{
					externalId: 'r',
					refundedAt: later(5),
					lines: [{ externalId: 'a', kind: 'item', lineExternalId: 'line-1', quantity: 1, amount: '4' }]
				}
			]
		})
	);
	await save(...orders);
	const versions = () =>
		inOrganization(organization.id, async ({ sql }) => {
			const tables = [
				'orders',
				'order_lines',
				'refunds',
				'refund_lines',
				'order_payloads',
				'order_events',
				'customers',
				'listings',
				'products',
				'outbox'
			];
			return Promise.all(
				tables.map(
					(table) =>
						sql`select xmin::text as version, ctid::text from ${sql(table)} where organization_id = ${organization.id} order by ctid`
				)
			);
		});
	const before = await versions();
	const again = await save(...orders);
	expect(new Set(again.outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
	expect(again.events).toEqual([]);
	expect(await versions()).toEqual(before);
});

test('F18: a stale payload changes nothing, an update before the create is the order', async () => {
	const { save, rows } = await shop();
	await save(makeOrder({ updatedAt: later(9), status: 'shipped' }));
	const late = await save(makeOrder({ updatedAt: later(0), status: 'pending' }));
	expect(late).toMatchObject({ outcomes: [{ outcome: 'stale' }], events: [] });
	expect(await rows('orders')).toMatchObject([{ status: 'shipped' }]);
});

test('an equal version with other content is applied', async () => {
	const { save, rows } = await shop();
	await save(makeOrder());
	const { outcomes } = await save(makeOrder({ status: 'shipped' }));
	expect(outcomes[0]!.outcome).toBe('updated');
	expect(await rows('orders')).toMatchObject([{ status: 'shipped' }]);
});

test('a newer version with the same content moves the version only', async () => {
	const { save, rows } = await shop();
	await save(makeOrder());
	const { outcomes, events } = await save(makeOrder({ updatedAt: later(30) }));
	expect([outcomes[0]!.outcome, events]).toEqual(['unchanged', []]);
	expect((await save(makeOrder({ updatedAt: later(29), status: 'shipped' }))).outcomes[0]!.outcome).toBe(
		'stale'
	);
	expect(await rows('orders')).toMatchObject([{ status: 'paid' }]);
});

test('F17: of one order several times in a batch, the newest counts, once', async () => {
	const { save, rows } = await shop();
	const { outcomes, events } = await save(
		makeOrder(),
		makeOrder({ updatedAt: later(5), status: 'shipped' }),
		makeOrder()
	);
	expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stale', 'created', 'stale']);
	expect(new Set(outcomes.map(({ orderId }) => orderId)).size).toBe(1);
	expect(events).toHaveLength(1);
	expect(await rows('orders')).toMatchObject([{ status: 'shipped' }]);
});

test('F17: two transactions create the same order at the same instant', async () => {
	const { save, rows } = await shop();
	const both = await Promise.all([
		save(makeOrder()),
		save(makeOrder({ updatedAt: later(1), status: 'shipped', lines: [makeLine({ gross: '12' })] }))
	]);
	expect(await rows('orders')).toMatchObject([{ status: 'shipped' }]);
	expect(await rows('order_lines')).toMatchObject([{ gross: '12.0000' }]);
	const net = both
		.flatMap(({ events }) => events.flatMap((event) => (event.kind === 'order' ? event.deltas : [])))
		.reduce((sum, delta) => sum + Number(delta.net), 0);
	expect(net).toBe(12);
});

test('F21: partial refund, shipping refund and an edit that removes a line', async () => {
	const { save, rows } = await shop();
	const two = [
		makeLine({ gross: '10', discount: '1' }),
		makeLine({ externalId: 'line-2', sku: 'BOWL', gross: '30' })
	];
	await save(makeOrder({ lines: two }));
	const refunded = await save(
		makeOrder({
			updatedAt: later(10),
			status: 'partially_refunded',
			lines: two,
			refunds: [
				{
					externalId: 'r1',
					refundedAt: '2026-11-22T10:00:00Z',
					total: '14',
					lines: [
						{ externalId: 'a', kind: 'item', lineExternalId: 'line-1', quantity: 1, amount: '9', tax: '1' },
						{ externalId: 'b', kind: 'shipping', amount: '4' }
					]
				}
			]
		})
	);
	expect(refunded.events).toMatchObject([
		{
			deltas: [{ day: '2026-11-22', orders: 0, gross: '0', refunds: '9', net: '-9' }],
			days: ['2026-11-20', '2026-11-22']
		}
	]);
	const edited = await save(makeOrder({ updatedAt: later(20), lines: two.slice(0, 1) }));
	expect(edited.events).toMatchObject([
		{
			deltas: [
				{ day: '2026-11-20', units: -1, gross: '-30', net: '-30' },
				{ day: '2026-11-22', refunds: '-9', net: '9' }
			]
		}
	]);
	expect(await rows('order_lines')).toHaveLength(1);
	expect([await rows('refunds'), await rows('refund_lines')]).toEqual([[], []]);
});

test('F23: test orders, gift cards and orders cancelled before capture count nowhere', async () => {
	const { save, rows } = await shop();
	const { events } = await save(
		makeOrder({ externalId: 'a', isTest: true }),
		makeOrder({ externalId: 'b', lines: [makeLine({ isGiftCard: true })] }),
		makeOrder({ externalId: 'c', cancelledAt: later(1), financialStatus: 'VOIDED', status: 'cancelled' })
	);
	expect(events.map((event) => event.kind === 'order' && event.deltas)).toEqual([[], [], []]);
	expect((await rows('orders', 'external_id')).map((row) => row.kind)).toEqual([
		'test',
		'gift_card',
		'cancelled'
	]);
});

test('a cancellation before capture takes the order back from its day', async () => {
	const { save } = await shop();
	await save(makeOrder({ financialStatus: 'PENDING' }));
	const { events } = await save(
		makeOrder({ updatedAt: later(9), cancelledAt: later(9), financialStatus: 'VOIDED', status: 'cancelled' })
	);
	expect(events).toMatchObject([
		{ deltas: [{ day: '2026-11-20', orders: -1, units: -1, gross: '-10', net: '-10' }], days: ['2026-11-20'] }
	]);
});

test('F22: money stays in the shop currency, what the buyer saw stands beside it', async () => {
	const { save, rows } = await shop();
	const { events } = await save(makeOrder({ presentment: { currency: 'EUR', total: '9.2' } }));
	expect(events).toMatchObject([{ deltas: [{ currency: 'USD', gross: '10' }] }]);
	expect(await rows('orders')).toMatchObject([
		{ currency: 'USD', total: '10.0000', presentmentCurrency: 'EUR', presentmentTotal: '9.2000' }
	]);
});

test('F25: 1,114 lines arrive whole, equal lines stay distinct', async () => {
	const { save, rows } = await shop();
	const lines = Array.from({ length: 1_114 }, (_, n) =>
		makeLine({ externalId: `l${n}`, position: n, sku: `S${n % 300}`, gross: '2.5' })
	);
	const { events } = await save(makeOrder({ lines }));
	expect(events).toMatchObject([{ deltas: [{ units: 1_114, gross: '2785' }] }]);
	expect(await rows('order_lines')).toHaveLength(1_114);
	expect(await rows('products')).toHaveLength(300);
});

test('F37: words the product does not know are kept', async () => {
	const { save, rows } = await shop();
	await save(
		makeOrder({ financialStatus: 'SOMETHING_NEW', fulfillmentStatus: 'On A Drone', status: 'other' })
	);
	expect(await rows('orders')).toMatchObject([
		{ kind: 'sale', status: 'other', financialStatus: 'SOMETHING_NEW', fulfillmentStatus: 'On A Drone' }
	]);
});

test('an unknown price counts in orders and units, not in money', async () => {
	const { save, rows } = await shop();
	const { events } = await save(
		makeOrder({ priceKnown: false, total: null, lines: [makeLine({ unitPrice: null, gross: null })] })
	);
	expect(events).toMatchObject([
		{ order: { net: null, total: null }, deltas: [{ orders: 1, units: 1, gross: '0', net: '0' }] }
	]);
	expect(await rows('orders')).toMatchObject([{ gross: null, net: null, total: null }]);
	const priced = await save(makeOrder({ updatedAt: later(1) }));
	expect(priced.events).toMatchObject([{ deltas: [{ orders: 0, units: 0, gross: '10', net: '10' }] }]);
});

test('several organizations share a call and see only their own', async () => {
	const one = await shop();
	const two = await shop();
	const { events } = await recorded(
		[one.organization.id, two.organization.id],
		[one.entry(makeOrder()), two.entry(makeOrder({ name: '#2' }))]
	);
	expect(events.map((event) => event.organizationId).sort()).toEqual(
		[one.organization.id, two.organization.id].sort()
	);
	expect((await one.rows('orders')).map((row) => row.name)).toEqual(['#1001']);
	expect((await two.rows('orders')).map((row) => row.name)).toEqual(['#2']);
	expect(
		await inOrganization(one.organization.id, ({ sql }) => sql`select name from orders where name = '#2'`)
	).toEqual([]);
});

test('a poison order fails alone behind a savepoint', async () => {
	const { organization, entry, rows } = await shop();
	const poison = entry(makeOrder({ externalId: 'bad' }));
	poison.order = { ...poison.order, currency: 'US\0' };
	await record(organization.id, async (tx) => {
		const good = await recordOrders(tx, [entry(makeOrder())]);
		await expect(
			tx.sql.savepoint((sql) => recordOrders({ ...tx, sql: sql as typeof tx.sql }, [poison]))
		).rejects.toThrow();
		return { result: null, events: good.events };
	});
	expect(await rows('orders')).toHaveLength(1);
});

test('more than 50 changed orders are told in one event with all their days', async () => {
	const { save } = await shop();
	const { events, outcomes } = await save(
		...Array.from({ length: 51 }, (_, n) =>
			makeOrder({ externalId: `o${n}`, placedAt: new Date(Date.UTC(2026, 9, 1 + n)) })
		)
	);
	expect(events).toHaveLength(1);
	expect(events[0]).toMatchObject({
		kind: 'orders',
		orderIds: expect.arrayContaining(outcomes.map(({ orderId }) => orderId)),
		dimensions: { channel: 'shopify' }
	});
	expect(events[0]!.kind === 'orders' && events[0]!.days).toHaveLength(51);
});

test('an empty payload is a payload', async () => {
	const { save, rows } = await shop();
	await save({ ...makeOrder(), payload: '' });
	expect(await rows('order_payloads', 'order_id')).toMatchObject([{ payload: '' }]);
});

test('strange but legal text and sizes are stored', async () => {
	const { save, rows } = await shop();
	const odd = 'a\0b\ud800 "quoted" \\ \n\t\u2028 😀';
	await save(
		makeOrder({
			name: odd,
			address: { name: odd, city: odd, region: odd, country: 'EIRE', countryName: 'EIRE' },
			customer: { externalId: odd, name: odd, email: odd },
			lines: [
				makeLine({ sku: odd, title: 'x'.repeat(2_000), gross: '99999999999.99999', quantity: 400_000 })
			],
			events: [{ kind: odd, at: later(1), data: { note: odd } }]
		})
	);
	expect(await rows('orders')).toMatchObject([
		{ shipCountry: null, shipCountryName: 'EIRE', gross: '100000000000.0000' }
	]);
});

test('a batch so large that its rows are copied ends as the same orders one at a time', async () => {
	const odd = ['\\N', 'tab\there', 'line\nbreak\r', 'back\\slash \\. ', '', '\u2028 "😀"', 'NULL'];
	const orders = (minutes: number, count: number) =>
		Array.from({ length: count }, (_, n) => {
			const text = `${odd[n % odd.length]}${n % 3 === 0 ? '' : n}`;
			return makeOrder({
				externalId: `o${n}`,
				updatedAt: later(minutes),
				financialStatus: minutes > 0 && n % 2 === 0 ? 'REFUNDED' : text,
				address: { name: text, city: text, country: null },
				// every fifth order loses its second line with the later version
				lines: [
					makeLine({ title: text || 'x', adjustment: n % 4 === 0 ? { quantity: text } : null }),
					...(minutes > 0 && n % 5 === 0 ? [] : [makeLine({ externalId: 'line-2', sku: text || null })])
				],
				refunds:
					minutes > 0 && n % 2 === 0
						? [
								{
									externalId: 'r1',
									refundedAt: later(minutes),
									lines: [{ externalId: 'r1l', kind: 'item', lineExternalId: 'line-1', amount: '1' }]
								}
							]
						: []
			});
		});
	const whole = await shop();
	const apart = await shop();
	// the second batch has updates, orders that only move their version, and new ones
	for (const batch of [orders(0, 250), [...orders(5, 200), ...orders(0, 300).slice(200)]]) {
		await whole.save(...batch);
		for (let from = 0; from < batch.length; from += 50) await apart.save(...batch.slice(from, from + 50));
	}
	const told = async ({ organization }: typeof whole) =>
		inOrganization(
			organization.id,
			({ sql }) => sql`
			select o.external_id, o.source_updated_at, o.financial_status, o.ship_name, o.ship_city, o.gross, o.net, o.refunded, o.units, o.line_count, o.content_hash,
				l.external_id as line, l.position, l.sku, l.title, l.quantity, l.gross as line_gross, l.adjustment, r.amount, y.payload
			from orders o join order_lines l on l.order_id = o.id left join refund_lines r on r.order_line_id = l.id join order_payloads y on y.order_id = o.id
			order by o.external_id, l.external_id`
		);
	const rows = await told(whole);
	expect(rows.length).toBeGreaterThan(550);
	expect(rows).toEqual(await told(apart));
});
