import { expect, test } from 'vitest';
import type { Channel } from '#lib/contracts/channels.ts';
import { makeConnection } from '../../../../tests/factories/connection.ts';
import { makeLine, makeOrder } from '../../../../tests/factories/order.ts';
import { makeOrganization, type TestOrganization } from '../../../../tests/factories/organization.ts';
import { catchUp, profit } from '../analytics/index.ts';
import {
	getProduct,
	keepApart,
	setComponents,
	setCost,
	suggestMerges,
	upsertListings,
	type ChannelListing
} from '../catalog/index.ts';
import { adjustStock, listStock, recordStock, upsertLocations } from '../inventory/index.ts';
import { record } from '../live/index.ts';
import { recordOrders } from '../orders/index.ts';
import { Conflict, Forbidden, NotFound } from '../platform/errors.ts';
import { inOrganization } from '../platform/db.ts';
import { mergeAlike, mergeProducts, splitListing } from './index.ts';
import { sweepMoves } from './move-sales.ts';

const offer = (given: Partial<ChannelListing> & { externalId: string }): ChannelListing => ({
	groupExternalId: null,
	stockExternalId: `stock-${given.externalId}`,
	sku: given.externalId,
	title: `Title of ${given.externalId}`,
	variantTitle: null,
	brand: null,
	category: null,
	barcode: null,
	price: '10',
	currency: 'USD',
	cost: null,
	status: 'active',
	tracked: true,
	updatedAt: '2026-11-20T10:00:00Z',
	...given
});

interface Shop extends TestOrganization {
	connections: Map<Channel, string>;
	list(channel: Channel, offers: ChannelListing[]): Promise<void>;
	sell(channel: Channel, externalId: string, listing: string, count?: number): Promise<void>;
	product(sku: string): Promise<string>;
	listing(externalId: string): Promise<string>;
	/** Net sales by SKU. */
	sold(): Promise<Record<string, string>>;
}

async function makeShop(): Promise<Shop> {
	const made = await makeOrganization();
	const organizationId = made.organization.id;
	const connections = new Map<Channel, string>();
	for (const channel of ['amazon', 'shopify', 'walmart'] as const)
		connections.set(channel, await makeConnection(organizationId, { channel }));
	const one = (query: 'products' | 'listings', name: string, value: string) =>
		inOrganization(
			organizationId,
			({ sql }) => sql<{ id: string }[]>`select id from ${sql(query)} where ${sql(name)} = ${value}`
		).then(([row]) => row!.id);
	return {
		...made,
		connections,
		product: (sku) => one('products', 'sku', sku),
		listing: (externalId) => one('listings', 'external_id', externalId),
		list: (channel, offers) =>
			record(organizationId, async (tx) => {
				const done = await upsertListings(
					tx,
					{ organizationId, connectionId: connections.get(channel)! },
					offers
				);
				return { result: undefined, events: done.events };
			}),
		sell: (channel, externalId, listing, count = 1) =>
			record(organizationId, async (tx) => {
				const entries = Array.from({ length: count }, (_, index) => ({
					organizationId,
					connectionId: connections.get(channel)!,
					channel,
					timeZone: 'UTC',
					order: makeOrder({
						externalId: `${externalId}-${index}`,
						lines: [makeLine({ listingExternalId: listing, sku: listing, title: listing })],
						refunds: [
							{
								externalId: 'r',
								refundedAt: '2026-11-21T00:00:00Z',
								lines: [{ externalId: '1', kind: 'item', lineExternalId: 'line-1', quantity: 0, amount: '1' }]
							}
						]
					})
				}));
				const done = await recordOrders(tx, entries);
				return { result: undefined, events: done.events };
			}),
		async sold() {
			await catchUp([organizationId]);
			const range = { from: '2026-11-01', to: '2026-11-30' };
			const view = await profit(made.ctx(), { range, by: 'day', channels: [], categories: [] });
			return Object.fromEntries(view.products.map((row) => [row.sku, row.net]).sort());
		}
	};
}

