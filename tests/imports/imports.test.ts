import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { ImportOptions } from '../../src/lib/contracts/imports.ts';
import { catchUp } from '../../src/lib/server/analytics/index.ts';
import { connectSimulated, getConnection } from '../../src/lib/server/channels/index.ts';
import {
	appendPart,
	beginImport,
	configureImport,
	discardImport,
	getImport,
	importErrorsCsv,
	listImports,
	startImport,
	templateCsv,
	undoImport,
	workOn
} from '../../src/lib/server/imports/index.ts';
import { record } from '../../src/lib/server/live/index.ts';
import { recordOrders } from '../../src/lib/server/orders/index.ts';
import type { Ctx } from '../../src/lib/server/platform/ctx.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { Conflict, Forbidden, Invalid, NotFound } from '../../src/lib/server/platform/errors.ts';
import { settings } from '../../src/lib/server/platform/running.ts';
import { asSystem } from '../../src/lib/server/platform/system.ts';
import { makeAnalyticsShop } from '../factories/olap.ts';
import { makeConnection } from '../factories/connection.ts';
import { digestOf } from '../factories/digest.ts';
import { makeLine, makeOrder } from '../factories/order.ts';
import { makeOrganization } from '../factories/organization.ts';
import { startShop } from '../channels/simulated-shop.ts';

vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

const GOLDEN = path.join(import.meta.dirname, 'files');
const never = new AbortController().signal;

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

/** Sends a file as the browser does, in parts. */
async function upload(ctx: Ctx, name: string, content: Uint8Array, part = 100_000): Promise<string> {
	const id = await beginImport(ctx, { filename: name, bytes: content.length });
	for (let at = 0; at < content.length; at += part)
		await appendPart(ctx, id, at, piecesOf(content.subarray(at, at + part)));
	return id;
}
const work = (ctx: Ctx, importId: string, signal = never) =>
	workOn({ organizationId: ctx.organization.id, importId }, signal);

/** Uploads, checks and imports a file. */
async function bring(ctx: Ctx, name: string, content: Uint8Array, options?: Partial<ImportOptions>) {
	const id = await upload(ctx, name, content);
	if (options) await configureImport(ctx, id, { ...(await getImport(ctx, id)).options, ...options });
	await work(ctx, id);
	await startImport(ctx, id);
	await work(ctx, id);
	return { id, view: (await getImport(ctx, id)).view };
}
const golden = (name: string) => fs.readFileSync(path.join(GOLDEN, name));

/** A file of our template: orders of so many lines, one product in ten. */
function templateFile(orders: number, lines = 2): Buffer {
	const rows = ['orderId,orderedAt,quantity,sku,title,unitPrice,email'];
	for (let line = 0; line < lines; line++)
		for (let order = 0; order < orders; order++)
			rows.push(
				`${8_000_000 + order},2023-0${(order % 9) + 1}-1${line} 10:00,1,SKU-${(order + line) % 10},Thing,${order % 50}.25,buyer${order % 7}@shop.test`
			);
	return Buffer.from(rows.join('\n'));
}

/** Everything of an organization but the imports' own bookkeeping, the audit log and the event positions. */
async function contentOf(organizationId: string): Promise<Record<string, string>> {
	const all = await asSystem('operator: queues and health', ({ sql }) => digestOf(sql, organizationId));
	const { imports: _1, import_errors: _2, audit_log: _3, outbox: _4, outbox_positions: _5, ...content } = all;
	return content;
}

async function ordersOf(organizationId: string) {
	return inOrganization(
		organizationId,
		({ sql }) => sql<{ externalId: string; status: string; gross: string | null; source: string }[]>`
		select o.external_id, o.status, o.gross, p.source from orders o left join order_payloads p on p.order_id = o.id
		where o.organization_id = ${organizationId} order by o.external_id`
	);
}

