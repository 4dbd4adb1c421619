import { expect, test } from 'vitest';
import { makeConnection } from '../../../../tests/factories/connection.ts';
import { makeOrganization } from '../../../../tests/factories/organization.ts';
import { record } from '../live/index.ts';
import { inOrganization } from '../platform/db.ts';
import { Invalid, NotFound } from '../platform/errors.ts';
import { readCostsFile } from './costs-file.ts';
import {
	changeProduct,
	exportCosts,
	getProduct,
	importCosts,
	listProducts,
	previewCosts,
	removeCost,
	setComponents,
	setCost,
	upsertListings,
	type ChannelListing
} from './index.ts';

async function makeShop(skus: string[], given: Partial<ChannelListing> = {}) {
	const made = await makeOrganization();
	const organizationId = made.organization.id;
	const connectionId = await makeConnection(organizationId);
	const list = (offers: Partial<ChannelListing>[]) =>
		record(organizationId, async (tx) => {
			const done = await upsertListings(
				tx,
				{ organizationId, connectionId },
				offers.map((one) => ({
					externalId: one.sku!,
					groupExternalId: null,
					stockExternalId: null,
					sku: null,
					title: `Title of ${one.sku}`,
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
					...one
				}))
			);
			return { result: done.events, events: done.events };
		});
	await list(skus.map((sku) => ({ sku, ...given })));
	const product = (sku: string) =>
		inOrganization(
			organizationId,
			({ sql }) => sql<{ id: string }[]>`select id from products where sku = ${sku}`
		).then(([row]) => row!.id);
	return { ...made, organizationId, list, product };
}

test('a channel’s cost is the first one; a changed one counts from its day; what a member says stays', async () => {
	const shop = await makeShop(['A'], { cost: '4' });
	const id = await shop.product('A');
	const costs = async () =>
		(await getProduct(shop.ctx(), id)).costs.map(({ fromDay, unitCost, source }) => [
			fromDay,
			unitCost,
			source
		]);
	expect(await costs()).toEqual([['1970-01-01', '4', 'channel']]);
	expect(await shop.list([{ sku: 'A', cost: '4', price: '11', updatedAt: '2026-11-21T10:00:00Z' }])).toEqual(
		[]
	);
	const events = await shop.list([{ sku: 'A', cost: '4.5', updatedAt: '2026-11-22T10:00:00Z' }]);
	expect(events).toMatchObject([{ kind: 'product', productId: id }]);
	expect(await costs()).toEqual([
		['1970-01-01', '4', 'channel'],
		['2026-11-22', '4.5', 'channel']
	]);
	await setCost(shop.ctx(), { productId: id, fromDay: '2026-11-23', unitCost: '3,75', currency: 'usd' });
	await shop.list([{ sku: 'A', cost: '9', updatedAt: '2026-11-24T10:00:00Z' }]);
	expect((await costs()).at(-1)).toEqual(['2026-11-23', '3.75', 'person']);
	await removeCost(shop.ctx(), { productId: id, fromDay: '2026-11-23' });
	await expect(removeCost(shop.ctx(), { productId: id, fromDay: '2026-11-23' })).rejects.toThrow(NotFound);
	await expect(
		setCost(shop.ctx(), { productId: id, fromDay: '2026-02-31', unitCost: '1', currency: 'USD' })
	).rejects.toThrow(Invalid);
	await expect(
		setCost(shop.ctx(), { productId: id, fromDay: '', unitCost: '-1', currency: 'USD' })
	).rejects.toThrow(Invalid);
});

test('a file: each wrong row with its line, comma, semicolon and tab, a byte order mark, lines within quotes', () => {
	const read = (text: string) => readCostsFile(text, 'USD');
	expect(read('\uFEFFSKU;Cost;From\r\nA;4,20;\r\nB;5;2026-10-01\r\n')).toEqual({
		rows: [
			{ line: 2, sku: 'A', fromDay: '1970-01-01', unitCost: '4.20', currency: 'USD' },
			{ line: 3, sku: 'B', fromDay: '2026-10-01', unitCost: '5', currency: 'USD' }
		],
		errors: []
	});
	const { rows, errors } = read(
		'sku,title,unit cost,currency,from day\n"A","two\nlines",1,eur,\nB,,x,,\n,,2,,\nC,,3,,soon\nD,,,,\nE,,1,,\nE,,2,,\n\n'
	);
	expect(rows.map((row) => [row.line, row.sku, row.unitCost, row.currency])).toEqual([
		[3, 'A', '1', 'EUR'],
		[9, 'E', '2', 'USD']
	]);
	expect(errors.map((error) => error.line)).toEqual([4, 5, 6, 8]);
	expect(() => read('name,price\nA,1')).toThrow('The first line must name the columns');
	expect(() => read('sku,cost\n"A,1')).toThrow('no CSV file');
});

