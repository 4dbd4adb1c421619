import { afterEach, describe, expect, test, vi } from 'vitest';
import {
	connectByClientCredentials,
	connectByToken,
	connectSimulated,
	getConnection,
	replayDeadLetters
} from '../../src/lib/server/channels/index.ts';
import { performRun } from '../../src/lib/server/channels/sync/perform.ts';
import { queueRun, type RunKind } from '../../src/lib/server/channels/sync/runs.ts';
import { dueKinds } from '../../src/lib/server/channels/sync/sweep.ts';
import type { Ctx } from '../../src/lib/server/platform/ctx.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { Invalid } from '../../src/lib/server/platform/errors.ts';
import { settings } from '../../src/lib/server/platform/running.ts';
import { makeOrganization } from '../factories/organization.ts';
import { startShop, type SimulatedShop } from './simulated-shop.ts';

vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

let sim: SimulatedShop;
afterEach(async () => {
	delete settings().SHOPIFY_API_URL;
	await sim?.stop();
});

async function connect(
	given: SimulatedShop
): Promise<{ ctx: Ctx; organizationId: string; connectionId: string }> {
	const { organization, ctx } = await makeOrganization();
	const owner = ctx();
	const connectionId = await connectSimulated(owner, {
		shop: given.shop,
		baseUrl: given.baseUrl,
		accessToken: given.accessToken,
		clientSecret: given.clientSecret
	});
	return { ctx: owner, organizationId: organization.id, connectionId };
}

async function runWaiting(
	{ organizationId, connectionId }: { organizationId: string; connectionId: string },
	signal = new AbortController().signal
): Promise<void> {
	const [run] = await inOrganization(
		organizationId,
		({ sql }) =>
			sql<
				{ id: string }[]
			>`select id from sync_runs where connection_id = ${connectionId} and status = 'queued' order by queued_at`
	);
	expect(await performRun({ organizationId, connectionId, runId: run!.id }, signal)).toBe(true);
}

/** What is stored, beside what the shop holds. */
async function compare({ organizationId, connectionId }: { organizationId: string; connectionId: string }) {
	const { shop } = sim.simulator.tenants[0]!;
	const stored = await inOrganization(organizationId, async ({ sql }) => ({
		orders: (
			await sql<{ n: number }[]>`select count(*)::int as n from orders where connection_id = ${connectionId}`
		)[0]!.n,
		refundLines: (
			await sql<{ n: number }[]>`select count(*)::int as n from refund_lines where kind = 'item'`
		)[0]!.n,
		lines: (await sql<{ n: number }[]>`select count(*)::int as n from order_lines`)[0]!.n,
		listings: (
			await sql<
				{ n: number }[]
			>`select count(*)::int as n from listings where connection_id = ${connectionId}`
		)[0]!.n,
		available: (
			await sql<{ n: number }[]>`select coalesce(sum(available), 0)::int as n from stock_levels`
		)[0]!.n,
		customers: (
			await sql<
				{ n: number }[]
			>`select count(*)::int as n from customers where connection_id = ${connectionId}`
		)[0]!.n
	}));
	const told = {
		orders: shop.orders.length,
		refundLines: shop.orders.flatMap((order) => order.refunds.flatMap((refund) => refund.lines)).length,
		lines: shop.orders.flatMap((order) => order.lines).length,
		listings: shop.variants.length,
		available: shop.variants
			.filter((variant) => variant.tracked)
			.flatMap((variant) => variant.levels)
			.reduce((sum, level) => sum + level.available, 0),
		customers: shop.customers.length
	};
	return { stored, told };
}

