import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import {
	modelsAtHand,
	operationOf,
	parametersOf,
	requestFaultsOf
} from '../../simulator/walmart/testing/models.ts';
import { periods } from '../../simulator/walmart/settlement.ts';
import { Refused } from '../../simulator/walmart/error.ts';
import {
	commissionOf,
	FEE_PARTS,
	fulfilmentFeeOf,
	postingsOf
} from '../../simulator/world/market/postings.ts';
import { walmartCredentials, walmartOf, type WalmartSide } from '../../simulator/walmart/mount.ts';
import { performRun } from '../../src/lib/server/channels/sync/perform.ts';
import { queueRun, type RunKind } from '../../src/lib/server/channels/sync/runs.ts';
import { disconnect } from '../../src/lib/server/channels/control.ts';
import { channelOf } from '../../src/lib/server/channels/registry.ts';
import { fetchOrders } from '../../src/lib/server/channels/sync/fetch-orders.ts';
import { connectSimulatedWalmart, connectWalmart } from '../../src/lib/server/channels/walmart/connect.ts';
import { receiveWalmartWebhook } from '../../src/lib/server/channels/walmart/receive.ts';
import type { Ctx } from '../../src/lib/server/platform/ctx.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { settings } from '../../src/lib/server/platform/running.ts';
import { makeOrganization } from '../factories/organization.ts';
import { startShop, type SimulatedShop } from './simulated-shop.ts';

// A simulated seller misbehaves over HTTP; in the end every day's figures equal the simulator's own ledger, to the cent.
const queued: { name: string; payload: unknown }[] = [];
vi.mock('../../src/lib/server/platform/queue.ts', () => ({
	enqueue: async (job: { name: string }, payload: unknown) => {
		queued.push({ name: job.name, payload });
	}
}));

let sim: SimulatedShop;
afterEach(async () => {
	await sim.stop();
	queued.length = 0;
});

interface Target {
	ctx: Ctx;
	organizationId: string;
	connectionId: string;
}
const small = ['--months', '2', '--orders-per-day', '4', '--products', '60', '--walmart-orders-per-day', '8'];

async function connected(): Promise<Target> {
	const { organization, ctx } = await makeOrganization();
	const { url: baseUrl, ...keys } = walmartCredentials(sim.simulator);
	const connectionId = await connectSimulatedWalmart(ctx(), { baseUrl, ...keys });
	return { ctx: ctx(), organizationId: organization.id, connectionId };
}

interface RunRow {
	status: string;
	error: string | null;
	requests: number;
	retries: number;
	progress: Record<string, { done: number; written: number; unchanged: number; dead: number }>;
}
async function run(
	{ organizationId, connectionId }: Target,
	kind: RunKind,
	expected = 'succeeded'
): Promise<RunRow> {
	const runId = await inOrganization(organizationId, (tx) =>
		queueRun(tx, { organizationId, id: connectionId }, kind, 'person')
	);
	expect(await performRun({ organizationId, connectionId, runId }, new AbortController().signal)).toBe(true);
	const [row] = await inOrganization(
		organizationId,
		({ sql }) =>
			sql<RunRow[]>`select status, error, requests, retries, progress from sync_runs where id = ${runId}`
	);
	expect(row!.status, row!.error ?? '').toBe(expected);
	return row!;
}

