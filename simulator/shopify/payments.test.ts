import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSimulator } from '../testing/start.ts';
import { dayIn } from '../world/time.ts';

let sim: Awaited<ReturnType<typeof startSimulator>>;
beforeAll(async () => {
	sim = await startSimulator('--query-cap', '1000000', '--bucket', '1000000', '--channels', 'shopify');
});
afterAll(() => sim.stop());

const cents = (money: { amount: string }) => Math.round(Number(money.amount) * 100);
const QUERY = `query($after: String) { shopifyPaymentsAccount { balanceTransactions(first: 100, after: $after) {
	pageInfo { hasNextPage endCursor }
	nodes { id type transactionDate amount { amount } fee { amount } net { amount } associatedOrder { id } associatedPayout { id status } } } } }`;

it('every charge has its fee, in the account as at the order, and the ledger has the same', async () => {
	const fees = new Map<string, number>();
	const payouts = new Map<string, number>();
	let after: string | null = null;
	let charges = 0;
	do {
		const { body } = await sim.graphql(QUERY, { after });
		expect(body.errors).toBeUndefined();
		const { nodes, pageInfo } = body.data.shopifyPaymentsAccount.balanceTransactions;
		for (const node of nodes) {
			expect(cents(node.net)).toBe(cents(node.amount) - cents(node.fee));
			const day = dayIn(Date.parse(node.transactionDate), sim.tenant.shop.zone);
			fees.set(day, (fees.get(day) ?? 0) + cents(node.fee));
			payouts.set(node.associatedPayout.id, (payouts.get(node.associatedPayout.id) ?? 0) + cents(node.net));
			if (node.type === 'CHARGE') charges++;
		}
		after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
	} while (after);
	expect(charges).toBeGreaterThan(500);
	const { body: ledger } = await sim.call('/__control/ledger');
	for (const { day, fees: sum } of ledger.days)
		expect([day, fees.get(day) ?? 0]).toEqual([day, Math.round(sum * 100)]);

	const { body } = await sim.graphql('{ shopifyPaymentsAccount { payouts(first: 50) { nodes { id status net { amount } summary { chargesGross { amount } chargesFee { amount } refundsFeeGross { amount } } } } } }'); // prettier-ignore
	const told = body.data.shopifyPaymentsAccount.payouts.nodes;
	for (const { id, net, summary } of told) {
		expect(cents(net)).toBe(payouts.get(id));
		expect(cents(net)).toBe(
			cents(summary.chargesGross) - cents(summary.chargesFee) + cents(summary.refundsFeeGross)
		);
	}
	expect(told[0].status).toBe('PAID');

	const order = await sim.graphql('{ orders(first: 1, query: "financial_status:paid test:false") { nodes { transactions(first: 3) { kind amountSet { shopMoney { amount } } fees { amount { amount } rate type } } } } }'); // prettier-ignore
	const [sale] = order.body.data.orders.nodes[0].transactions;
	expect(cents(sale.fees[0].amount)).toBe(Math.round(cents(sale.amountSet.shopMoney) * 0.029) + 30);
});

it('ShopifyQL tells visits and sales by day of the shop', async () => {
	const ask = async (query: string) => {
		const { body } = await sim.graphql('query($q: String!) { shopifyqlQuery(query: $q) { parseErrors tableData { columns { name dataType } rows } } }', { q: query }); // prettier-ignore
		return body.data.shopifyqlQuery;
	};
	const visits = await ask('FROM sessions SHOW sessions, sessions_that_completed_checkout, conversion_rate TIMESERIES day SINCE 2026-10-01 UNTIL 2026-10-31 ORDER BY day'); // prettier-ignore
	expect(visits.parseErrors).toEqual([]);
	expect(visits.tableData.columns.map((one: { name: string }) => one.name)).toEqual(['day', 'sessions', 'sessions_that_completed_checkout', 'conversion_rate']); // prettier-ignore
	expect(visits.tableData.rows.length).toBe(31);
	const sessions = visits.tableData.rows.reduce(
		(sum: number, row: { sessions: string }) => sum + Number(row.sessions),
		0
	);
	expect(sessions).toBeGreaterThan(3000);
	const sales = await ask(
		'FROM sales SHOW orders, net_sales TIMESERIES day SINCE 2026-10-01 UNTIL 2026-10-31'
	);
	const { body: ledger } = await sim.call('/__control/ledger?from=2026-10-01&to=2026-10-31');
	expect(sales.tableData.rows.map((row: { net_sales: string }) => row.net_sales)).toEqual(ledger.days.map((day: { net: string }) => day.net)); // prettier-ignore
	expect((await ask('FROM sessions SHOW weather')).parseErrors).toEqual(['Unknown column "weather"']);
	expect((await ask('SELECT 1')).tableData).toBeNull();
	const total = await ask('FROM sessions SHOW sessions SINCE -7d UNTIL yesterday');
	expect(total.tableData.rows.length).toBe(1);
});

it('refuses both without their scopes', async () => {
	const poor = await startSimulator('--scopes', 'read_orders', '--channels', 'shopify');
	const sent = await poor.graphql(
		'{ shopifyPaymentsAccount { id } shopifyqlQuery(query: "x") { parseErrors } }'
	);
	const codes = sent.body.errors.map((error: { extensions: { code: string } }) => error.extensions.code);
	expect(codes).toEqual(['ACCESS_DENIED', 'ACCESS_DENIED']);
	expect((await poor.graphql('{ currentAppInstallation { accessScopes { handle } } }')).body.data.currentAppInstallation.accessScopes).toEqual([{ handle: 'read_orders' }]); // prettier-ignore
	await poor.stop();
});