test('a merge shows past and future sales under one product; the next sync does not undo it; a split does', async () => {
	const shop = await makeShop();
	await shop.list('shopify', [offer({ externalId: 'MUG' })]);
	await shop.list('amazon', [offer({ externalId: 'AMZ-MUG' })]);
	await shop.sell('shopify', 's', 'MUG', 2);
	await shop.sell('amazon', 'a', 'AMZ-MUG', 3);
	expect(await shop.sold()).toEqual({ 'AMZ-MUG': '27', MUG: '18' });
	const [intoId, fromId] = [await shop.product('MUG'), await shop.product('AMZ-MUG')];
	await mergeProducts(shop.ctx(), { intoId, fromId });
	expect(await shop.sold()).toEqual({ MUG: '45' });

	await shop.sell('amazon', 'later', 'AMZ-MUG');
	await shop.sell('amazon', 'a', 'AMZ-MUG', 1); // said again, unchanged
	await shop.list('amazon', [
		offer({ externalId: 'AMZ-MUG', price: '12', updatedAt: '2026-11-20T11:00:00Z' })
	]);
	await shop.list('walmart', [offer({ externalId: 'W-1', sku: 'AMZ-MUG' })]);
	expect(await shop.sold()).toEqual({ MUG: '54' });
	const view = await getProduct(shop.ctx(), fromId);
	expect(view).toMatchObject({ id: intoId, sku: 'MUG', mergedSkus: ['AMZ-MUG'] });
	expect(view.listings.map((row) => [row.channel, row.sku, row.mappedBy])).toEqual([
		['amazon', 'AMZ-MUG', 'person'],
		['shopify', 'MUG', 'sku'],
		['walmart', 'AMZ-MUG', 'sku']
	]);

	expect(await splitListing(shop.ctx(), { listingId: await shop.listing('AMZ-MUG') })).toBe(fromId);
	expect(await shop.sold()).toEqual({ 'AMZ-MUG': '36', MUG: '18' });
	await expect(splitListing(shop.ctx(), { listingId: await shop.listing('AMZ-MUG') })).rejects.toThrow(
		Conflict
	);
});

test('what a kill cut short is finished by the sweep', async () => {
	const shop = await makeShop();
	await shop.list('shopify', [offer({ externalId: 'A' })]);
	await shop.list('amazon', [offer({ externalId: 'B' })]);
	await shop.sell('amazon', 'a', 'B', 3);
	const [intoId, fromId] = [await shop.product('A'), await shop.product('B')];
	await inOrganization(
		shop.organization.id,
		({ sql }) =>
			sql`update listings set product_id = ${intoId}, moved_from = ${fromId}, mapped_by = 'person' where external_id = 'B'`
	);
	expect(await sweepMoves()).toBe(3);
	expect(await sweepMoves()).toBe(0);
	expect(await shop.sold()).toEqual({ A: '27' });
});

test('costs entered by hand survive a merge; costs of both sides are not mixed', async () => {
	const shop = await makeShop();
	await shop.list('shopify', [offer({ externalId: 'A', cost: '3' })]);
	await shop.list('amazon', [offer({ externalId: 'B' })]);
	const [intoId, fromId] = [await shop.product('A'), await shop.product('B')];
	await setCost(shop.ctx(), { productId: fromId, fromDay: '', unitCost: '4.5', currency: 'usd' });
	await mergeProducts(shop.ctx(), { intoId, fromId });
	expect((await getProduct(shop.ctx(), intoId)).costs).toEqual([
		{ fromDay: '1970-01-01', unitCost: '4.5', currency: 'USD', source: 'person' }
	]);
});