type Figures = Record<string, Record<'orders' | 'units' | 'gross' | 'discounts' | 'refunds', number>>;
async function told(): Promise<Figures> {
	const reply = await fetch(`${sim.baseUrl}/__control/ledger?channel=walmart&timeZone=UTC`);
	return byDay(((await reply.json()) as { days: Record<string, unknown>[] }).days);
}
/** The same from what is stored, in SQL of its own. */
async function stored({ organizationId }: Target): Promise<Figures> {
	const rows = await inOrganization(
		organizationId,
		({ sql }) => sql<Record<string, unknown>[]>`
		with part as (
			select (o.placed_at at time zone 'UTC')::date::text as day, 1 as orders,
				(select coalesce(sum(quantity), 0) from order_lines l where l.order_id = o.id) as units,
				(select coalesce(sum(gross), 0) from order_lines l where l.order_id = o.id) as gross,
				(select coalesce(sum(discount), 0) from order_lines l where l.order_id = o.id) as discounts, 0 as refunds
			from orders o where o.kind = 'sale'
			union all
			select (r.refunded_at at time zone 'UTC')::date::text, 0, 0, 0, 0, rl.amount
			from orders o join refunds r on r.order_id = o.id join refund_lines rl on rl.refund_id = r.id
			where o.kind in ('sale', 'refund_only') and rl.kind <> 'shipping'
		)
		select day, sum(orders) as orders, sum(units) as units, sum(gross) as gross, sum(discounts) as discounts, sum(refunds) as refunds from part group by day`
	);
	return byDay(rows);
}
function byDay(rows: readonly Record<string, unknown>[]): Figures {
	const figures: Figures = {};
	for (const row of rows) {
		const names = ['orders', 'units', 'gross', 'discounts', 'refunds'] as const;
		const own = Object.fromEntries(
			names.map((name) => [name, Math.round(Number(row[name]) * 100) / 100])
		) as Figures[string];
		if (Object.values(own).some((value) => value !== 0)) figures[String(row.day)] = own;
	}
	return figures;
}
async function expectLedger(target: Target): Promise<void> {
	expect(await stored(target)).toEqual(await told());
	const dead = await inOrganization(
		target.organizationId,
		({ sql }) => sql`select topic, error from inbox where status = 'dead'`
	);
	expect(dead).toEqual([]);
}
const side = (): WalmartSide => walmartOf(sim.simulator);
const rows = <T extends object>({ organizationId }: Target, query: string) =>
	inOrganization(organizationId, ({ sql }) => sql.unsafe<T[]>(query));
/** A window of changes ends five seconds before now. */
const settleWindow = () => sleep(6500);

test('a first sync has the figures of the ledger; a second one changes nothing', async () => {
	sim = await startShop(...small);
	const target = await connected();
	const first = await run(target, 'backfill');
	await expectLedger(target);
	expect(first.progress.orders!.written).toBeGreaterThan(300);
	expect(side().seller.counters.repeatedCorrelationIds).toBe(0);
	const versions = () => rows(target, 'select id, content_hash, updated_at from orders order by id');
	const before = await versions();
	const again = await run(target, 'incremental');
	expect(again.progress.orders?.written ?? 0).toBe(0);
	expect(await versions()).toEqual(before);
}, 120_000);

test.each(['F27', 'F28', 'F29', 'F30', 'F31', 'F32', 'F33', 'F34', 'F37'])(
	'%s: a first sync has the figures of the ledger',
	async (fault) => {
		sim = await startShop(...small, '--fault', fault);
		const target = await connected();
		const row = await run(target, 'backfill');
		await expectLedger(target);
		const { counters, correlationIds } = side().seller;
		expect(counters.repeatedCorrelationIds).toBe(0);
		expect(correlationIds.size).toBe(counters.calls);
		// the three passes, each at least once
		for (const type of ['SellerFulfilled', 'WFSFulfilled', '3PLFulfilled'])
			expect(counters.listings[type]).toBeGreaterThan(0);
		if (fault === 'F30') expect(counters.refused).toBeGreaterThan(3);
		if (fault === 'F31') expect(counters.throttled).toBeGreaterThan(3);
		if (['F29', 'F30', 'F31', 'F32'].includes(fault)) expect(row.retries).toBeGreaterThan(2);
		if (fault === 'F33') {
			const customers = await rows(target, 'select 1 from customers');
			expect(customers).toHaveLength(0);
			const [awkward] = await rows<{ n: number }>(
				target,
				"select count(*)::int as n from listings where sku like '%/%' or sku like '%\\%%'"
			);
			expect(awkward!.n).toBeGreaterThan(2);
		}
		if (fault === 'F37') {
			const [connection] = await rows<{ facts: { drift?: Record<string, number> } }>(
				target,
				'select facts from connections'
			);
			expect(Object.keys(connection!.facts.drift ?? {})).toContain('orderLineStatus: HandedToDrone');
			const [other] = await rows<{ n: number }>(
				target,
				"select count(*)::int as n from orders where status = 'other'"
			);
			expect(other!.n).toBeGreaterThan(10);
		}
	},
	180_000
);

