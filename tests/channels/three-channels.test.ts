import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stringify } from 'csv-stringify/sync';
import type { MarketDay } from '../../simulator/world/market/ledger.ts';
import type { MarketOrder } from '../../simulator/world/market/model.ts';
import { walmartCredentials } from '../../simulator/walmart/mount.ts';
import { filtersSchema } from '../../src/lib/contracts/analytics.ts';
import { CHANNELS, type Channel } from '../../src/lib/contracts/channels.ts';
import { catchUp, dashboard } from '../../src/lib/server/analytics/index.ts';
import {
	connectSimulated,
	connectSimulatedAmazon,
	connectSimulatedWalmart,
	forgetSimulatedQueue,
	type SimulatedSeller
} from '../../src/lib/server/channels/index.ts';
import { performRun } from '../../src/lib/server/channels/sync/perform.ts';
import { queueRun, type RunKind } from '../../src/lib/server/channels/sync/runs.ts';
import {
	appendPart,
	beginImport,
	configureImport,
	getImport,
	startImport,
	workOn
} from '../../src/lib/server/imports/index.ts';
import type { Ctx } from '../../src/lib/server/platform/ctx.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { makeOrganization, type TestOrganization } from '../factories/organization.ts';
import { startShop, type SimulatedShop } from './simulated-shop.ts';

// One seller on three channels, read together as far as each API reaches, the rest from files: every day of every channel equals
// the world's own ledger, and reading the last days again changes nothing. TIDEMARK_THREE_CHANNELS=24x200 is what CI runs.
vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

const [months, products] = (process.env.TIDEMARK_THREE_CHANNELS ?? '8x40').split('x').map(Number) as [
	number,
	number
];
const ZONE = 'America/New_York';
/** Days that a file leaves to the API: Walmart's goes back 180, Amazon's two years; people's files overlap too. */
const FILE_UNTIL = { walmart: 170, amazon: 720 };
const never = new AbortController().signal;

let sim: SimulatedShop;
let made: TestOrganization;
let ctx: Ctx;
const connections = {} as Record<Channel, string>;
let amazon: SimulatedSeller;

beforeAll(async () => {
	sim = await startShop(
		...[
			'--months',
			String(months),
			'--products',
			String(products),
			'--orders-per-day',
			String(months > 12 ? 24 : 4)
		],
		...['--amazon-quota', '10000', '--walmart-quota', '10000', '--seed', 'three']
	);
	made = await makeOrganization({ timeZone: ZONE });
	ctx = made.ctx();
	amazon = sim.simulator.amazon!.ready() as unknown as SimulatedSeller;
	const { url: baseUrl, ...keys } = walmartCredentials(sim.simulator);
	connections.shopify = await connectSimulated(ctx, { ...sim });
	connections.amazon = await connectSimulatedAmazon(ctx, amazon);
	connections.walmart = await connectSimulatedWalmart(ctx, { baseUrl, ...keys });
	await Promise.all(CHANNELS.map((channel) => run(channel, 'backfill')));
	for (const channel of ['amazon', 'walmart'] as const) await run(channel, 'finances');
	for (const channel of ['amazon', 'walmart'] as const) await bring(channel, olderOrders(channel));
	await catchUp([made.organization.id]);
}, 900_000);
afterAll(async () => {
	forgetSimulatedQueue(amazon.apiUrl);
	await sim.stop();
});

/** Performs a run to its end, however often the channel makes it wait. */
async function run(channel: Channel, kind: RunKind): Promise<{ written: number }> {
	const organizationId = made.organization.id;
	const connectionId = connections[channel];
	const runId = await inOrganization(organizationId, (tx) =>
		queueRun(tx, { organizationId, id: connectionId }, kind, 'person')
	);
	for (;;) {
		await performRun({ organizationId, connectionId, runId }, never);
		const [row] = await inOrganization(
			organizationId,
			({ sql }) => sql<
				{
					status: string;
					error: string | null;
					progress: Record<string, { written: number }>;
					wait: number;
				}[]
			>`
			select status, error, progress, greatest(0, extract(epoch from resume_at - now()) * 1000)::float8 as wait from sync_runs where id = ${runId}`
		);
		if (row!.status === 'queued') {
			await new Promise((resolve) => setTimeout(resolve, row!.wait + 20));
			continue;
		}
		expect(row, channel).toMatchObject({ status: 'succeeded', error: null });
		return { written: row!.progress.orders?.written ?? 0 };
	}
}

/** What an API no longer tells, as a seller's own file would have it: the columns of our template. */
function olderOrders(channel: keyof typeof FILE_UNTIL): string {
	const { market } = sim.simulator.market(channel, sim.simulator.tenants[0]!);
	const until = Date.now() - FILE_UNTIL[channel] * 86_400_000;
	return stringify(
		market.orders.filter((order) => order.createdAt < until && !order.replacementOf).flatMap(rowsOf),
		{ header: true }
	);
}

