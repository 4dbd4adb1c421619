import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportOptions } from '#lib/contracts/imports.ts';
import { decideKind, figuresByDay } from '../orders/index.ts';
import type { ImportFiles } from './files.ts';
import { detect, missingColumns } from './formats/detect.ts';
import { readOrders, type FileFacts, type ReadOrder } from './read-orders.ts';
import { decoded, detectEncoding } from './text/encoding.ts';

// The files are written by us, with the columns that the channels document and export; see tests/imports/README.md.
const GOLDEN = path.resolve(import.meta.dirname, '../../../../tests/imports/files');
let folder: string;
beforeAll(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-read-'))));
afterAll(() => fs.rmSync(folder, { recursive: true }));

async function read(
	upload: string,
	given: Partial<ImportOptions> = {}
): Promise<{ orders: ReadOrder[]; facts: FileFacts; options: ImportOptions }> {
	const files: ImportFiles = {
		folder,
		upload,
		orders: path.join(folder, 'orders'),
		run: (number) => path.join(folder, `run-${number}`)
	};
	const encoding = given.encoding ?? (await detectEncoding(upload));
	let head = '';
	for await (const { text } of decoded(upload, encoding)) if (head === '') head = text.slice(0, 65_536);
	const { header: _header, channel, ...found } = detect(head);
	const options: ImportOptions = {
		...found,
		channel: channel ?? 'shopify',
		encoding,
		timeZone: 'America/New_York',
		currency: 'USD',
		perPiece: false,
		connectionId: null,
		...given
	};
	const facts: FileFacts = { rows: 0, keyless: [], unreadable: 0 };
	const orders: ReadOrder[] = [];
	for await (const order of readOrders(files, options, facts)) orders.push(order);
	return { orders, facts, options };
}

/** What people check by hand: an order's figures and the words about it. */
function brief({ order, problems, notices }: ReadOrder) {
	if (!order)
		return { problems: problems.map(({ line, field }) => `${line} ${field}`), notices: notices.size };
	const kind = decideKind(order);
	return {
		id: order.externalId,
		kind,
		status: order.status,
		at: order.placedAt,
		money: `${order.currency} ship ${order.shipping} tax ${order.tax} total ${order.total}`,
		lines: order.lines.map(
			(line) => `${line.quantity} ${line.sku} ${line.gross} -${line.discount} tax ${line.tax}`
		),
		days: figuresByDay({ ...order, kind }, 'America/New_York').map((day) => `${day.day} ${day.net}`)
	};
}

describe('files as the channels make them', () => {
	test('Amazon: tab separated, Western letters, an order’s rows apart, tax inside in Germany', async () => {
		const { orders, options, facts } = await read(path.join(GOLDEN, 'amazon-all-orders.txt'));
		expect(options).toMatchObject({ format: 'amazon', delimiter: '\t', encoding: 'windows-1252' });
		expect(facts).toMatchObject({ rows: 7, keyless: [], unreadable: 0 });
		expect(orders.map(brief)).toEqual([
			{
				id: '111-2223334-5556667',
				kind: 'sale',
				status: 'shipped',
				at: '2023-02-28T23:30:00.000Z',
				money: 'USD ship 0 tax 4.82 total 53.32',
				lines: ['2 TB-SL 40 -4 tax 3.3', '1 MUG 12.5 -0 tax 1.03'],
				days: ['2023-02-28 48.5']
			},
			{ problems: ['8 quantity'], notices: 0 },
			{
				id: '113-9999999-1111111',
				kind: 'cancelled',
				status: 'cancelled',
				at: '2023-03-04T12:00:00.000Z',
				money: 'USD ship 0 tax 0 total 0',
				lines: ['0 MUG null -0 tax 0'],
				days: []
			},
			{
				id: '114-0000001-0000002',
				kind: 'sale',
				status: 'pending',
				at: '2023-03-01T08:00:00.000Z',
				money: 'USD ship 0 tax 0 total null',
				lines: ['1 MUG null -0 tax 0'],
				days: ['2023-03-01 0']
			},
			{
				id: '302-1234567-7654321',
				kind: 'sale',
				status: 'shipped',
				at: '2023-03-03T11:00:00.000Z',
				money: 'EUR ship 4.19 tax 10.37 total 64.96',
				lines: ['3 MUG-DE 50.4 -0 tax 9.57'],
				days: ['2023-03-03 50.4']
			},
			{ problems: [], notices: 1 }
		]);
		expect(orders[4]!.order!.lines[0]!.title).toBe('Emaille-Becher „Förde“');
		expect(orders[4]!.order!.address!.city).toBe('München');
		expect(orders[0]!.order!.lines[0]!.title).toBe('Trail bottle 24" tall, slate');
	});

	test('Shopify: the order’s own cells in its first row, discounts and taxes parted over lines, refunds', async () => {
		const { orders, options } = await read(path.join(GOLDEN, 'shopify-orders-export.csv'));
		expect(options).toMatchObject({ format: 'shopify', delimiter: ',', encoding: 'utf-8' });
		expect(orders.map(brief)).toEqual([
			{
				id: '4501234567890',
				kind: 'sale',
				status: 'shipped',
				at: '2022-09-03T14:14:00.000Z',
				money: 'USD ship 6 tax 3.29 total 56.29',
				lines: ['2 FERN-1 32 -3.08 tax 2.02', '1 TOTE-1 20 -1.92 tax 1.27'],
				days: ['2022-09-03 47']
			},
			{
				id: '4501234567891',
				kind: 'sale',
				status: 'cancelled',
				at: '2022-09-10T13:00:00.000Z',
				money: 'USD ship 5 tax 2 total 32',
				lines: ['1 MUG-1 25 -0 tax 2'],
				days: ['2022-09-10 25', '2022-09-12 -25']
			},
			{
				id: '4501234567892',
				kind: 'sale',
				status: 'partially_refunded',
				at: '2022-10-01T11:00:00.000Z',
				money: 'GBP ship 0 tax 10 total 60',
				lines: ['3 MUG-1 50 -0 tax 10'],
				days: ['2022-10-01 50', '2022-10-03 -10']
			},
			{
				id: '4501234567893',
				kind: 'cancelled',
				status: 'cancelled',
				at: '2022-10-02T11:00:00.000Z',
				money: 'USD ship 0 tax 0 total 25',
				lines: ['1 MUG-1 25 -0 tax 0'],
				days: []
			},
			{ problems: ['8 Id'], notices: 0 }
		]);
		expect(orders[0]!.order!.customer).toEqual({
			externalId: 'email:ada@example.com',
			name: 'Ada Example',
			email: 'ada@example.com',
			country: 'US',
			updatedAt: null
		});
		expect(JSON.parse(orders[0]!.order!.payload).rows[0].Notes).toBe('Two lines,\nand a "quote"');
	});

	test('Walmart: cancelled lines were never sold, replacements are no sales, a spreadsheet’s ids are refused', async () => {
		const { orders, options } = await read(path.join(GOLDEN, 'walmart-po-data.csv'));
		expect(options).toMatchObject({ format: 'walmart', channel: 'walmart', encoding: 'utf-8' });
		expect(orders.map(brief)).toEqual([
			{ problems: ['7 PO#'], notices: 0 },
			{
				id: '108792345678901',
				kind: 'sale',
				status: 'delivered',
				at: '2024-01-15T17:00:00.000Z',
				money: 'USD ship 0 tax 3.3 total 43.28',
				lines: ['2 TB/SL 39.98 -0 tax 3.3', '0 MUG 0 -0 tax 0'],
				days: ['2024-01-15 39.98']
			},
			expect.objectContaining({ id: '108792345678902', kind: 'cancelled', days: [] }),
			expect.objectContaining({ id: '108792345678903', kind: 'replacement', days: [] }),
			expect.objectContaining({
				id: '108792345678904',
				status: 'pending',
				money: 'USD ship 5.99 tax 1.03 total 19.52',
				days: ['2024-01-18 12.5']
			})
		]);
	});

	test('own columns: semicolons, commas before the cents, UTF-16, negative rows give back', async () => {
		const mapping = {
			orderId: 'Bestellnummer',
			orderedAt: 'Datum',
			quantity: 'Menge',
			title: 'Artikel',
			sku: 'SKU',
			unitPrice: 'Preis',
			discount: 'Rabatt',
			tax: 'Steuer',
			status: 'Status',
			country: 'Land',
			refundAmount: 'Erstattung',
			refundedAt: 'Erstattet am'
		};
		const { orders, options } = await read(path.join(GOLDEN, 'own-columns.csv'), {
			mapping,
			timeZone: 'Europe/Berlin',
			currency: 'EUR'
		});
		expect(options).toMatchObject({
			format: 'template',
			delimiter: ';',
			encoding: 'utf-16le',
			decimal: ','
		});
		expect(orders.map(brief)).toEqual([
			{ problems: ['10 Bestellnummer'], notices: 0 },
			expect.objectContaining({
				at: '2021-03-31T21:30:00.000Z',
				lines: ['2 BE-G 25 -1 tax 4.56', '1 KA 49 -0 tax 9.31'],
				days: ['2021-03-31 73']
			}),
			expect.objectContaining({ kind: 'cancelled', lines: ['1 KA 1049 -0 tax 199.31'] }),
			expect.objectContaining({ lines: ['1 KA 49 -0 tax 9.31'], days: ['2021-04-02 49', '2021-04-09 -49'] }),
			expect.objectContaining({ days: ['2021-04-02 49', '2021-04-05 -10'] }),
			{ problems: ['8 Preis'], notices: 0 },
			{ problems: ['9 Datum'], notices: 0 }
		]);
		expect(orders[1]!.order!.lines[0]!.title).toBe('Becher; groß');
		expect(missingColumns(['A', 'B'], { format: 'template', mapping: { orderId: 'A' } })).toEqual([
			'Ordered at',
			'Quantity',
			'Unit price or Line amount',
			'SKU or Title'
		]);
	});
});

describe('whatever the file', () => {
	const HEADER = 'orderId,orderedAt,quantity,sku,unitPrice';
	const write = (name: string, rows: string[]) => {
		const file = path.join(folder, name);
		fs.writeFileSync(file, [HEADER, ...rows].join('\n'));
		return file;
	};

	test('the order of rows does not change orders; repeats elsewhere are read once, twins next to each other twice', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(fc.nat(8), fc.nat(30)), { minLength: 1, maxLength: 40 }),
				fc.infiniteStream(fc.nat(1000)),
				async (pairs, numbers) => {
					const rows = [
						...new Set(pairs.map(([order, sku]) => `60000${order}0,2024-05-0${(order % 8) + 1},1,S${sku},5`))
					];
					const shuffled = rows
						.map((row) => ({ row, at: numbers.next().value }))
						.sort((a, b) => a.at - b.at)
						.map(({ row }) => row);
					const sold = async (name: string, list: string[]) =>
						(await read(write(name, list), { channel: 'shopify' })).orders.map(({ order }) => [
							order!.externalId,
							order!.lines.map((line) => line.sku).sort()
						]);
					const plain = await sold('plain.csv', rows);
					expect(await sold('shuffled.csv', shuffled)).toEqual(plain);
					expect(await sold('twice.csv', [...rows, HEADER, ...rows])).toEqual(plain);
				}
			),
			{ numRuns: 20 }
		);
		const twins = await read(write('twins.csv', ['6000001,2024-05-01,1,A,5', '6000001,2024-05-01,1,A,5']));
		expect(twins.orders[0]!.order!.lines).toHaveLength(2);
	});

	test('rows spill to disk and come back whole', async () => {
		const rows = Array.from(
			{ length: 24_000 },
			(_, at) =>
				`${70_000_000 + ((at * 7919) % 12_000)},2024-05-01,1,SKU-${at}-${'x'.repeat(200)},${(at % 100) + 0.25}`
		);
		const { orders, facts } = await read(write('large.csv', rows));
		expect(facts.rows).toBe(24_000);
		expect(orders).toHaveLength(12_000);
		expect(orders.every(({ order }) => order?.lines.length === 2)).toBe(true);
		expect(fs.readdirSync(folder).filter((name) => name.startsWith('run-'))).toEqual([]);
	});

	test('a column that is no order id is refused in words, whatever its length', async () => {
		const rows = Array.from({ length: 6_000 }, (_, at) => `7000001,2024-05-01,1,SKU-${at},1`);
		const { orders } = await read(write('constant.csv', rows));
		expect(orders).toHaveLength(1);
		expect(orders[0]!.problems[0]!.problem).toMatch(/6000 rows have this order id/);
	});

	test('Japanese and Latin letters are told apart', async () => {
		const file = path.join(folder, 'sjis.txt');
		// マグ in Shift JIS, then é in Western letters
		fs.writeFileSync(file, Buffer.from([0x61, 0x2c, 0x83, 0x7d, 0x83, 0x4f, 0x0a]));
		expect(await detectEncoding(file)).toBe('shift_jis');
		fs.writeFileSync(file, Buffer.from([0x61, 0x2c, 0xe9, 0x72, 0x0a]));
		expect(await detectEncoding(file)).toBe('windows-1252');
	});
});