test('F28: WFS and 3PL orders are there, each once', async () => {
	sim = await startShop(...small);
	const target = await connected();
	await run(target, 'backfill');
	const ids = (await rows<{ externalId: string }>(target, 'select external_id from orders')).map(
		(row) => row.externalId
	);
	const { market } = side().seller;
	expect(ids.toSorted()).toEqual(market.orders.map((order) => order.id).toSorted());
	expect(market.orders.some((order) => order.fulfilment === 'third_party')).toBe(true);
}, 120_000);

test('F34: lines end cancelled, shipped and refunded, each for itself; a replacement is no sale', async () => {
	sim = await startShop(...small);
	const target = await connected();
	await run(target, 'backfill');
	const live = side().live;
	let order = live.emit({ lineCount: 3 });
	for (let tries = 0; tries < 30 && (order?.lines.length ?? 0) < 3; tries++)
		order = live.emit({ lineCount: 3 });
	expect(order!.lines).toHaveLength(3);
	expect(live.hasten(order!, 'acknowledge')).toBe(true);
	expect(live.hasten(order!, 'cancel_line', { line: order!.lines[1]! })).toBe(true);
	expect(live.hasten(order!, 'ship')).toBe(true);
	expect(live.hasten(order!, 'refund', { part: 'line' })).toBe(true);
	live.settle(60);
	await settleWindow();
	await run(target, 'incremental');
	await expectLedger(target);
	const lines = await rows<{ quantity: number }>(
		target,
		`select l.quantity from order_lines l join orders o on o.id = l.order_id where o.external_id = '${order!.id}' order by l.position`
	);
	expect(lines.map((line) => Number(line.quantity))).toEqual([
		order!.lines[0]!.quantity,
		0,
		order!.lines[2]!.quantity
	]);
	const replaced = await rows<{ kind: string; gross: string }>(
		target,
		"select kind, gross from orders where kind = 'replacement'"
	);
	const there = side().seller.market.orders.filter((one) => one.replacementOf).length;
	expect(replaced.length).toBe(there);
	expect(there).toBeGreaterThan(0);
}, 120_000);

test('what happens later arrives with the next windows: refunds on their day, cancellations, new orders', async () => {
	sim = await startShop(...small);
	const target = await connected();
	await run(target, 'backfill');
	const { live } = side();
	for (let i = 0; i < 8; i++) live.emit();
	live.settle(40);
	await settleWindow();
	const row = await run(target, 'incremental');
	expect(row.progress.orders!.written).toBeGreaterThan(20);
	await expectLedger(target);
}, 120_000);

test('a run of syncs under mixed faults: each succeeds after retries, and nothing is lost', async () => {
	sim = await startShop(...small);
	const target = await connected();
	await run(target, 'backfill');
	const faults = ['F27', 'F29', 'F30', 'F31', 'F32'];
	const { live, seller } = side();
	let retries = 0;
	for (let round = 0; round < 8; round++) {
		const on = faults.filter((_, place) => (round >> place) % 2 === 1 || place === round % 5);
		await sim.control('faults', { on, off: faults.filter((one) => !on.includes(one)) });
		for (let i = 0; i < 3; i++) live.emit();
		live.settle(3);
		retries += (await run(target, round === 6 ? 'reconcile' : 'incremental')).retries;
	}
	expect(retries).toBeGreaterThan(8);
	expect(seller.counters.repeatedCorrelationIds).toBe(0);
	await sim.control('faults', { off: faults });
	live.settle(60);
	await settleWindow();
	await run(target, 'incremental');
	await expectLedger(target);
}, 240_000);

test('answers that are cut off, empty or without their list never count as read', async () => {
	sim = await startShop(...small);
	const target = await connected();
	await run(target, 'backfill');
	side().live.emit();
	await settleWindow();
	const synced = () =>
		rows<{ at: string }>(target, "select synced_to::text as at from sync_cursors where resource = 'orders'");
	const before = await synced();
	const { seller } = side();
	// 200 with an error inside, as gateways answer now and then
	const { missing } = seller;
	const trouble = {
		status: 200,
		body: { errors: [{ code: 'SYSTEM_ERROR', description: 'Try again later' }] }
	};
	seller.missing = () => {
		throw new Refused(trouble);
	};
	const row = await run(target, 'incremental', 'failed');
	expect(row.error).toContain('without its list');
	expect(await synced()).toEqual(before);
	seller.missing = missing;
	side().live.settle(60);
	await settleWindow();
	await run(target, 'incremental');
	await expectLedger(target);
}, 120_000);

