import { expect } from 'vitest';
import type { MarketDay } from '../../../simulator/world/market/ledger.ts';
import {
	connectSimulatedAmazon,
	forgetSimulatedQueue,
	type SimulatedSeller
} from '../../../src/lib/server/channels/index.ts';
import { performRun } from '../../../src/lib/server/channels/sync/perform.ts';
import { queueRun, type RunKind } from '../../../src/lib/server/channels/sync/runs.ts';
import type { Ctx } from '../../../src/lib/server/platform/ctx.ts';
import { inOrganization } from '../../../src/lib/server/platform/db.ts';
import { makeOrganization } from '../../factories/organization.ts';
import { startShop, type SimulatedShop } from '../simulated-shop.ts';

/** A simulated seller that is connected, with what a test asks of it. */
export interface ConnectedSeller {
	sim: SimulatedShop;
	seller: SimulatedSeller;
	ctx: Ctx;
	organizationId: string;
	connectionId: string;
	/** Performs a run of a kind to its end, however often the channel makes it wait; answers its row. */
	run(kind?: RunKind): Promise<RunRow>;
	control(action: string, body?: Record<string, unknown>): Promise<unknown>;
	stop(): Promise<void>;
}

export interface RunRow {
	status: string;
	error: string | null;
	requests: number;
	retries: number;
}

/** One month, a few orders a day, and an Amazon that lets us ask a thousand times as often. */
export const SMALL = ['--months', '1', '--orders-per-day', '6', '--products', '40'];

export async function startSeller(
	...more: string[]
): Promise<{ sim: SimulatedShop; seller: SimulatedSeller }> {
	const sim = await startShop(...SMALL, '--amazon-quota', '1000', ...more);
	const ready = sim.simulator.amazon!.ready() as unknown as SimulatedSeller;
	return { sim, seller: ready };
}

export async function connectedSeller(...more: string[]): Promise<ConnectedSeller> {
	const { sim, seller } = await startSeller(...more);
	const { organization, ctx } = await makeOrganization();
	const connectionId = await connectSimulatedAmazon(ctx(), seller);
	const target = { organizationId: organization.id, connectionId };
	return {
		sim,
		seller,
		ctx: ctx(),
		...target,
		run: (kind) => run(target, kind),
		control: (action, body = {}) => sim.control(action, { channel: 'amazon', ...body }),
		async stop() {
			forgetSimulatedQueue(seller.apiUrl);
			await sim.stop();
		}
	};
}

async function run(
	target: { organizationId: string; connectionId: string },
	kind?: RunKind
): Promise<RunRow> {
	const { organizationId, connectionId } = target;
	const runId = await inOrganization(organizationId, async (tx) => {
		if (kind) return queueRun(tx, { organizationId, id: connectionId }, kind, 'person');
		const [row] = await tx.sql<
			{ id: string }[]
		>`select id from sync_runs where connection_id = ${connectionId} and status = 'queued' order by queued_at`;
		return row!.id;
	});
	for (let turn = 0; turn < 200; turn++) {
		await performRun({ organizationId, connectionId, runId }, new AbortController().signal);
		const [row] = await inOrganization(
			organizationId,
			({ sql }) => sql<(RunRow & { wait: number })[]>`
			select status, error, requests, retries, greatest(0, extract(epoch from resume_at - now()) * 1000)::float8 as wait from sync_runs where id = ${runId}`
		);
		if (row!.status !== 'queued') return row!;
		expect(row!.wait).toBeLessThan(60_000);
		await new Promise((resolve) => setTimeout(resolve, row!.wait + 20));
	}
	throw new Error('the run never ended');
}

export type Figures = Record<string, Record<string, number>>;
const NAMES = ['orders', 'units', 'gross', 'discounts', 'refunds', 'shipping', 'fees'] as const;

