import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { parseItem } from './parse-item.ts';
import { parseWalmartOrder } from './parse-order.ts';
import { returnedLines } from './parse-return.ts';
import { parseSettledRow, withoutPairedTaxes } from './parse-settlement.ts';
import { parseInventory, parseWfsInventory } from './parse-stock.ts';

// The official examples lie beside the project (../shared/channels) and are no part of it: skipped where they are absent.
const FOLDER = resolve(import.meta.dirname, '../../../../../../shared/channels/walmart/fixtures');
const atHand = existsSync(FOLDER);

interface Case {
	operationId: string;
	contentType?: string;
	name: string;
	response?: Json;
}
function cases(file: string, ...operations: string[]): Case[] {
	const all = (
		JSON.parse(readFileSync(resolve(FOLDER, `${file}.examples.json`), 'utf8')) as { cases: Case[] }
	).cases;
	return all.filter(
		(one) => operations.includes(one.operationId) && one.response && typeof one.response === 'object'
	);
}
const list = (value: unknown) => (Array.isArray(value) ? (value as Json[]) : []);
function ordersIn(response: Json): Json[] {
	const wrapped = (response.list as Json | undefined)?.elements as Json | undefined;
	const one = (response.order ?? (response.purchaseOrderId ? response : null)) as Json | null;
	return [...list(wrapped?.order), ...(one ? [one] : [])];
}

test.skipIf(!atHand)('every official order is read: 2023 and 2026, single and in lists', () => {
	const found = ['2023-orders', '2026-orders'].flatMap((file) =>
		cases(
			file,
			'getAllOrders',
			'getAnOrder',
			'getAllReleasedOrders',
			'acknowledgeOrders',
			'shippingUpdates',
			'cancelOrderLines',
			'refundOrderLines'
		)
	);
	let orders = 0;
	for (const { response } of found)
		for (const node of ordersIn(response!)) {
			const parsed = parseWalmartOrder(node, 'poll');
			expect(parsed.lines.length).toBeGreaterThan(0);
			expect(Number(parsed.total)).toBeGreaterThanOrEqual(0);
			orders++;
		}
	expect(orders).toBeGreaterThan(30);
});

test.skipIf(!atHand)('the official return gave back what its total says', () => {
	const [example] = cases('2026-returns', 'getReturns');
	const returns = list(example!.response!.returnOrders);
	expect(returns.length).toBeGreaterThan(0);
	// three pieces were sent back and one of them was refunded: only that one counts
	const [line] = returnedLines(returns.slice(0, 1));
	expect(line).toMatchObject({
		quantity: 1,
		item: 119_950_000n,
		itemTax: 7_500_000n,
		adjustment: 0n,
		refundedAt: '2023-06-22T02:20:51.000Z'
	});
});

test.skipIf(!atHand)('official items, stock and settled rows are read', () => {
	let items = 0;
	for (const { response } of cases('2026-items', 'getAllItems'))
		for (const item of list(response!.ItemResponse)) {
			expect(parseItem(item)).toMatchObject({ sku: item.sku, externalId: item.sku });
			items++;
		}
	expect(items).toBeGreaterThan(3);
	for (const { response } of cases('2026-inventory', 'getMultiNodeInventoryForAllSkuAndAllShipNodes'))
		for (const one of list((response!.elements as Json).inventories))
			expect(parseInventory(one).length).toBeGreaterThan(0);
	for (const { response } of cases('2026-inventory', 'getWFSInventory'))
		for (const one of list((response!.payload as Json).inventory))
			expect(() => parseWfsInventory(one)).not.toThrow();
	const [report] = cases('2026-reports', 'getAvailableV1ReconReportAsJson');
	const rows = list(report!.response!.reportData).map((row) => parseSettledRow(row, '12192025', new Map()));
	expect(rows[0]).toMatchObject({ kind: 'payout', amount: '0.74' });
	// the price itself stands in the order
	expect(rows[1]).toBeNull();
});

test('settled rows: what each is for, on its day, and nothing about the buyer', () => {
	const row = (amountType: string, amount: string, type = 'Sale') => ({
		'Transaction Key': '2026_11_22_7',
		'Transaction Posted Timestamp': '11/22/2026',
		'Transaction Type': type,
		'Purchase Order #': '1803550130406',
		'Purchase Order line #': '1',
		'Partner Item Id': 'A/1',
		'Amount Type': amountType,
		Amount: amount,
		'Ship to City': 'Bentonville',
		'Ship to Zipcode': '72712'
	});
	const seen = new Map<string, number>();
	const read = (...given: Parameters<typeof row>) => parseSettledRow(row(...given), '11242026', seen);
	expect(read('Commission on Product', '-2.25')).toMatchObject({
		kind: 'fee',
		amount: '-2.25',
		orderExternalId: '1803550130406',
		sku: 'A/1',
		postedAt: '2026-11-22T12:00:00.000Z',
		state: 'settled'
	});
	expect(JSON.stringify(read('Commission on Product', '-2.25')!.payload)).not.toMatch(/Bentonville|72712/);
	expect(read('Commission on Product', '2.25', 'Refund')!.kind).toBe('refund_fee');
	expect(read('WFS Fulfillment Fee', '-3.45', 'Service Fee')!.kind).toBe('fee');
	expect(read('Shipping', '5')!.kind).toBe('shipping_income');
	expect(read('Product Tax Withheld', '-1')!.kind).toBe('tax');
	expect(read('Shipping Label Service Charge', '-4')!.kind).toBe('shipping_label');
	expect(read('Lost Inventory', '9', 'Adjustment')!.kind).toBe('adjustment');
	expect(read('Product Price', '20')).toBeNull();
	expect(read('Something new', '1')!.kind).toBe('other');
	const pair = [
		row('Product Tax', '1.6'),
		row('Product Tax Withheld', '-1.6'),
		row('Commission on Product', '-3')
	];
	expect(withoutPairedTaxes(pair)).toEqual(pair.slice(2));
	expect(withoutPairedTaxes(pair.slice(1))).toEqual(pair.slice(1));
	// equal rows are two movements; the same report again has the same ids
	const [first, second] = [read('Closing Fee', '-1'), read('Closing Fee', '-1')];
	expect(second!.externalId).toBe(`${first!.externalId}#2`);
	expect(parseSettledRow(row('Closing Fee', '-1'), '11242026', new Map())!.externalId).toBe(
		first!.externalId
	);
});