test('F32: orders that Walmart had but could not give are remembered until it can', async () => {
	sim = await startShop(...small);
	const target = await connected();
	const { seller } = side();
	const gone = new Set(seller.market.orders.slice(5, 8).map((order) => order.id));
	const { missing } = seller;
	seller.missing = (ids) => ids.filter((id) => gone.has(id));
	seller.hidden = gone;
	await run(target, 'backfill');
	expect(await stored(target)).not.toEqual(await told());
	seller.missing = missing;
	seller.hidden = new Set();
	await run(target, 'incremental');
	await expectLedger(target);
}, 120_000);

test('F31: a long wait gives the slot away and goes on at the same page', async () => {
	sim = await startShop(...small, '--walmart-quota', '1');
	const target = await connected();
	const { seller } = side();
	const limits = seller.options.limits as Record<string, { perMinute: number; burst: number }>;
	limits.orders = { perMinute: 1, burst: 1 };
	seller.buckets.delete('orders');
	await run(target, 'backfill', 'queued');
	const [waiting] = await rows<{ soon: boolean }>(
		target,
		"select resume_at between now() + interval '15 seconds' and now() + interval '300 seconds' as soon from sync_runs where status = 'queued' and resume_at is not null"
	);
	expect(waiting!.soon).toBe(true);
}, 120_000);

test('stock of all nodes and of WFS, listings with prices, and places with names', async () => {
	sim = await startShop(...small);
	const target = await connected();
	await run(target, 'backfill');
	const { market } = side().seller;
	const listings = await rows<{ sku: string; price: string }>(
		target,
		'select sku, price from listings where price is not null order by sku'
	);
	expect(listings.map((one) => [one.sku, Number(one.price)])).toEqual(
		market.offers
			.map((offer) => [offer.sku, offer.price / 10_000] as const)
			.toSorted(([a], [b]) => (a < b ? -1 : 1))
	);
	const [sum] = await rows<{ available: number }>(
		target,
		'select sum(available)::int as available from stock_levels'
	);
	const expected = market.offers.reduce(
		(all, { stock, variant }) =>
			all + (stock ? stock.available : variant.levels.reduce((s, level) => s + level.available, 0)),
		0
	);
	expect(sum!.available).toBe(expected);
	const places = (await rows<{ name: string }>(target, 'select name from locations')).map((one) => one.name);
	expect(places).toEqual(expect.arrayContaining(['Walmart Fulfillment Services', 'Portland warehouse']));
	const again = await run(target, 'stock');
	expect(again.progress.stock).toMatchObject({ written: 0 });
	const items = await run(target, 'catalog');
	expect(items.progress.products).toMatchObject({ written: 0 });
}, 120_000);

test('settlements: fees of each order to the cent, once, however often they are read; the rest is estimated', async () => {
	sim = await startShop(...small);
	const target = await connected();
	await run(target, 'backfill');
	const sums = () =>
		rows<{ state: string; total: string; n: number }>(
			target,
			"select state, sum(amount)::text as total, count(*)::int as n from channel_transactions where kind in ('fee', 'refund_fee', 'shipping_label') group by state order by state"
		);
	const before = await sums();
	const [estimated, settled] = before;
	const truth = feesOfWorld();
	expect(settled).toMatchObject({ state: 'settled', total: expect.any(String) });
	expect(Number(settled!.total).toFixed(2)).toBe((-truth.settled / 100).toFixed(2));
	// what was not settled yet is estimated from the same SKU's settled sales
	expect(estimated!.state).toBe('estimated');
	expect(-Number(estimated!.total) / (truth.open / 100)).toBeGreaterThan(0.8);
	expect(-Number(estimated!.total) / (truth.open / 100)).toBeLessThan(1.2);
	await run(target, 'finances');
	expect(await sums()).toEqual(before);
	const [linked] = await rows<{ n: number }>(
		target,
		'select count(*)::int as n from channel_transactions t join orders o on o.external_id = t.order_external_id'
	);
	expect(linked!.n).toBeGreaterThan(100);
	const personal = await rows(
		target,
		"select 1 from channel_transactions where payload::text ~* 'zip|city|street'"
	);
	expect(personal).toEqual([]);
}, 120_000);