describe('the first sync', () => {
	test('brings everything the shop has, with every refund line', async () => {
		sim = await startShop('--months', '2', '--orders-per-day', '15', '--products', '60');
		const target = await connect(sim);
		await runWaiting(target);
		const { connection, runs } = await getConnection(target.ctx, target.connectionId);
		expect(runs).toMatchObject([{ kind: 'backfill', status: 'succeeded', error: null }]);
		expect(connection).toMatchObject({
			status: 'healthy',
			statusReason: null,
			deadLetters: 0,
			allOrders: true
		});
		const { stored, told } = await compare(target);
		expect(stored).toEqual(told);
		// our subscriptions stand at the shop
		expect(sim.simulator.tenants[0]!.subscriptions.length).toBeGreaterThan(10);
	});

	test('goes on where an earlier process stopped', async () => {
		sim = await startShop('--months', '2', '--orders-per-day', '40', '--products', '60');
		const target = await connect(sim);
		const stop = new AbortController();
		const watch = setInterval(async () => {
			const [row] = await inOrganization(
				target.organizationId,
				({ sql }) =>
					sql<
						{ rows: number }[]
					>`select (state->>'rows')::int as rows from sync_cursors where resource = 'orders'`
			);
			if ((row?.rows ?? 0) > 0) stop.abort();
		}, 20);
		await runWaiting(target, stop.signal);
		clearInterval(watch);
		await runWaiting(target);
		const { stored, told } = await compare(target);
		expect(stored).toEqual(told);
	});

	test.each([['F24', 'bulk operations that fail, scatter and expire']])(
		'with %s (%s) nothing is missing',
		async (fault) => {
			sim = await startShop('--months', '1', '--orders-per-day', '8', '--products', '40', '--fault', fault);
			const target = await connect(sim);
			await runWaiting(target);
			const { stored, told } = await compare(target);
			expect(stored).toEqual(told);
		},
		120_000
	);

	test('a price that is no number becomes a dead letter, and can be replayed after a fix', async () => {
		sim = await startShop('--months', '1', '--orders-per-day', '4', '--products', '40');
		const target = await connect(sim);
		const { shop } = sim.simulator.tenants[0]!;
		const { name } = shop.orders[3]!;
		shop.orders[3]!.name = '';
		await runWaiting(target);
		const { connection } = await getConnection(target.ctx, target.connectionId);
		expect(connection.deadLetters).toBeGreaterThan(0);
		expect(await replayDeadLetters(target.ctx, { connectionId: target.connectionId })).toMatchObject({
			replayed: 0
		});
		await inOrganization(
			target.organizationId,
			({ sql }) =>
				sql`update inbox set body = convert_to(replace(convert_from(body, 'UTF8'), '"name":""', ${`"name":"${name}"`}), 'UTF8') where status = 'dead'`
		);
		expect(await replayDeadLetters(target.ctx, { connectionId: target.connectionId })).toMatchObject({
			failed: 0
		});
		shop.orders[3]!.name = name;
		const { stored, told } = await compare(target);
		expect(stored.orders).toBe(told.orders);
	});
});

