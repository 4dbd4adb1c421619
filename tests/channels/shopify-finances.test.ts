import Big from 'big.js';
import { afterEach, expect, test, vi } from 'vitest';
import { catchUp, profit } from '../../src/lib/server/analytics/index.ts';
import { connectSimulated, getConnection } from '../../src/lib/server/channels/index.ts';
import { parseBalanceTransaction } from '../../src/lib/server/channels/shopify/parse-transaction.ts';
import { performRun } from '../../src/lib/server/channels/sync/perform.ts';
import { queueRun, type RunKind } from '../../src/lib/server/channels/sync/runs.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { makeOrganization } from '../factories/organization.ts';
import { startShop, type SimulatedShop } from './simulated-shop.ts';

vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

let sim: SimulatedShop;
afterEach(() => sim?.stop());

async function connected() {
	sim = await startShop('--months', '2', '--orders-per-day', '8', '--channels', 'shopify');
	const { organization, ctx } = await makeOrganization({ timeZone: sim.simulator.tenants[0]!.shop.zone });
	const connectionId = await connectSimulated(ctx(), {
		shop: sim.shop,
		baseUrl: sim.baseUrl,
		accessToken: sim.accessToken,
		clientSecret: sim.clientSecret
	});
	const organizationId = organization.id;
	const run = async (kind: RunKind | null) => {
		if (kind)
			await inOrganization(organizationId, (tx) =>
				queueRun(tx, { organizationId, id: connectionId }, kind, 'schedule')
			);
		const [waiting] = await inOrganization(
			organizationId,
			({ sql }) =>
				sql<
					{ id: string }[]
				>`select id from sync_runs where connection_id = ${connectionId} and status = 'queued' order by queued_at`
		);
		expect(
			await performRun({ organizationId, connectionId, runId: waiting!.id }, new AbortController().signal)
		).toBe(true);
	};
	return { organizationId, connectionId, ctx: ctx(), run };
}

const ledgerDays = async () => {
	const reply = await fetch(`${sim.baseUrl}/__control/ledger`, {
		headers: { 'X-Shopify-Shop-Domain': sim.shop }
	});
	return ((await reply.json()) as { days: { day: string; fees: number }[] }).days;
};

test('the fees of Shopify Payments equal the shop’s ledger, to the cent and in profit; a second run writes nothing', async () => {
	const at = await connected();
	await at.run(null);
	const stored = () =>
		inOrganization(
			at.organizationId,
			({ sql }) => sql<{ kind: string; n: number; sum: string; orders: number }[]>`
			select kind, count(*)::int as n, sum(amount)::text as sum, count(order_external_id)::int as orders from channel_transactions
			where connection_id = ${at.connectionId} group by kind order by kind`
		);
	const rows = await stored();
	const fees = rows.find((row) => row.kind === 'fee')!;
	const days = await ledgerDays();
	const told = days.reduce((sum, day) => sum.plus(String(day.fees)), Big(0));
	expect(told.gt(0)).toBe(true);
	expect(Big(fees.sum).times(-1).toFixed(2)).toBe(told.toFixed(2));
	expect(fees.orders).toBe(fees.n);
	expect(rows.some((row) => row.kind === 'payout')).toBe(true);

	await at.run('finances');
	expect(await stored()).toEqual(rows);
	const [last] = await inOrganization(
		at.organizationId,
		({ sql }) => sql<{ progress: { transactions: { written: number; unchanged: number } } }[]>`
		select progress from sync_runs where connection_id = ${at.connectionId} and kind = 'finances'`
	);
	expect(last!.progress.transactions).toMatchObject({ written: 0 });

	await catchUp([at.organizationId]);
	const view = await profit(at.ctx, { range: 'last-12-months', by: 'month', channels: [], categories: [] });
	expect(Big(view.totals.fees).toFixed(2)).toBe(told.toFixed(2));
	expect(view.totals.feesEstimated).toBe('0');
	expect(Big(view.totals.cogs).gt(0)).toBe(true);
	const byProduct = view.products.reduce((sum, row) => sum.plus(row.fees), Big(0));
	expect(view.moreProducts > 0 || byProduct.eq(view.totals.fees)).toBe(true);
});

test('without the scope fees are unknown, said on the connection, and no failure', async () => {
	const at = await connected();
	await at.run(null);
	await inOrganization(
		at.organizationId,
		({ sql }) =>
			sql`update connections set facts = facts || '{"scopes": ["read_orders"]}' where id = ${at.connectionId}`
	);
	await at.run('finances');
	const { withheld } = await getConnection(at.ctx, at.connectionId);
	expect(withheld).toEqual([
		{ what: 'fees', reason: expect.stringContaining('read_shopify_payments_payouts') }
	]);
});

test('what a movement is for us', () => {
	const node = (type: string, amount: string, fee = '0') => ({
		id: 'gid://shopify/ShopifyPaymentsBalanceTransaction/7',
		type,
		test: false,
		transactionDate: '2026-11-20T10:00:00Z',
		amount: { amount, currencyCode: 'USD' },
		fee: { amount: fee, currencyCode: 'USD' },
		associatedOrder: { id: 'gid://shopify/Order/1001' }
	});
	const read = (...given: Parameters<typeof node>) => {
		const row = parseBalanceTransaction(node(...given));
		return row && [row.kind, row.amount];
	};
	expect(read('CHARGE', '100', '3.2')).toEqual(['fee', '-3.2']);
	expect(read('CHARGE', '100')).toBeNull();
	expect(read('REFUND', '-100')).toBeNull();
	expect(read('REFUND', '-100', '-3.2')).toEqual(['refund_fee', '3.2']);
	expect(read('DISPUTE_WITHDRAWAL', '-100', '15')).toEqual(['adjustment', '-115']);
	expect(read('CHARGEBACK_FEE', '-15')).toEqual(['fee', '-15']);
	expect(read('SHIPPING_LABEL', '-4.2')).toEqual(['shipping_label', '-4.2']);
	expect(read('TRANSFER', '-500')).toEqual(['payout', '-500']);
	expect(read('IMPORT_TAX', '-5')).toEqual(['tax', '-5']);
	expect(read('SOMETHING_NEW', '-1')).toEqual(['adjustment', '-1']);
	expect(parseBalanceTransaction({ ...node('CHARGE', '100', '3'), test: true })).toBeNull();
	expect(() => parseBalanceTransaction({ ...node('CHARGE', '100', '3'), amount: null })).toThrow('amount');
});