/** Fees in cents: those of closed settlements, and those that the other sales will cost. */
function feesOfWorld(): { settled: number; open: number } {
	const { seller } = side();
	const sum = { settled: 0, open: 0 };
	const told = new Set<string>();
	for (const posting of postingsOf(seller.market, periods(seller).at(-1)!.to - 1)) {
		if (posting.order) told.add(posting.order.id);
		for (const { parts } of posting.lines)
			for (const part of parts) if (FEE_PARTS.includes(part.name)) sum.settled -= part.cents;
	}
	for (const order of seller.market.orders) {
		if (told.has(order.id) || order.cancelledAt || order.replacementOf) continue;
		for (const line of order.lines)
			if (!line.cancelledAt) sum.open += commissionOf(line, order.site) + fulfilmentFeeOf(line, order.site);
	}
	return sum;
}

// Skipped where the official models are not at hand (../shared/channels/walmart).
test.skipIf(!modelsAtHand)(
	'every request of ours is one that the official models know',
	async () => {
		sim = await startShop(...small, '--fault', 'F27');
		const target = await connected();
		await run(target, 'backfill');
		await run(target, 'reconcile');
		const seen = new Set<string>();
		for (const { method, path, search, body } of side().seller.calls) {
			const operation = operationOf(method, path, search);
			expect(operation, `${method} ${path}`).not.toBeNull();
			seen.add(`${method} ${operation!.path}`);
			if (body.startsWith('{'))
				expect(
					requestFaultsOf(operation!.name, method.toLowerCase(), operation!.path, JSON.parse(body))
				).toEqual([]);
			// a cursor is Walmart's own query, sent back letter by letter
			if (search.includes('hasMoreElements')) continue;
			const known = parametersOf(operation!.name, method.toLowerCase(), operation!.path);
			const asked = [...new URLSearchParams(search).keys()].filter(
				(name) => !known.has(name) && !operation!.path.includes(`?${name}=`)
			);
			expect(asked, `${method} ${path}`).toEqual([]);
		}
		expect(seen.size).toBeGreaterThan(8);
	},
	120_000
);

test('the nightly reading finds what the windows missed, and keeps Walmart’s own figures', async () => {
	sim = await startShop(...small);
	const target = await connected();
	await run(target, 'backfill');
	await rows(
		target,
		'delete from orders where external_id in (select external_id from orders order by placed_at desc limit 5)'
	);
	expect(await stored(target)).not.toEqual(await told());
	await run(target, 'reconcile');
	await expectLedger(target);
	const ledger = await ledgerOf('America/Los_Angeles');
	const figures = await rows<{ day: string; orders: number; units: number; gross: string }>(
		target,
		'select day::text, orders, units, gross from channel_figures order by day'
	);
	expect(figures.length).toBeGreaterThan(20);
	for (const figure of figures)
		expect({ ...figure, gross: Number(figure.gross) }).toEqual(ledger.get(figure.day));
}, 120_000);

async function ledgerOf(zone: string) {
	const reply = await fetch(`${sim.baseUrl}/__control/ledger?channel=walmart&timeZone=${zone}`);
	const { days } = (await reply.json()) as {
		days: { day: string; orders: number; units: number; gross: string }[];
	};
	return new Map(
		days.map(({ day, orders, units, gross }) => [day, { day, orders, units, gross: Number(gross) }])
	);
}

