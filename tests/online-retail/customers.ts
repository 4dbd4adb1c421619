import type { CohortsView } from '../../src/lib/contracts/customer-cohorts.ts';
import type { CustomerPage } from '../../src/lib/contracts/customer-list.ts';
import type { CustomersView } from '../../src/lib/contracts/customers.ts';
import { inPounds, type Behaviour } from './independent.mjs';

interface Given {
	/** What the product answers: its pages, or its verbs. */
	product: {
		overview(range: { from: string; to: string }): Promise<CustomersView>;
		cohorts(months: number, until: string): Promise<CohortsView>;
		list(): Promise<CustomerPage>;
	};
	independent: Behaviour;
	/** Months of the file, such as 2009-12. */
	first: string;
	last: string;
	same(what: string, product: string | number, independent: string | number): boolean;
}

/** Holds what the customers' pages say against the independent count: cohort matrix, LTV, repeat rate, new and returning sales by month. */
export async function compareCustomers(given: Given): Promise<void> {
	const { product, independent, first, last, same } = given;
	const lastDay = new Date(Date.UTC(Number(last.slice(0, 4)), Number(last.slice(5)), 0))
		.toISOString()
		.slice(0, 10);
	const view = await product.overview({ from: `${first}-01`, to: lastDay });
	const oneDecimal = (part: number, whole: number) =>
		(Math.floor((part * 2000 + whole) / (2 * whole)) / 10).toFixed(1);
	same('Customers with an order', view.customers, independent.customers);
	same('Customers who came again', view.repeatCustomers, independent.repeat);
	same(
		'Repeat purchase rate',
		view.repeatRate ?? 'unknown',
		oneDecimal(independent.repeat, independent.customers)
	);
	same(
		'Median days to the second order',
		view.secondOrder.medianDays ?? 'unknown',
		independent.medianDays ?? 'unknown'
	);
	same('LTV so far', view.realisedLtv ?? 'unknown', perCustomer(independent.spent, independent.customers));
	for (const [month, cell] of Object.entries(independent.months).sort()) {
		const row = view.series.find(({ at }) => at.startsWith(month));
		for (const name of ['newNet', 'returningNet', 'unidentifiedNet'] as const)
			same(`${month} ${name}`, row ? pence(row[name]) : 'no such month', inPounds(cell[name]));
		for (const name of ['newCustomers', 'newOrders', 'returningOrders'] as const)
			same(`${month} ${name}`, row?.[name] ?? 'no such month', cell[name]);
	}
	await compareCohorts(given);

	const list = await product.list();
	same('Customers in the list', list.count, independent.customers);
	console.log(
		`Customers: ${view.customers}, of whom ${view.repeatRate}% came again, after ${view.secondOrder.medianDays} days in the median; LTV so far £${Number(view.realisedLtv).toFixed(2)}`
	);
}

async function compareCohorts({ product, independent, first, last, same }: Given): Promise<void> {
	const view = await product.cohorts(36, last);
	same(
		'Cohorts',
		view.cohorts.map(({ month }) => month.slice(0, 7)).join(' '),
		Object.keys(independent.cohorts).sort().join(' ')
	);
	const span = monthsFrom(first, last);
	let cells = 0;
	for (const cohort of view.cohorts) {
		const name = cohort.month.slice(0, 7);
		const own = independent.cohorts[name];
		if (!own) continue;
		same(`Cohort ${name} customers`, cohort.customers, own.customers);
		const spent = Object.values(own.revenue).reduce((sum, amount) => sum + amount, 0n);
		same(`Cohort ${name} LTV`, cohort.ltv, perCustomer(spent, own.customers));
		const shownCells = new Map(cohort.cells.map((cell) => [cell.month, cell]));
		let running = 0n;
		for (let after = 0; after <= span; after++) {
			const cell = shownCells.get(after);
			running += own.revenue[after] ?? 0n;
			cells++;
			same(`Cohort ${name}, month ${after}: ordered`, cell?.active ?? 0, own.active[after] ?? 0);
			same(
				`Cohort ${name}, month ${after}: revenue`,
				pence(cell?.revenue ?? '0'),
				inPounds(own.revenue[after] ?? 0n)
			);
			if (cell)
				same(
					`Cohort ${name}, month ${after}: per customer`,
					cell.cumulative,
					perCustomer(running, own.customers)
				);
		}
		same(
			`Cohort ${name}, after the file: anything`,
			cohort.cells.filter((cell) => cell.month > span && (cell.active !== 0 || Number(cell.revenue) !== 0))
				.length,
			0
		);
	}
	console.log(
		`Cohort matrix: ${view.cohorts.length} cohorts, ${cells} cells compared (customers, revenue, spent per customer)`
	);
}

/** Whole pence as the independent count writes them; more digits would show. */
function pence(amount: string): string {
	return /^-?\d+(\.\d{1,2}0*)?$/.test(amount) ? Number(amount).toFixed(2) : amount;
}

/** Pounds per customer to four decimals, rounded half away from zero, the shortest writing. */
function perCustomer(amount: bigint, customers: number): string {
	const size = (amount < 0n ? -amount : amount) * 100n;
	const by = BigInt(customers);
	const digits = ((2n * size + by) / (2n * by)).toString().padStart(5, '0');
	return `${amount < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`.replace(/\.?0+$/, '');
}

function monthsFrom(a: string, b: string): number {
	return (Number(b.slice(0, 4)) - Number(a.slice(0, 4))) * 12 + Number(b.slice(5)) - Number(a.slice(5));
}