/** The simulator's own ledger by UTC day: sales, what awaits its price (orders and units only), fees on the day of their order. */
export async function told({ sim }: { sim: SimulatedShop }): Promise<Figures> {
	const answer = (await (
		await fetch(`${sim.baseUrl}/__control/ledger?channel=amazon&timeZone=UTC`)
	).json()) as MarketDay[] | { days: MarketDay[] };
	const days = Array.isArray(answer) ? answer : answer.days;
	return Object.fromEntries(
		days.map((day) => {
			const { orders, pending, units, pendingUnits } = day;
			const row = { ...day, orders: orders + pending, units: units + pendingUnits };
			return [day.day, Object.fromEntries(NAMES.map((name) => [name, cents(row[name])]))] as const;
		})
	);
}

/** The same out of PostgreSQL, in SQL of its own. */
export async function stored({ organizationId }: { organizationId: string }): Promise<Figures> {
	const rows = await inOrganization(
		organizationId,
		({ sql }) => sql<Record<string, unknown>[]>`
		with part as (
			select (o.placed_at at time zone 'UTC')::date::text as day, 1 as orders,
				(select coalesce(sum(quantity), 0) from order_lines l where l.order_id = o.id) as units,
				(select coalesce(sum(gross), 0) from order_lines l where l.order_id = o.id) as gross,
				(select coalesce(sum(discount), 0) from order_lines l where l.order_id = o.id) as discounts,
				0 as refunds, o.shipping as shipping, 0 as fees
			from orders o where o.kind = 'sale'
			union all
			select (r.refunded_at at time zone 'UTC')::date::text, 0, 0, 0, 0, rl.amount, 0, 0
			from orders o join refunds r on r.order_id = o.id join refund_lines rl on rl.refund_id = r.id
			where o.kind in ('sale', 'refund_only') and rl.kind <> 'shipping'
			union all
			select (coalesce(o.placed_at, t.posted_at) at time zone 'UTC')::date::text, 0, 0, 0, 0, 0, 0, -t.amount
			from channel_transactions t left join orders o on o.connection_id = t.connection_id and o.external_id = t.order_external_id
			where t.state <> 'estimated' and t.kind in ('fee', 'refund_fee', 'shipping_label')
		)
		select day, sum(orders) as orders, sum(units) as units, sum(gross) as gross, sum(discounts) as discounts, sum(refunds) as refunds,
			sum(shipping) as shipping, sum(fees) as fees from part group by day`
	);
	return Object.fromEntries(
		rows.map((row) => [String(row.day), Object.fromEntries(NAMES.map((name) => [name, cents(row[name])]))])
	);
}

const cents = (value: unknown) => Math.round(Number(value) * 100) / 100;

/** Day by day, to the cent; days on which nothing happened are left out on both sides. */
export async function expectLedger(target: ConnectedSeller): Promise<void> {
	const some = (figures: Figures) =>
		Object.fromEntries(
			Object.entries(figures)
				.filter(([, row]) => Object.values(row).some((value) => value !== 0))
				.sort(([a], [b]) => (a < b ? -1 : 1))
		);
	expect(some(await stored(target))).toEqual(some(await told(target)));
}

/** What waits for a person. */
export function deadLetters({
	organizationId
}: {
	organizationId: string;
}): Promise<{ topic: string; error: string }[]> {
	return inOrganization(
		organizationId,
		({ sql }) => sql<{ topic: string; error: string }[]>`select topic, error from inbox where status = 'dead'`
	);
}

export async function connectionRow({
	organizationId,
	connectionId
}: {
	organizationId: string;
	connectionId: string;
}): Promise<{
	status: string;
	statusReason: string | null;
	facts: Record<string, unknown>;
	freshAt: Date | null;
}> {
	const [row] = await inOrganization(
		organizationId,
		({ sql }) =>
			sql<
				{
					status: string;
					statusReason: string | null;
					facts: Record<string, unknown>;
					freshAt: Date | null;
				}[]
			>`select status, status_reason, facts, fresh_at from connections where id = ${connectionId}`
	);
	return row!;
}
