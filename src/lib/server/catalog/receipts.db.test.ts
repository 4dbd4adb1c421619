import { expect, test } from 'vitest';
import { makeOrganization, type TestOrganization } from '../../../../tests/factories/organization.ts';
import { Conflict, Forbidden, Invalid, NotFound } from '../platform/errors.ts';
import { inOrganization } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import {
	addReceipt,
	costMethod,
	exportReceipts,
	importReceipts,
	listReceipts,
	previewReceipts,
	removeReceipt,
	setComponents,
	setCostMethod
} from './index.ts';

const given = { receivedOn: '2026-11-01', quantity: '20', unitCost: '4,20', currency: 'usd', note: 'PO 7' };

async function makeShop(...skus: string[]): Promise<TestOrganization & { ids: Map<string, string> }> {
	const made = await makeOrganization();
	const ids = new Map(skus.map((sku) => [sku, newId()]));
	await inOrganization(made.organization.id, async ({ sql }) => {
		for (const [sku, id] of ids)
			await sql`insert into products (id, organization_id, sku, title) values (${id}, ${made.organization.id}, ${sku}, ${`Title of ${sku}`})`;
	});
	return { ...made, ids };
}

test('receipts are entered and taken back by whoever manages products, each told to analytics', async () => {
	const shop = await makeShop('A', 'KIT');
	await setComponents(shop.ctx(), {
		bundleId: shop.ids.get('KIT'),
		components: [{ productId: shop.ids.get('A'), quantity: 2 }]
	});
	const { id } = await addReceipt(shop.ctx('manager'), { sku: 'A', ...given });
	expect(await listReceipts(shop.ctx('viewer'))).toMatchObject({
		total: 1,
		pages: 1,
		receipts: [
			{ id, sku: 'A', receivedOn: '2026-11-01', quantity: 20, unitCost: '4.2', currency: 'USD', note: 'PO 7' }
		]
	});
	const wrong = { quantity: '0', unitCost: '-1', receivedOn: '2026-02-31', currency: 'x' };
	await expect(addReceipt(shop.ctx(), { sku: 'A', ...wrong })).rejects.toMatchObject({
		fields: Object.fromEntries(Object.keys(wrong).map((name) => [name, expect.any(String)]))
	});
	await expect(addReceipt(shop.ctx(), { sku: 'NOBODY', ...given })).rejects.toThrow(Invalid);
	await expect(addReceipt(shop.ctx(), { sku: 'KIT', ...given })).rejects.toThrow(Conflict);
	await expect(addReceipt(shop.ctx('analyst'), { sku: 'A', ...given })).rejects.toThrow(Forbidden);
	const other = await makeShop('A');
	await expect(removeReceipt(other.ctx(), { receiptId: id })).rejects.toThrow(NotFound);
	expect((await listReceipts(other.ctx())).total).toBe(0);
	await removeReceipt(shop.ctx(), { receiptId: id });
	await expect(removeReceipt(shop.ctx(), { receiptId: id })).rejects.toThrow(NotFound);
	const events = await inOrganization(
		shop.organization.id,
		({ sql }) => sql<{ kind: string }[]>`select kind from outbox where subject_id = ${shop.ids.get('A')!}`
	);
	expect(events.map((row) => row.kind)).toEqual(['product', 'product']);
});

test('a file of receipts: preview, save, save again; equal rows are as many receipts; the export reads back', async () => {
	const shop = await makeShop('A', '=B');
	const csv =
		'SKU;Received;Qty;Unit cost;Note\nA;2026-11-01;5;4,20;PO 1\nA;2026-11-01;5;4.2;PO 1\n=B;2026-11-03;2;1;\nA;soon;5;1;\nC;2026-11-01;1;1;\n';
	const preview = await previewReceipts(shop.ctx(), { csv });
	expect(preview).toMatchObject({ rows: 4, added: 3, same: 0 });
	expect(preview.errors).toEqual([
		{ line: 5, message: 'Use a day such as 2026-11-01.' },
		{ line: 6, message: 'No product has the SKU “C”.' }
	]);
	expect(await importReceipts(shop.ctx(), { csv })).toEqual({ added: 3, leftOut: 2 });
	expect(await importReceipts(shop.ctx(), { csv })).toEqual({ added: 0, leftOut: 2 });
	const exported = await exportReceipts(shop.ctx());
	expect(exported.split('\r\n').slice(0, 4)).toEqual([
		'sku,title,received,quantity,cost,currency,note',
		'A,Title of A,2026-11-01,5,4.2,USD,PO 1',
		'A,Title of A,2026-11-01,5,4.2,USD,PO 1',
		"'=B,Title of =B,2026-11-03,2,1,USD,"
	]);
	expect(await importReceipts(shop.ctx(), { csv: exported })).toEqual({ added: 0, leftOut: 0 });
	expect(await listReceipts(shop.ctx(), { sku: '=B' })).toMatchObject({ total: 1 });
	await expect(previewReceipts(shop.ctx(), { csv: 'sku,cost\nA,1' })).rejects.toThrow(Invalid);
});

test('the method is the organization’s, chosen by owners and admins; average where nobody chose', async () => {
	const shop = await makeShop();
	expect(await costMethod(shop.ctx('viewer'))).toBe('average');
	await setCostMethod(shop.ctx('admin'), { method: 'fifo' });
	expect(await costMethod(shop.ctx('viewer'))).toBe('fifo');
	await expect(setCostMethod(shop.ctx('manager'), { method: 'average' })).rejects.toThrow(Forbidden);
	await expect(setCostMethod(shop.ctx(), { method: 'lifo' })).rejects.toThrow(Invalid);
});
