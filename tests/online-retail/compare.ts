// node tests/online-retail/compare.ts FILE.csv[.gz]: the whole file through the simulator, the first sync and the pages, held
// against an independent count, to the penny. Exits with 1 on any difference, 2 for a wrong call.
import fs from 'node:fs';
import path from 'node:path';
import { readDashboard } from '../../bench/dashboard.ts';
import { pageData } from '../../bench/page-data.ts';
import { startApp, temporaryFolder } from '../../bench/process.ts';
import { openStore } from '../../bench/tenants.ts';
import type { OrderPage, OrderView } from '../../src/lib/contracts/orders.ts';
import { CODES } from './countries.ts';
import { compareCustomers } from './customers.ts';
import { count, inPounds } from './independent.mjs';
import { signUpAndConnect, startReplay, waitForHistory } from './shop.ts';

interface Cell {
	orders: number;
	units: number;
	gross: bigint;
	refunds: bigint;
}

const file = process.argv[2];
if (!file || !fs.existsSync(file)) {
	console.error(
		file ? `There is no file ${file}.` : 'Usage: node tests/online-retail/compare.ts FILE.csv[.gz]'
	);
	process.exit(2);
}

const differences: string[] = [];
let compared = 0;
function same(what: string, product: string | number, independent: string | number): boolean {
	compared++;
	if (String(product) === String(independent)) return true;
	differences.push(`${what}: the product says ${product}, the independent count ${independent}`);
	return false;
}
const pounds = (amount: string) => Number(amount).toFixed(2); // both sides have whole pence; a product with more digits shows below
const written = (cell: Cell) => ({
	orders: cell.orders,
	units: cell.units,
	gross: inPounds(cell.gross),
	refunds: inPounds(cell.refunds),
	net: inPounds(cell.gross - cell.refunds)
});

function sameCell(
	what: string,
	totals: { orders: number; units: number; gross: string; refunds: string; net: string; discounts: string },
	cell: Cell
): boolean {
	const expected = written(cell);
	const results = [
		same(`${what} orders`, totals.orders, expected.orders),
		same(`${what} units`, totals.units, expected.units),
		same(`${what} discounts`, pounds(totals.discounts), '0.00'),
		...(['gross', 'refunds', 'net'] as const).map((name) => {
			const whole = /^-?\d+(\.\d{1,2}0*)?$/.test(totals[name]);
			return same(`${what} ${name}`, whole ? pounds(totals[name]) : totals[name], expected[name]);
		})
	];
	return results.every(Boolean);
}