describe('later syncs', () => {
	test('bring what changed while no webhook came, and make lost subscriptions again', async () => {
		sim = await startShop('--months', '1', '--orders-per-day', '6', '--products', '40', '--webhooks', 'off');
		const target = await connect(sim);
		await runWaiting(target);
		const before = sim.simulator.tenants[0]!.subscriptions.length;
		sim.simulator.tenants[0]!.subscriptions.splice(0);
		await sim.control('order', { count: 5 });
		await new Promise((resolve) => setTimeout(resolve, 6_500)); // windows end five seconds before now
		await inOrganization(target.organizationId, (tx) =>
			queueRun(
				tx,
				{ organizationId: target.organizationId, id: target.connectionId },
				'incremental',
				'person'
			)
		);
		await runWaiting(target);
		const { stored, told } = await compare(target);
		expect(stored.orders).toBe(told.orders);
		expect(sim.simulator.tenants[0]!.subscriptions.length).toBe(before);
	});

	test('a run whose app was uninstalled says what to do', async () => {
		sim = await startShop('--months', '1', '--orders-per-day', '4', '--products', '40', '--webhooks', 'off');
		const target = await connect(sim);
		sim.simulator.tenants[0]!.installed = false;
		await runWaiting(target);
		const { connection, runs } = await getConnection(target.ctx, target.connectionId);
		expect(runs[0]).toMatchObject({ status: 'failed' });
		expect(connection).toMatchObject({ status: 'needs_reauthorization' });
		expect(connection.statusReason).toContain('access token');
	});

	test('are due by kind and by time, and never before the first sync is whole', () => {
		const does = async () => {};
		const channel = {
			every: { incremental: 15, stock: 30, catalog: 360, backfill: 5 },
			runs: { backfill: does, incremental: does, stock: does, catalog: does }
		};
		const due = (whole: boolean, ages: Partial<Record<RunKind, number>> = {}, sinceNightly = 600) =>
			dueKinds(channel, { whole, ages, sinceNightly });
		expect(due(false)).toEqual(['backfill']);
		expect(due(false, { backfill: 2 })).toEqual([]);
		expect(due(true, { backfill: 16 })).toEqual(['incremental']);
		expect(due(true, { backfill: 1000, incremental: 3, stock: 31, catalog: 12 })).toEqual(['stock']);
		const nightly = { ...channel, runs: { ...channel.runs, reconcile: does } };
		const ages = { backfill: 5000, incremental: 3, stock: 3, catalog: 12 };
		const at = (reconcile: number) =>
			dueKinds(nightly, { whole: true, ages: { ...ages, reconcile }, sinceNightly: 600 });
		expect(at(601)).toEqual(['reconcile']);
		expect(at(599)).toEqual([]);
	});
});

describe('credentials that do not fit', () => {
	test.each([
		['clientSecret', { clientSecret: 'shpss_wrong' }],
		['clientId', { clientId: 'nobody' }],
		['shop', { shop: 'example.com' }]
	])('a wrong %s is named', async (field, wrong) => {
		sim = await startShop('--months', '0', '--products', '10');
		settings().SHOPIFY_API_URL = sim.baseUrl;
		const { ctx } = await makeOrganization();
		const error = await connectByClientCredentials(ctx(), {
			shop: sim.shop,
			clientId: sim.clientId,
			clientSecret: sim.clientSecret,
			...wrong
		}).catch((caught: unknown) => caught);
		expect(error).toBeInstanceOf(Invalid);
		expect(Object.keys((error as Invalid).fields)).toEqual([field]);
	});

	test('a wrong access token is named, and nothing is kept', async () => {
		sim = await startShop('--months', '0', '--products', '10');
		settings().SHOPIFY_API_URL = sim.baseUrl;
		const { ctx, organization } = await makeOrganization();
		const error = await connectByToken(ctx(), {
			shop: sim.shop,
			accessToken: 'shpat_wrong',
			clientSecret: 'shpss_any'
		}).catch((caught: unknown) => caught);
		expect((error as Invalid).fields).toHaveProperty('accessToken');
		expect(await inOrganization(organization.id, ({ sql }) => sql`select 1 from connections`)).toHaveLength(
			0
		);
	});

	test('client credentials connect, and their token renews once for several callers', async () => {
		sim = await startShop('--months', '0', '--products', '10', '--fault', 'F26');
		settings().SHOPIFY_API_URL = sim.baseUrl;
		const { ctx, organization } = await makeOrganization();
		const id = await connectByClientCredentials(ctx(), {
			shop: sim.shop,
			clientId: sim.clientId,
			clientSecret: sim.clientSecret
		});
		const issued = sim.simulator.tenants[0]!.tokens.size;
		sim.simulator.tenants[0]!.tokens.clear(); // all tokens die
		await runWaiting({ organizationId: organization.id, connectionId: id });
		expect(issued).toBe(1);
		expect(sim.simulator.tenants[0]!.tokens.size).toBe(1);
		expect((await getConnection(ctx(), id)).connection.status).toBe('healthy');
	});
});