test('a notification is a hint: signed, once, and the order is read from Walmart', async () => {
	const statuses: number[] = [];
	const server = http.createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const headers = new Headers(
				Object.entries(request.headers).map(([name, value]) => [name, String(value)] as [string, string])
			);
			const url = new URL(request.url!, 'http://us');
			void receiveWalmartWebhook(url, headers, Buffer.concat(chunks)).then(({ status }) => {
				statuses.push(status);
				response.writeHead(status).end();
			});
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const port = settings().PORT;
	settings().PORT = (server.address() as AddressInfo).port;
	try {
		sim = await startShop(...small);
		const target = await connected();
		await run(target, 'backfill');
		const { live, seller } = side();
		expect([...seller.subscriptions.values()].map((one) => one.eventType).toSorted()).toEqual([
			'PO_CREATED',
			'PO_LINE_AUTOCANCELLED'
		]);
		const order = live.emit()!;
		for (let waited = 0; statuses.length === 0 && waited < 5000; waited += 50) await sleep(50);
		expect(statuses).toEqual([200]);
		const jobs = queued.filter((job) => job.name === 'channels.fetch-orders');
		expect(jobs.map((job) => job.payload)).toEqual([
			{ organizationId: target.organizationId, connectionId: target.connectionId, externalIds: [order.id] }
		]);
		await fetchOrders(jobs[0]!.payload as never);
		await expectLedger(target);
		// an unsigned one, and one for nobody
		const url = new URL([...seller.subscriptions.values()][0]!.eventUrl);
		const body = Buffer.from('{"source":{"eventType":"PO_CREATED"},"payload":{"purchaseOrderId":"1"}}');
		const signed = new Headers({
			'wm_sec.timestamp': String(Math.floor(Date.now() / 1000)),
			'wm_sec.signature': 'bad'
		});
		expect((await receiveWalmartWebhook(url, signed, body)).status).toBe(401);
		expect((await receiveWalmartWebhook(new URL('http://us/webhooks/walmart'), signed, body)).status).toBe(
			400
		);
	} finally {
		settings().PORT = port;
		server.closeAllConnections();
		server.close();
	}
}, 120_000);

test('F38: a disconnect in the middle of a sync stops it cleanly and erases the keys', async () => {
	sim = await startShop(...small, '--fault', 'F27');
	const target = await connected();
	const { organizationId, connectionId } = target;
	const runId = await inOrganization(organizationId, (tx) =>
		queueRun(tx, { organizationId, id: connectionId }, 'backfill', 'person')
	);
	const working = performRun({ organizationId, connectionId, runId }, new AbortController().signal);
	for (let waited = 0; side().seller.counters.calls < 12 && waited < 5000; waited += 10) await sleep(10);
	await disconnect(target.ctx, connectionId);
	await working;
	const [row] = await rows<{ status: string }>(target, `select status from sync_runs where id = '${runId}'`);
	expect(row!.status).toBe('cancelled');
	const [connection] = await rows<{ status: string; credentials: string | null }>(
		target,
		'select status, credentials from connections'
	);
	expect(connection).toEqual({ status: 'disconnected', credentials: null });
	const { calls } = side().seller.counters;
	await sleep(1500);
	expect(side().seller.counters.calls).toBe(calls);
}, 60_000);

test('F38: keys that are deleted in the middle of a sync stop it, and a person is asked; other data stays', async () => {
	sim = await startShop(...small);
	const target = await connected();
	await run(target, 'backfill');
	const before = await stored(target);
	side().seller.connected = false;
	const row = await run(target, 'incremental', 'failed');
	expect(row.error).toContain('Walmart does not accept this client secret');
	const [connection] = await rows<{ status: string }>(target, 'select status from connections');
	expect(connection!.status).toBe('needs_reauthorization');
	expect(await stored(target)).toEqual(before);
}, 120_000);

test('wrong keys are named, with the place where the right ones stand', async () => {
	sim = await startShop(...small);
	const { ctx } = await makeOrganization();
	const { url, clientId, clientSecret } = walmartCredentials(sim.simulator);
	const before = settings().WALMART_API_URL;
	settings().WALMART_API_URL = url;
	try {
		const errorsOf = (given: unknown) =>
			connectWalmart(ctx(), given).then(
				() => ({}),
				(error: { fields?: Record<string, string> }) => error.fields
			);
		expect(await errorsOf({ clientId: '', clientSecret })).toMatchObject({
			clientId: 'Enter the client ID.'
		});
		expect(await errorsOf({ clientId: clientSecret, clientSecret: clientId })).toMatchObject({
			clientSecret: expect.stringContaining('swapped')
		});
		expect(await errorsOf({ clientId: 'my-app', clientSecret })).toMatchObject({
			clientId: expect.stringContaining('Developer Portal')
		});
		expect(await errorsOf({ clientId, clientSecret: `${clientSecret}x` })).toMatchObject({
			clientSecret: expect.stringContaining('Client Secret')
		});
		await connectWalmart(ctx(), { clientId, clientSecret });
		expect(channelOf('walmart').label).toBe('Walmart');
	} finally {
		settings().WALMART_API_URL = before;
	}
}, 60_000);