function rowsOf(order: MarketOrder): Record<string, unknown>[] {
	const dollars = (cents: number) => (cents / 100).toFixed(2);
	const at = (instant: number) => new Date(instant).toISOString();
	const kept = order.cancelledAt ? order.lines : order.lines.filter((line) => !line.cancelledAt);
	const common = {
		orderId: order.id,
		orderedAt: at(order.createdAt),
		status: order.cancelledAt ? 'cancelled' : 'shipped'
	};
	const blank = { discount: '', tax: '', shipping: '', refundAmount: '', refundedAt: '' };
	const idOf = (line: (typeof order.lines)[number]) => String(order.lines.indexOf(line) + 1);
	return [
		...kept.map((line) => ({
			...common,
			lineId: idOf(line),
			sku: line.offer.sku,
			title: line.offer.variant.title,
			quantity: line.quantity,
			lineAmount: dollars(line.gross),
			...blank,
			discount: dollars(line.discount),
			tax: dollars(line.tax),
			shipping: dollars(line.shipping)
		})),
		...order.refunds.flatMap((refund) =>
			refund.lines.map((item) => ({
				...common,
				lineId: idOf(item.line),
				sku: item.line.offer.sku,
				title: item.line.offer.variant.title,
				quantity: 0,
				lineAmount: '0',
				...blank,
				refundAmount: dollars(item.subtotal),
				refundedAt: at(refund.at)
			}))
		)
	];
}

async function bring(channel: Channel, text: string): Promise<void> {
	const bytes = Buffer.from(text);
	if (bytes.length === 0) return;
	const importId = await beginImport(ctx, { filename: `${channel}.csv`, bytes: bytes.length });
	for (let at = 0; at < bytes.length; at += 1_000_000)
		await appendPart(ctx, importId, at, piece(bytes.subarray(at, at + 1_000_000)));
	const { options } = await getImport(ctx, importId);
	await configureImport(ctx, importId, { ...options, channel, connectionId: connections[channel] });
	const work = () => workOn({ organizationId: made.organization.id, importId }, never);
	await work();
	await startImport(ctx, importId);
	await work();
	expect((await getImport(ctx, importId)).view).toMatchObject({ status: 'done' });
}

async function* piece(bytes: Buffer): AsyncGenerator<Uint8Array> {
	yield bytes;
}

type Figures = Record<string, Record<'orders' | 'units' | 'gross' | 'discounts' | 'refunds' | 'net', number>>;
const cents = (value: unknown) => Math.round(Number(value) * 100) / 100;

/** The world's own ledger by month of the organization's zone; what awaits its price counts in orders and units. */
async function told(channel: Channel): Promise<Figures> {
	const reply = await fetch(`${sim.baseUrl}/__control/ledger?channel=${channel}&timeZone=${ZONE}`);
	const { days } = (await reply.json()) as { days: MarketDay[] };
	const figures: Figures = {};
	for (const day of days) {
		const month = (figures[day.day.slice(0, 7)] ??= {
			orders: 0,
			units: 0,
			gross: 0,
			discounts: 0,
			refunds: 0,
			net: 0
		});
		month.orders += Number(day.orders) + Number(day.pending ?? 0);
		month.units += Number(day.units) + Number(day.pendingUnits ?? 0);
		for (const name of ['gross', 'discounts', 'refunds', 'net'] as const)
			month[name] = cents(month[name] + Number(day[name]));
	}
	return figures;
}

/** The same months as the dashboard shows them. */
async function shown(channel: Channel, wanted: readonly string[]): Promise<Figures> {
	const figures: Figures = {};
	for (const month of wanted) {
		const last = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0))
			.toISOString()
			.slice(0, 10);
		const filters = filtersSchema.parse({ channels: [channel], range: { from: `${month}-01`, to: last } });
		const { totals } = await dashboard(ctx, filters);
		const { orders, units } = totals;
		figures[month] = {
			orders,
			units,
			gross: cents(totals.gross),
			discounts: cents(totals.discounts),
			refunds: cents(totals.refunds),
			net: cents(totals.net)
		};
	}
	return figures;
}

test.each(CHANNELS)('every month of %s equals the ledger, to the cent', async (channel) => {
	const ledger = await told(channel);
	expect(Object.keys(ledger).length).toBeGreaterThanOrEqual(months);
	expect(await shown(channel, Object.keys(ledger))).toEqual(ledger);
});

test('nothing was set aside', async () => {
	const dead = await inOrganization(
		made.organization.id,
		({ sql }) => sql`select topic, error from inbox where status = 'dead'`
	);
	expect(dead).toEqual([]);
});

test.each(CHANNELS)('reading the last seven days of %s again changes no row', async (channel) => {
	// a report of Amazon tells less of an order than its API: the first reading may complete what the first sync brought
	await readWeek(channel);
	const before = await rowsOfOrders();
	expect(await readWeek(channel)).toEqual({ written: 0 });
	expect(await rowsOfOrders()).toEqual(before);
});

async function readWeek(channel: Channel): Promise<{ written: number }> {
	await inOrganization(
		made.organization.id,
		({ sql }) =>
			sql`update sync_cursors set synced_to = now() - interval '7 days' where connection_id = ${connections[channel]} and resource = 'orders' and synced_to is not null`
	);
	return run(channel, 'incremental');
}

/** Row versions: an update that changes nothing would show. */
async function rowsOfOrders() {
	const organizationId = made.organization.id;
	return inOrganization(
		organizationId,
		({ sql }) => sql`
		select (select md5(string_agg(id::text || xmin::text, ',' order by id)) from orders where organization_id = ${organizationId}) as orders,
			(select md5(string_agg(id::text || xmin::text, ',' order by id)) from order_lines where organization_id = ${organizationId}) as lines,
			(select md5(string_agg(id::text || xmin::text, ',' order by id)) from refund_lines where organization_id = ${organizationId}) as refund_lines`
	);
}