describe('a file of Amazon', () => {
	let ctx: Ctx;
	let id: string;
	beforeAll(async () => {
		const { ctx: as } = await makeOrganization({ timeZone: 'America/New_York' });
		ctx = as();
		id = await upload(ctx, 'C:\\reports\\all-orders.txt', golden('amazon-all-orders.txt'), 700);
	});

	test('is known by its header and checked; nothing is written before it is started', async () => {
		const before = await contentOf(ctx.organization.id);
		expect((await getImport(ctx, id)).view).toMatchObject({
			status: 'checking',
			format: 'amazon',
			filename: 'all-orders.txt'
		});
		await work(ctx, id);
		const { view, errors } = await getImport(ctx, id);
		expect(view).toMatchObject({
			status: 'ready',
			summary: {
				rows: 7,
				orders: 4,
				refused: 1,
				errors: 1,
				fresh: 4,
				told: 0,
				imported: 0,
				firstDay: '2023-02-28',
				lastDay: '2023-03-04',
				sums: [
					{ currency: 'USD', orders: 2, units: 4, gross: '52.5', discounts: '4', refunds: '0', net: '48.5' },
					{ currency: 'EUR', orders: 1, units: 3, gross: '50.4', discounts: '0', refunds: '0', net: '50.4' }
				]
			}
		});
		expect(view.summary!.samples[0]).toMatchObject({ line: 2, sku: 'TB-SL', quantity: 2, amount: '36' });
		expect(errors).toEqual([
			{
				line: 8,
				field: 'quantity',
				value: 'two',
				problem: '“two” is no number of pieces. Write a whole number.'
			}
		]);
		expect(await importErrorsCsv(ctx, id)).toBe(
			'line,column,value,problem\r\n8,quantity,two,“two” is no number of pieces. Write a whole number.\r\n'
		);
		expect(await contentOf(ctx.organization.id)).toEqual(before);
	});

	test('is imported into a connection made for files, which no sync ever takes', async () => {
		await startImport(ctx, id);
		await work(ctx, id);
		const { view } = await getImport(ctx, id);
		expect(view).toMatchObject({
			status: 'done',
			connectionName: 'Amazon files',
			result: { created: 4, updated: 0, unchanged: 0, told: 0, failed: 0 }
		});
		expect(
			(await ordersOf(ctx.organization.id)).map((order) => [order.externalId, order.status, order.source])
		).toEqual([
			['111-2223334-5556667', 'shipped', 'import'],
			['113-9999999-1111111', 'cancelled', 'import'],
			['114-0000001-0000002', 'pending', 'import'],
			['302-1234567-7654321', 'shipped', 'import']
		]);
		const [connection] = await inOrganization(
			ctx.organization.id,
			({ sql }) =>
				sql<
					{ id: string; status: string; credentials: string | null }[]
				>`select id, status, credentials from connections`
		);
		expect(connection).toMatchObject({ status: 'disconnected', credentials: null });
		expect((await getConnection(ctx, connection!.id)).connection.name).toBe('Amazon files');
		expect(fs.existsSync(path.join(settings().DATA_DIR, 'imports', id))).toBe(false);
	});

	test('a second time changes no row', async () => {
		const before = await contentOf(ctx.organization.id);
		const again = await bring(ctx, 'again.txt', golden('amazon-all-orders.txt'));
		expect(again.view.summary).toMatchObject({ fresh: 0, imported: 4, told: 0 });
		expect(again.view.result).toMatchObject({ created: 0, updated: 0, unchanged: 4 });
		expect(await contentOf(ctx.organization.id)).toEqual(before);
		await undoImport(ctx, again.id);
		await work(ctx, again.id);
		expect(await contentOf(ctx.organization.id)).toEqual(before);
	});
});