test('a location counts each offer of a merged product: the product has the sum, and each count finds its way after a split', async () => {
	const shop = await makeShop();
	const place = { organizationId: shop.organization.id, connectionId: shop.connections.get('shopify')! };
	await shop.list('shopify', [offer({ externalId: 'A' }), offer({ externalId: 'B' })]);
	const count = (levels: Record<string, number>, minute: number) =>
		record(place.organizationId, async (tx) => {
			await upsertLocations(tx, place, [
				{ externalId: 'L', name: 'Main store', country: 'US', isActive: true }
			]);
			const done = await recordStock(
				tx,
				place,
				Object.entries(levels).map(([name, available]) => ({
					locationExternalId: 'L',
					stockExternalId: `stock-${name}`,
					available,
					onHand: null,
					committed: null,
					incoming: null,
					reserved: null,
					updatedAt: `2026-11-20T10:0${minute}:00Z`
				}))
			);
			return { result: done.events, events: done.events };
		});
	const stock = async () => {
		const { items } = await listStock(shop.ctx());
		return items.map(({ sku, available, locations }) => [
			sku,
			available,
			locations.map((one) => one.available)
		]);
	};
	await count({ A: 4, B: 5 }, 0);
	const [a, b] = [await shop.product('A'), await shop.product('B')];
	await mergeProducts(shop.ctx(), { intoId: a, fromId: b });
	expect(await stock()).toEqual([['A', 9, [9]]]);
	expect(await count({ B: 1 }, 1)).toMatchObject([{ productId: a, available: 5 }]);
	await count({ A: 3 }, 2);
	expect(await stock()).toEqual([['A', 4, [4]]]);
	await splitListing(shop.ctx(), { listingId: await shop.listing('B') });
	expect(await stock()).toEqual([
		['A', 3, [3]],
		['B', 1, [1]]
	]);
});

test('two offers of a channel under one SKU are one product with the stock of both', async () => {
	const shop = await makeShop();
	const place = { organizationId: shop.organization.id, connectionId: shop.connections.get('shopify')! };
	await shop.list('shopify', [
		offer({ externalId: 'v1', sku: 'TWICE' }),
		offer({ externalId: 'v2', sku: 'TWICE' })
	]);
	const events = await record(place.organizationId, async (tx) => {
		await upsertLocations(tx, place, [
			{ externalId: 'L', name: 'Main store', country: 'US', isActive: true }
		]);
		const level = { locationExternalId: 'L', onHand: null, committed: null, incoming: null, reserved: null };
		const updatedAt = '2026-11-20T10:00:00Z';
		const done = await recordStock(tx, place, [
			{ ...level, stockExternalId: 'stock-v1', available: 7, updatedAt },
			{ ...level, stockExternalId: 'stock-v2', available: 2, updatedAt }
		]);
		return { result: done.events, events: done.events };
	});
	expect(events).toMatchObject([{ sku: 'TWICE', available: 9 }]);
});

test('bundles are taken apart before a merge', async () => {
	const shop = await makeShop();
	await shop.list(
		'shopify',
		['A', 'B', 'C'].map((externalId) => offer({ externalId }))
	);
	const [a, b, c] = [await shop.product('A'), await shop.product('B'), await shop.product('C')];
	await setComponents(shop.ctx(), { bundleId: c, components: [{ productId: a, quantity: 2 }] });
	await expect(mergeProducts(shop.ctx(), { intoId: b, fromId: c })).rejects.toThrow('bundle');
	await expect(
		setComponents(shop.ctx(), { bundleId: b, components: [{ productId: c, quantity: 1 }] })
	).rejects.toThrow('C is a bundle itself');
	await expect(
		setComponents(shop.ctx(), { bundleId: a, components: [{ productId: b, quantity: 1 }] })
	).rejects.toThrow('component of a bundle');
});

test('pieces that we count ourselves become one heap', async () => {
	const shop = await makeShop();
	await shop.list('shopify', [offer({ externalId: 'A' })]);
	await shop.list('amazon', [offer({ externalId: 'B' })]);
	const [a, b] = [await shop.product('A'), await shop.product('B')];
	await adjustStock(shop.ctx(), { productId: a, available: 3 });
	await adjustStock(shop.ctx(), { productId: b, available: 5 });
	await mergeProducts(shop.ctx(), { intoId: a, fromId: b });
	const levels = await inOrganization(
		shop.organization.id,
		({ sql }) => sql`select product_id, available, on_hand from stock_levels`
	);
	expect([...levels]).toEqual([{ productId: a, available: 8, onHand: 8 }]);
});