const independent = await count(file);
console.log(
	`Independent count: ${independent.lines} lines, ${independent.invoices} invoices, ${independent.orders} orders, ${independent.customers} customers`
);
const folder = temporaryFolder('online-retail');
const shop = await startReplay(path.resolve(file));
const app = await startApp({ dataDir: folder.path, env: { SHOPIFY_API_URL: shop.child.url } });
try {
	const tenant = await signUpAndConnect(app.url, shop);
	const { run, figuresAfterMs } = await waitForHistory(app.url, tenant, (line) => console.log(line));
	const seconds = (Date.parse(run.finishedAt!) - Date.parse(run.startedAt!)) / 1000;
	console.log(
		`First sync ${seconds.toFixed(1)} s: ${Math.round(independent.lines / seconds)} lines/s, ${Math.round(independent.invoices / seconds)} orders/s; figures complete ${(figuresAfterMs / 1000).toFixed(1)} s after it; ` +
			`memory of the app at its peak ${Math.round(app.peakMemory() / 1e6)} MB, of the simulator ${Math.round(shop.child.peakMemory() / 1e6)} MB`
	);

	const months = Object.keys(independent.months).sort();
	const [first, last] = [months[0]!, months.at(-1)!];
	const lastDay = (month: string) =>
		new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).toISOString().slice(0, 10);
	const whole = `from=${first}-01&to=${lastDay(last)}`;
	const all = await readDashboard(app.url, tenant, `${whole}&by=month`);
	sameCell('All', all.totals, independent.total);

	console.log(
		`${'month'.padEnd(24)}${'orders'.padStart(8)}${'units'.padStart(10)}${'gross'.padStart(14)}${'refunds'.padStart(13)}`
	);
	const show = (name: string, cell: Cell, equal: boolean) => {
		const { orders, units, gross, refunds } = written(cell);
		console.log(
			`${name.padEnd(24)}${String(orders).padStart(8)}${String(units).padStart(10)}${gross.padStart(14)}${refunds.padStart(13)}  ${equal ? 'equal' : 'DIFFERENT'}`
		);
	};
	for (const month of months) {
		const cell = independent.months[month]!;
		const { totals } = await readDashboard(app.url, tenant, `from=${month}-01&to=${lastDay(month)}`);
		const bars = all.series.filter(({ at }) => at.startsWith(month)); // one, or days where the file has a single month
		const { orders, units, net } = written(cell);
		const series = [
			same(
				`${month} in the chart: orders`,
				bars.reduce((sum, bar) => sum + bar.orders, 0),
				orders
			),
			same(
				`${month} in the chart: units`,
				bars.reduce((sum, bar) => sum + bar.units, 0),
				units
			),
			same(`${month} in the chart: net`, bars.reduce((sum, bar) => sum + Number(bar.net), 0).toFixed(2), net)
		];
		show(month, cell, sameCell(month, totals, cell) && series.every(Boolean));
	}
	const countries = Object.keys(independent.countries).sort();
	same(
		'Countries in the filter',
		[...all.options.countries].sort().join(' '),
		countries
			.filter((name) => counts(independent.countries[name]!))
			.map(codeOf)
			.sort()
			.join(' ')
	);
	for (const name of countries) {
		const { totals } = await readDashboard(
			app.url,
			tenant,
			`${whole}&by=month&country=${encodeURIComponent(codeOf(name))}`
		);
		show(name, independent.countries[name]!, sameCell(name, totals, independent.countries[name]!));
	}

	same('Customers in the sync', run.progress.customers?.done ?? 'nothing', independent.customers);
	const customersPage = async <T>(rest: string) =>
		(await pageData<{ view: T }>(`${app.url}/${tenant.slug}/customers${rest}`, tenant.cookie)).view;
	await compareCustomers({
		product: {
			overview: ({ from, to }) => customersPage(`?from=${from}&to=${to}&by=month`),
			cohorts: (count, until) => customersPage(`/cohorts?months=${count}&until=${until}`),
			list: () => customersPage('/list?sort=orders')
		},
		independent: independent.behaviour,
		first,
		last,
		same
	});
	await compareLongInvoices(tenant);
	await compareStored();

	console.log(
		differences.length === 0
			? `All ${compared} figures are equal.`
			: `${differences.length} of ${compared} figures differ:\n${differences.slice(0, 50).join('\n')}`
	);
	process.exitCode = differences.length === 0 ? 0 : 1;

	async function compareLongInvoices({ slug, cookie }: { slug: string; cookie: string }): Promise<void> {
		const long = Object.entries(independent.longInvoices);
		for (const [invoice, lines] of long) {
			const { list } = await pageData<{ list: OrderPage }>(
				`${app.url}/${slug}/orders?search=${invoice}`,
				cookie
			);
			const found = list.orders.find(({ name }) => name.replace(/^#/, '') === invoice);
			const page =
				found && (await pageData<{ order: OrderView }>(`${app.url}/${slug}/orders/${found.id}`, cookie));
			same(`Lines on the page of invoice ${invoice}`, page?.order.lines.length ?? 'no such order', lines);
		}
		console.log(
			`${long.length} invoices of more than 250 lines read on their pages, the longest of ${Math.max(0, ...long.map(([, lines]) => lines))} lines`
		);
	}

	/** What no page counts, asked of PostgreSQL. */
	async function compareStored(): Promise<void> {
		const sql = openStore(folder.path);
		const kinds = new Map(
			(
				await sql<{ kind: string; count: number }[]>`select kind, count(*)::int from orders group by kind`
			).map((row) => [row.kind, row.count])
		);
		const [stored] = await sql<
			{
				lines: number;
				adjustments: number;
				refundLines: number;
				customers: number;
				buyers: number;
				guests: number;
				dead: number;
			}[]
		>`
			select (select count(*)::int from order_lines) as lines,
				(select count(*)::int from order_lines l join orders o on o.id = l.order_id where l.quantity = 0 and o.kind <> 'refund_only') as adjustments,
				(select count(*)::int from refund_lines) as refund_lines, (select count(*)::int from customers) as customers,
				(select count(distinct customer_id)::int from orders where kind = 'sale') as buyers,
				(select count(*)::int from orders where kind = 'sale' and customer_id is null) as guests,
				(select count(*)::int from inbox where status = 'dead') as dead`;
		await sql.end({ timeout: 2 });
		same('Stored sales', kinds.get('sale') ?? 0, independent.orders);
		same('Stored refund-only orders', kinds.get('refund_only') ?? 0, independent.refundInvoices);
		same('Stored adjustment orders', kinds.get('adjustment') ?? 0, independent.adjustmentInvoices);
		same('Stored adjustment lines', stored!.adjustments, independent.adjustmentLines);
		same('Stored lines', stored!.lines, independent.lines); // a returned line is a line of quantity 0 with its refund line beside it
		same('Stored customers', stored!.customers, independent.customers);
		same('Stored customers with an order', stored!.buyers, independent.customersOfOrders);
		same('Stored guest orders', stored!.guests, independent.guests);
		same('Dead letters', stored!.dead, 0);
		console.log(`Stored: ${JSON.stringify({ ...Object.fromEntries(kinds), ...stored })}`);
	}
} finally {
	await app.stop();
	await shop.child.stop();
	await folder.remove();
}

function codeOf(name: string): string {
	return CODES[name] ?? name;
}

/** A country with nothing but adjustments has no figures and is in no menu. */
function counts(cell: Cell): boolean {
	return cell.orders > 0 || cell.refunds !== 0n;
}