describe('orders that the channel tells itself', () => {
	test('are the same orders: a file never overwrites them, they always overwrite a file, and undoing leaves them', async () => {
		const { organization, ctx: as } = await makeOrganization();
		const ctx = as();
		const connectionId = await makeConnection(organization.id, { channel: 'shopify' });
		const told = makeOrder({
			externalId: '4501234567890',
			name: '#1001',
			placedAt: '2022-09-03T14:14:00Z',
			updatedAt: '2022-09-03T14:14:00Z',
			lines: [makeLine({ gross: '99' })]
		});
		const tell = (order: typeof told) =>
			record(organization.id, async (tx) => {
				const { events, outcomes } = await recordOrders(tx, [
					{ organizationId: organization.id, connectionId, channel: 'shopify', timeZone: 'UTC', order }
				]);
				return { result: outcomes, events };
			});
		await tell(told);
		const { id, view } = await bring(ctx, 'orders.csv', golden('shopify-orders-export.csv'));
		expect(view.summary).toMatchObject({ orders: 4, fresh: 3, told: 1 });
		expect(view.result).toMatchObject({ created: 3, told: 1 });
		expect(view.connectionName).toBe('Test connection');
		const of = async (externalId: string) =>
			(await ordersOf(organization.id)).find((order) => order.externalId === externalId);
		expect(await of('4501234567890')).toMatchObject({ gross: '99.0000', source: 'poll' });

		// as old as an order can be: its version is the moment it was placed
		await tell(
			makeOrder({
				externalId: '4501234567892',
				placedAt: '2022-10-01T11:00:00Z',
				updatedAt: '2022-10-01T11:00:00Z',
				lines: [makeLine({ gross: '77' })]
			})
		);
		expect(await of('4501234567892')).toMatchObject({ gross: '77.0000', source: 'poll' });
		const again = await bring(ctx, 'orders.csv', golden('shopify-orders-export.csv'));
		expect(again.view.result).toMatchObject({ created: 0, updated: 0, unchanged: 2, told: 2 });
		expect(await of('4501234567892')).toMatchObject({ gross: '77.0000', source: 'poll' });

		await undoImport(ctx, id);
		await work(ctx, id);
		expect((await getImport(ctx, id)).view).toMatchObject({
			status: 'undone',
			result: { removed: 2, kept: 1 }
		});
		expect((await ordersOf(organization.id)).map((order) => order.externalId)).toEqual([
			'4501234567890',
			'4501234567892'
		]);
	});

	test('the first account of a channel takes over what was imported before it was connected', async () => {
		const sim = await startShop('--months', '1', '--orders-per-day', '2');
		try {
			const { organization, ctx: as } = await makeOrganization();
			const ctx = as();
			await bring(ctx, 'orders.csv', golden('shopify-orders-export.csv'));
			const connectionId = await connectSimulated(ctx, sim);
			const rows = await inOrganization(
				organization.id,
				({ sql }) => sql<{ id: string; orders: number }[]>`
				select c.id, (select count(*) from orders o where o.connection_id = c.id)::int as orders from connections c`
			);
			expect(rows).toEqual([{ id: connectionId, orders: 4 }]);
		} finally {
			await sim.stop();
		}
	});
});

describe('undoing', () => {
	test('leaves an organization as it was, figures included', async () => {
		const shop = await makeAnalyticsShop({ timeZone: 'Europe/Berlin' });
		const ctx = shop.ctx();
		const organizationId = shop.organization.id;
		await shop.save([
			makeOrder({ externalId: '7001', lines: [makeLine({ sku: 'SKU-1', title: 'Old thing' })] })
		]);
		await shop.project();
		const range = { range: { from: '2023-01-01', to: '2023-12-31' }, by: 'month' };
		const before = await contentOf(organizationId);
		const figures = JSON.stringify((await shop.view(range)).totals);
		const { id, view } = await bring(ctx, 'history.csv', templateFile(600), { channel: 'shopify' });
		expect(view.result).toMatchObject({ created: 600 });
		await shop.project();
		expect((await shop.view(range)).totals.orders).toBe(600);
		expect(Number((await shop.view(range)).totals.net)).toBe(Number(view.summary!.sums[0]!.net));
		await undoImport(ctx, id);
		await work(ctx, id);
		await catchUp([organizationId]);
		expect(await contentOf(organizationId)).toEqual(before);
		expect(JSON.stringify((await shop.view(range)).totals)).toBe(figures);
		await expect(undoImport(ctx, id)).rejects.toThrow(Conflict);
	});

	test('keeps products that something else names by now', async () => {
		const { organization, ctx: as } = await makeOrganization();
		const ctx = as();
		const { id } = await bring(ctx, 'history.csv', templateFile(20), { channel: 'shopify' });
		await inOrganization(organization.id, async ({ sql }) => {
			await sql`insert into product_costs (organization_id, product_id, from_day, unit_cost, currency, source)
				select ${organization.id}, id, '2023-01-01', 3, 'USD', 'person' from products where sku = 'SKU-3'`;
		});
		await undoImport(ctx, id);
		await work(ctx, id);
		const left = await inOrganization(
			organization.id,
			({ sql }) => sql<{ sku: string }[]>`select sku from products`
		);
		expect(left.map((row) => row.sku)).toEqual(['SKU-3']);
	});
});