test('preview, save, save again, and the export reads back as it is', async () => {
	const shop = await makeShop(['A', 'B', 'KIT', '=C']);
	await setComponents(shop.ctx(), {
		bundleId: await shop.product('KIT'),
		components: [{ productId: await shop.product('A'), quantity: 2 }]
	});
	const csv = 'sku,cost,from\nA,4.20,\nA,4.60,2026-10-01\nB,1,\nKIT,9,\nNOBODY,1,\n';
	const preview = await previewCosts(shop.ctx(), { csv });
	expect(preview).toMatchObject({ rows: 5, added: 3, changed: 0, same: 0 });
	expect(preview.errors).toEqual([
		{ line: 5, message: expect.stringContaining('is a bundle') },
		{ line: 6, message: 'No product has the SKU “NOBODY”.' }
	]);
	expect(await importCosts(shop.ctx(), { csv })).toEqual({ changed: 3, leftOut: 2 });
	expect(await importCosts(shop.ctx(), { csv })).toEqual({ changed: 0, leftOut: 2 });
	expect(await previewCosts(shop.ctx(), { csv: csv.replace('B,1,', 'B,2,') })).toMatchObject({
		changed: 1,
		same: 2,
		sample: [{ sku: 'B', before: '1 USD' }]
	});

	const exported = await exportCosts(shop.ctx());
	expect(exported.split('\r\n').slice(0, 5)).toEqual([
		'sku,title,from,cost,currency,source',
		"'=C,Title of =C,,,,",
		'A,Title of A,,4.2,USD,file',
		'A,Title of A,2026-10-01,4.6,USD,file',
		'B,Title of B,,1,USD,file'
	]);
	expect(await importCosts(shop.ctx(), { csv: exported })).toEqual({ changed: 0, leftOut: 0 });
	const filled = exported.replace("'=C,Title of =C,,,,", "'=C,Title of =C,,7,,");
	expect(await importCosts(shop.ctx(), { csv: filled })).toEqual({ changed: 1, leftOut: 0 });
});

test('the list: today’s cost, of a bundle that of its components; search, filters and scope', async () => {
	const shop = await makeShop(['MUG-1', 'PEN-1', 'KIT']);
	const [mug, pen, kit] = await Promise.all(['MUG-1', 'PEN-1', 'KIT'].map((sku) => shop.product(sku)));
	await setCost(shop.ctx(), { productId: mug, fromDay: '', unitCost: '2.5', currency: 'USD' });
	await setCost(shop.ctx(), { productId: mug, fromDay: '2099-01-01', unitCost: '99', currency: 'USD' });
	const components = [
		{ productId: mug!, quantity: 2 },
		{ productId: pen!, quantity: 1 }
	];
	await setComponents(shop.ctx(), { bundleId: kit, components });
	const costs = async () =>
		Object.fromEntries(
			(await listProducts(shop.ctx())).products.map((row) => [row.sku, row.cost?.unitCost ?? null])
		);
	expect(await costs()).toEqual({ KIT: null, 'MUG-1': '2.5', 'PEN-1': null });
	await setCost(shop.ctx(), { productId: pen, fromDay: '', unitCost: '0.25', currency: 'USD' });
	expect(await costs()).toEqual({ KIT: '5.25', 'MUG-1': '2.5', 'PEN-1': '0.25' });

	const skus = async (query: object, ctx = shop.ctx()) =>
		(await listProducts(ctx, query)).products.map((row) => row.sku);
	expect(await skus({ search: 'mug' })).toEqual(['MUG-1']);
	expect(await skus({ search: '%' })).toEqual([]);
	expect(await skus({ show: 'bundle' })).toEqual(['KIT']);
	expect(await skus({ channels: ['amazon'] })).toEqual([]);
	await changeProduct(shop.ctx(), {
		productId: mug,
		title: 'Mug',
		category: 'Mugs',
		brand: '',
		supplier: 'Kiln Ltd'
	});
	expect(await skus({}, shop.ctx('manager', { categories: ['Mugs'] }))).toEqual(['MUG-1']);
	await expect(getProduct(shop.ctx('manager', { categories: ['Mugs'] }), pen!)).rejects.toThrow(NotFound);
});

test('what a member wrote is not changed by a sync, until it is emptied', async () => {
	const shop = await makeShop(['A'], { category: 'Things', brand: 'Old' });
	const productId = await shop.product('A');
	const view = async () => {
		const { title, brand, category, supplier, edited } = await getProduct(shop.ctx(), productId);
		return { title, brand, category, supplier, edited };
	};
	await changeProduct(shop.ctx(), {
		productId,
		title: 'Title of A',
		category: 'Mugs',
		brand: 'Old',
		supplier: 'Kiln'
	});
	await shop.list([
		{ sku: 'A', title: 'New title', category: 'Other', brand: 'New', updatedAt: '2026-11-21T10:00:00Z' }
	]);
	expect(await view()).toEqual({
		title: 'New title',
		brand: 'New',
		category: 'Mugs',
		supplier: 'Kiln',
		edited: ['category']
	});
	await changeProduct(shop.ctx(), {
		productId,
		title: 'New title',
		category: '',
		brand: 'New',
		supplier: 'Kiln'
	});
	await shop.list([
		{ sku: 'A', title: 'New title', category: 'Other', brand: 'New', updatedAt: '2026-11-22T10:00:00Z' }
	]);
	expect(await view()).toMatchObject({ category: 'Other', edited: [] });
});
