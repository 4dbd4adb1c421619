import { expect, test } from 'vitest';
import { makeConnection } from '../../../../tests/factories/connection.ts';
import { makeLine, makeOrder } from '../../../../tests/factories/order.ts';
import { makeOrganization } from '../../../../tests/factories/organization.ts';
import { upsertListings, type ChannelListing } from '../catalog/index.ts';
import { recordOrders } from '../orders/index.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { lowStock, recordStock, upsertLocations, type ChannelLevel } from './index.ts';

async function shop() {
	const { organization, ctx } = await makeOrganization();
	const scope = { organizationId: organization.id, connectionId: await makeConnection(organization.id) };
	const within = <T>(work: (tx: Tx) => Promise<T>) => inOrganization(organization.id, work);
	return {
		ctx,
		scope,
		within,
		rows: (table: string, order: string) =>
			within(
				({ sql }) =>
					sql`select * from ${sql(table)} where organization_id = ${organization.id} order by ${sql(order)}`
			)
	};
}

const listing = (given: Partial<ChannelListing> = {}): ChannelListing => ({
	externalId: 'v1',
	groupExternalId: 'g1',
	stockExternalId: 's1',
	sku: 'MUG',
	title: 'Mug',
	variantTitle: null,
	brand: 'Clay',
	category: 'Mugs',
	barcode: null,
	price: '10',
	currency: 'USD',
	cost: '4',
	status: 'active',
	tracked: true,
	updatedAt: '2026-11-01T10:00:00Z',
	...given
});
const level = (given: Partial<ChannelLevel> = {}): ChannelLevel => ({
	stockExternalId: 's1',
	locationExternalId: 'here',
	available: 5,
	onHand: 6,
	committed: 1,
	incoming: 0,
	reserved: 0,
	updatedAt: '2026-11-01T10:00:00Z',
	...given
});
const places = [
	{ externalId: 'here', name: 'Here', country: 'US', isActive: true },
	{ externalId: 'there', name: 'There', country: null, isActive: false }
];

test('a placeholder from an order line is filled in without a second product', async () => {
	const { scope, within, rows } = await shop();
	const order = makeOrder({
		lines: [
			makeLine({ listingExternalId: 'v1', title: 'old words' }),
			makeLine({ externalId: 'l2', listingExternalId: 'v2', sku: null, title: 'No SKU yet' })
		]
	});
	await within((tx) => recordOrders(tx, [{ ...scope, channel: 'shopify', timeZone: 'UTC', order }]));
	const { written, events } = await within((tx) =>
		upsertListings(tx, scope, [
			listing(),
			listing({ externalId: 'v2', sku: 'BOWL', title: 'Bowl', category: null })
		])
	);
	expect(written).toBe(2);
	expect(events).toHaveLength(2);
	expect(events).toMatchObject([
		{ kind: 'product', dimensions: { categories: ['Mugs'] } },
		{ kind: 'product' }
	]);
	expect(await rows('products', 'sku')).toMatchObject([
		{ sku: 'BOWL', title: 'Bowl' },
		{ sku: 'MUG', title: 'Mug', brand: 'Clay', category: 'Mugs' }
	]);
	expect(await rows('listings', 'external_id')).toMatchObject([
		{ externalStockId: 's1', price: '10.000000' },
		{ sku: 'BOWL' }
	]);
});

test('listings: replays and older versions write nothing, untold fields keep what is known', async () => {
	const { scope, within, rows } = await shop();
	await within((tx) => upsertListings(tx, scope, [listing()]));
	expect(await within((tx) => upsertListings(tx, scope, [listing()]))).toEqual({
		written: 0,
		unchanged: 1,
		events: []
	});
	expect(
		await within((tx) =>
			upsertListings(tx, scope, [listing({ title: 'Older', updatedAt: '2026-10-31T10:00:00Z' })])
		)
	).toMatchObject({ written: 0 });
	const { events } = await within((tx) =>
		upsertListings(tx, scope, [
			listing({ cost: null, category: null, title: 'Cup', updatedAt: '2026-11-02T10:00:00Z' })
		])
	);
	expect(events).toHaveLength(1);
	expect(await rows('listings', 'id')).toMatchObject([{ channelCost: '4.000000', title: 'Cup' }]);
	expect(await rows('products', 'id')).toMatchObject([{ title: 'Cup', category: 'Mugs' }]);
});