test('suggestions: GTIN, ASIN twins, SKU spelling, title; what was kept apart is not asked again', async () => {
	const shop = await makeShop();
	await shop.list('shopify', [
		offer({ externalId: 'MUG-1', barcode: '4006381333931' }),
		offer({ externalId: 'pen.blue', barcode: '000000000000' }),
		offer({ externalId: 'T-1', title: 'A very long common title' })
	]);
	await shop.list('amazon', [
		offer({ externalId: 'X-MUG', barcode: '04006381333931' }),
		offer({
			externalId: 'LAMP-FBA',
			groupExternalId: 'B0LAMP',
			fulfilledBy: 'channel',
			barcode: '000000000000'
		}),
		offer({ externalId: 'LAMP-ONE', groupExternalId: 'B0LAMP', fulfilledBy: 'seller' }),
		offer({ externalId: 'PENBLUE-FBM' })
	]);
	await shop.list('walmart', [offer({ externalId: 'T-9', title: 'a very long common title' })]);
	const pairs = async () =>
		(await suggestMerges(shop.ctx())).suggestions.map((one) => [
			one.evidence,
			...[one.into.sku, one.from.sku].sort()
		]);
	expect(await pairs()).toEqual([
		['gtin', 'MUG-1', 'X-MUG'],
		['asin', 'LAMP-FBA', 'LAMP-ONE'],
		['sku', 'PENBLUE-FBM', 'pen.blue'],
		['title', 'T-1', 'T-9']
	]);
	await keepApart(shop.ctx(), { productId: await shop.product('T-9'), otherId: await shop.product('T-1') });
	await mergeProducts(shop.ctx(), {
		intoId: await shop.product('LAMP-FBA'),
		fromId: await shop.product('LAMP-ONE')
	});
	expect((await pairs()).map(([evidence]) => evidence)).toEqual(['gtin', 'sku']);
	const twin = await getProduct(shop.ctx(), await shop.product('LAMP-FBA'));
	expect(twin.listings.map((row) => row.fulfilledBy).sort()).toEqual(['channel', 'seller']);
});

test('all with the same GTIN at once, chains too; what cannot be merged is left', async () => {
	const shop = await makeShop();
	await shop.list('shopify', [offer({ externalId: 'A', barcode: '4006381333931' })]);
	await shop.list('amazon', [
		offer({ externalId: 'A-FBA', barcode: '04006381333931' }),
		offer({ externalId: 'A-FBM', barcode: '4006381333931' })
	]);
	await shop.list('walmart', [
		offer({ externalId: 'a..a', barcode: null }),
		offer({ externalId: 'AA-FBA', barcode: null })
	]);
	await shop.sell('amazon', 'one', 'A-FBA');
	await shop.sell('amazon', 'two', 'A-FBM');
	expect(await mergeAlike(shop.ctx())).toEqual({ merged: 2, left: 0 });
	expect(Object.values(await shop.sold())).toEqual(['18']);
	expect(await mergeAlike(shop.ctx())).toEqual({ merged: 0, left: 0 });
	await expect(mergeAlike(shop.ctx('viewer'))).rejects.toThrow(Forbidden);
});

test('another organization’s products do not exist, an analyst and a manager of other categories may not', async () => {
	const [mine, theirs] = [await makeShop(), await makeShop()];
	await mine.list('shopify', [offer({ externalId: 'A' }), offer({ externalId: 'B', category: 'Pens' })]);
	await theirs.list('shopify', [offer({ externalId: 'C' })]);
	const [a, b, c] = [await mine.product('A'), await mine.product('B'), await theirs.product('C')];
	await expect(mergeProducts(mine.ctx(), { intoId: a, fromId: c })).rejects.toThrow(NotFound);
	await expect(splitListing(mine.ctx(), { listingId: await theirs.listing('C') })).rejects.toThrow(NotFound);
	await expect(mergeProducts(mine.ctx('analyst'), { intoId: a, fromId: b })).rejects.toThrow(Forbidden);
	await expect(
		mergeProducts(mine.ctx('manager', { categories: ['Mugs'] }), { intoId: a, fromId: b })
	).rejects.toThrow(NotFound);
});