describe('work that is interrupted', () => {
	/** Ends the process as a kill would: after the n-th batch its transaction is the last thing that happened. */
	async function killAfter(ctx: Ctx, id: string, batches: number): Promise<void> {
		const stop = new AbortController();
		const done = work(ctx, id, stop.signal);
		for (;;) {
			const { view } = await getImport(ctx, id);
			if ((view.result?.created ?? 0) >= batches * 500 || view.status === 'done') break;
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
		stop.abort();
		await done;
	}

	test('goes on where it was, and nothing is counted twice', async () => {
		const { organization, ctx: as } = await makeOrganization();
		const ctx = as();
		const id = await upload(ctx, 'long.csv', templateFile(3_000));
		await configureImport(ctx, id, { ...(await getImport(ctx, id)).options, channel: 'shopify' });
		const stop = new AbortController();
		stop.abort();
		await work(ctx, id, stop.signal);
		expect((await getImport(ctx, id)).view.status).toBe('checking');
		await work(ctx, id);
		await startImport(ctx, id);
		await killAfter(ctx, id, 2);
		const { view } = await getImport(ctx, id);
		expect(view.status).toBe('importing');
		expect(view.result!.created).toBeLessThan(3_000);
		// a process that died without a word: the row looks busy until its heart has been silent for a minute
		await inOrganization(
			organization.id,
			({ sql }) => sql`update imports set heartbeat_at = now() where id = ${id}`
		);
		expect(await work(ctx, id)).toBe(false);
		await inOrganization(
			organization.id,
			({ sql }) => sql`update imports set heartbeat_at = now() - interval '2 minutes' where id = ${id}`
		);
		expect(await work(ctx, id)).toBe(true);
		expect((await getImport(ctx, id)).view).toMatchObject({
			status: 'done',
			result: { created: 3_000, updated: 0, unchanged: 0, failed: 0 }
		});
		expect(await ordersOf(organization.id)).toHaveLength(3_000);
	});

	test('undone in the middle, nothing of it stays', async () => {
		const { organization, ctx: as } = await makeOrganization();
		const ctx = as();
		const before = await contentOf(organization.id);
		const id = await upload(ctx, 'long.csv', templateFile(3_000));
		await configureImport(ctx, id, { ...(await getImport(ctx, id)).options, channel: 'shopify' });
		await work(ctx, id);
		await startImport(ctx, id);
		const running = work(ctx, id);
		for (let made = 0; made < 500;) made = (await getImport(ctx, id)).view.result?.created ?? 0;
		await undoImport(ctx, id);
		await running;
		await work(ctx, id);
		expect((await getImport(ctx, id)).view.status).toBe('undone');
		// the connection that was made for the file is gone too
		expect(await contentOf(organization.id)).toEqual(before);
	});

	test('a file that went from the disk is said in words', async () => {
		const { ctx: as } = await makeOrganization();
		const ctx = as();
		const id = await upload(ctx, 'orders.csv', golden('shopify-orders-export.csv'));
		fs.rmSync(path.join(settings().DATA_DIR, 'imports', id), { recursive: true });
		await work(ctx, id);
		expect((await getImport(ctx, id)).view).toMatchObject({
			status: 'failed',
			error: expect.stringContaining('no longer on this server')
		});
	});
});

describe('an upload', () => {
	test('comes in parts that follow each other, not more than announced', async () => {
		const { ctx: as } = await makeOrganization();
		const ctx = as();
		const content = templateFile(5);
		const id = await beginImport(ctx, { filename: 'a.csv', bytes: content.length });
		expect(await appendPart(ctx, id, 0, null)).toEqual({ received: 0, complete: false });
		await appendPart(ctx, id, 0, piecesOf(content.subarray(0, 100)));
		await expect(appendPart(ctx, id, 0, piecesOf(content.subarray(0, 100)))).rejects.toThrow(/byte 100/);
		await expect(appendPart(ctx, id, 100, piecesOf(Buffer.concat([content, content])))).rejects.toThrow(
			Invalid
		);
		expect(await appendPart(ctx, id, 100, piecesOf(content.subarray(100)))).toEqual({
			received: content.length,
			complete: true
		});
		await expect(beginImport(ctx, { filename: 'a.csv', bytes: 1024 * 1_000_001 })).rejects.toThrow(
			/larger than 1024 MB/
		);
		await expect(beginImport(ctx, { filename: 'a.xlsx', bytes: 10 })).rejects.toThrow(/Save it as CSV/);
		await expect(beginImport(ctx, { filename: '', bytes: 0 })).rejects.toThrow(Invalid);
		for (let n = 0; n < 4; n++) await beginImport(ctx, { filename: `${n}.csv`, bytes: 10 });
		await expect(beginImport(ctx, { filename: 'b.csv', bytes: 10 })).rejects.toThrow(Conflict);
		await discardImport(ctx, id);
		expect(fs.existsSync(path.join(settings().DATA_DIR, 'imports', id))).toBe(false);
		expect((await listImports(ctx)).map((one) => one.id)).not.toContain(id);
		await expect(startImport(ctx, id)).rejects.toThrow(Conflict);
	});

	test('our template is read without a word', async () => {
		const { ctx: as } = await makeOrganization();
		const ctx = as();
		const { view } = await bring(ctx, 'template.csv', Buffer.from(templateCsv()), { channel: 'amazon' });
		expect(view.summary).toMatchObject({ orders: 2, refused: 0, errors: 0 });
		expect(view.summary!.sums).toEqual([
			{ currency: 'USD', orders: 2, units: 3, gross: '37.5', discounts: '2.5', refunds: '12.5', net: '22.5' }
		]);
	});

	test('columns that hold nothing we know are asked for; a quotation mark left open names its line', async () => {
		const { ctx: as } = await makeOrganization();
		const ctx = as();
		const id = await upload(
			ctx,
			'own.csv',
			Buffer.from('Ref,When,N,What,Each\n7000001,2024-01-01,1,Mug,5\n')
		);
		const { view, options, header } = await getImport(ctx, id);
		expect([view.status, header]).toEqual(['mapping', ['Ref', 'When', 'N', 'What', 'Each']]);
		await expect(configureImport(ctx, id, options)).rejects.toThrow(/Say which columns hold these: Order id/);
		const mapping = { orderId: 'Ref', orderedAt: 'When', quantity: 'N', title: 'What', unitPrice: 'Each' };
		await configureImport(ctx, id, { ...options, mapping });
		await work(ctx, id);
		expect((await getImport(ctx, id)).view.summary).toMatchObject({ orders: 1, errors: 0 });
		await expect(configureImport(ctx, id, { ...options, mapping, connectionId: id })).rejects.toThrow(
			Invalid
		);
		await expect(configureImport(ctx, id, { ...options, mapping, timeZone: 'Mars/Base' })).rejects.toThrow(
			/time zone/
		);

		const open = await upload(ctx, 'open.csv', Buffer.from(`${templateFile(3)}\n8000009,"2023-01-01\n`));
		await configureImport(ctx, open, { ...(await getImport(ctx, open)).options, channel: 'shopify' });
		await work(ctx, open);
		expect((await getImport(ctx, open)).view).toMatchObject({
			status: 'failed',
			error: expect.stringContaining('opens in line 8')
		});
	});

	test('of another organization is not there, and only owners and admins import', async () => {
		const mine = await makeOrganization();
		const theirs = await makeOrganization();
		const id = await upload(theirs.ctx(), 'orders.csv', golden('shopify-orders-export.csv'));
		const calls = [
			(ctx: Ctx) => getImport(ctx, id),
			(ctx: Ctx) => appendPart(ctx, id, 0, null),
			(ctx: Ctx) => startImport(ctx, id),
			(ctx: Ctx) => undoImport(ctx, id),
			(ctx: Ctx) => discardImport(ctx, id),
			(ctx: Ctx) => importErrorsCsv(ctx, id)
		];
		for (const call of calls) {
			await expect(call(mine.ctx('owner'))).rejects.toThrow(NotFound);
			for (const role of ['manager', 'analyst', 'viewer'] as const)
				await expect(call(theirs.ctx(role))).rejects.toThrow(Forbidden);
		}
		expect(await work(mine.ctx(), id)).toBe(false);
	});
});