test('SKUs are case-sensitive and join listings of several connections; the newest listing names the product', async () => {
	const { scope, within, rows } = await shop();
	const other = { ...scope, connectionId: await makeConnection(scope.organizationId, { channel: 'amazon' }) };
	await within((tx) =>
		upsertListings(tx, scope, [
			listing({ updatedAt: '2026-11-05T10:00:00Z' }),
			listing({ externalId: 'v2', sku: 'mug', stockExternalId: 's2' })
		])
	);
	await within((tx) =>
		upsertListings(tx, other, [listing({ title: 'Older words', updatedAt: '2026-11-04T10:00:00Z' })])
	);
	expect((await rows('products', 'sku')).map((row) => [row.sku, row.title])).toEqual([
		['MUG', 'Mug'],
		['mug', 'Mug']
	]);
});

test('stock follows the newest version and tells the sum over active locations', async () => {
	const { scope, within, ctx } = await shop();
	await within((tx) => upsertListings(tx, scope, [listing()]));
	await within((tx) => upsertLocations(tx, scope, places));
	const first = await within((tx) =>
		recordStock(tx, scope, [
			level(),
			level({ locationExternalId: 'there', available: 50 }),
			level({ stockExternalId: 'nobody' })
		])
	);
	expect(first).toMatchObject({
		written: 2,
		unchanged: 0,
		unknown: 1,
		events: [
			{ kind: 'stock', sku: 'MUG', available: 5, dimensions: { channel: 'shopify', categories: ['Mugs'] } }
		]
	});
	expect(await within((tx) => recordStock(tx, scope, [level()]))).toMatchObject({
		written: 0,
		unchanged: 1,
		events: []
	});
	expect(
		await within((tx) => recordStock(tx, scope, [level({ available: 9, updatedAt: '2026-10-01T10:00:00Z' })]))
	).toMatchObject({ written: 0 });
	expect(await lowStock(ctx())).toMatchObject({
		count: 1,
		products: [{ sku: 'MUG', available: 5, reorderPoint: 10 }]
	});
	await within((tx) =>
		recordStock(tx, scope, [level({ available: 11, onHand: null, updatedAt: '2026-11-02T10:00:00Z' })])
	);
	expect(await lowStock(ctx())).toEqual({ count: 0, products: [] });
});

test('low stock keeps to scope, permission and organization, and leaves out what is not tracked', async () => {
	const { scope, within, ctx, rows } = await shop();
	await within((tx) =>
		upsertListings(tx, scope, [
			listing(),
			listing({ externalId: 'v2', sku: 'OWL', stockExternalId: 's2', category: 'Birds', tracked: false })
		])
	);
	await within((tx) => upsertLocations(tx, scope, places));
	await within((tx) =>
		recordStock(tx, scope, [level({ available: -2 }), level({ stockExternalId: 's2', available: 0 })])
	);
	const [here] = await rows('locations', 'name');
	const count = async (limits: Parameters<typeof ctx>[1]) => (await lowStock(ctx('manager', limits))).count;
	expect(await count(null)).toBe(1);
	expect([await count({ categories: ['Birds'] }), await count({ categories: ['Mugs'] })]).toEqual([0, 1]);
	expect([await count({ locations: [String(here!.id)] }), await count({ locations: ['elsewhere'] })]).toEqual(
		[1, 0]
	);
	expect([await count({ channels: ['shopify'] }), await count({ channels: ['walmart'] })]).toEqual([1, 0]);
	await expect(lowStock({ ...ctx(), permissions: new Set() })).rejects.toMatchObject({ status: 403 });
	expect(await lowStock((await shop()).ctx())).toEqual({ count: 0, products: [] });
});
