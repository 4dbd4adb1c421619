import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import zlib from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import {
	catchUp,
	customerCohorts,
	customersOverview,
	listCustomers
} from '../../src/lib/server/analytics/index.ts';
import { record } from '../../src/lib/server/live/index.ts';
import { recordOrders, type ChannelOrder } from '../../src/lib/server/orders/index.ts';
import { makeConnection } from '../factories/connection.ts';
import { makeOrder } from '../factories/order.ts';
import { makeOrganization } from '../factories/organization.ts';
import { compareCustomers } from './customers.ts';
import { count } from './independent.mjs';

const FILE = path.resolve('../shared/data/online_retail_II.csv.gz');
/** Lines of the file's beginning: four months or so. */
const LINES = Number(process.env.RETAIL_LINES ?? 120_000);
if (!fs.existsSync(FILE))
	console.warn(`SKIPPED: there is no ${FILE}; customers are not held against real transactions.`);

/** A slice of what `compare.ts` does with the whole file over HTTP: the verbs, on the same orders, within seconds. */
test.runIf(fs.existsSync(FILE))(
	'real transactions: cohorts, LTV, repeat rate and sales by month equal an independent count',
	async () => {
		const slice = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'retail-')), 'slice.csv');
		const text = await beginning();
		fs.writeFileSync(slice, text);
		const independent = await count(slice);
		fs.rmSync(path.dirname(slice), { recursive: true });
		const { organization, ctx } = await makeOrganization({ timeZone: 'Europe/London', currency: 'GBP' });
		const connectionId = await makeConnection(organization.id, { channel: 'shopify', currency: 'GBP' });
		const orders = ordersOf(text);
		for (let from = 0; from < orders.length; from += 1000)
			await record(organization.id, async (tx) => {
				const entries = orders.slice(from, from + 1000).map((order) => ({
					organizationId: organization.id,
					connectionId,
					channel: 'shopify' as const,
					timeZone: organization.timeZone,
					order
				}));
				const result = await recordOrders(tx, entries);
				return { result, events: result.events };
			});
		await catchUp([organization.id]);
		const months = Object.keys(independent.months).sort();
		const differences: string[] = [];
		let compared = 0;
		await compareCustomers({
			product: {
				overview: (range) => customersOverview(ctx('owner'), { range, by: 'month' }),
				cohorts: (number, until) => customerCohorts(ctx('owner'), { months: number, until }),
				list: () => listCustomers(ctx('owner'), { sort: 'orders' })
			},
			independent: independent.behaviour,
			first: months[0]!,
			last: months.at(-1)!,
			same(what, product, other) {
				compared++;
				if (String(product) === String(other)) return true;
				differences.push(`${what}: the product says ${product}, the independent count ${other}`);
				return false;
			}
		});
		expect(differences).toEqual([]);
		expect(compared).toBeGreaterThan(50);
	},
	300_000
);

async function beginning(): Promise<string> {
	const lines: string[] = [];
	const input = fs.createReadStream(FILE).pipe(zlib.createGunzip());
	for await (const line of readline.createInterface({ input })) {
		lines.push(line);
		if (lines.length > LINES) break;
	}
	return `${lines.join('\n')}\n`;
}

/** The file's invoices as a channel would tell them; one with a leading C is a refund without its sale. */
function ordersOf(text: string): ChannelOrder[] {
	const rows = parse(text, { columns: true, relax_column_count: true }) as Record<string, string>[];
	return [...Map.groupBy(rows, (row) => row.invoice!)].map(([invoice, own]) => {
		const time = own.map((row) => row.invoice_date!).sort()[0]!;
		const at = londonInstant(time);
		const customer = own.find((row) => row.customer_id)?.customer_id ?? null;
		const amount = (row: Record<string, string>) => pence(Number(row.quantity), row.unit_price!);
		const returned = invoice.startsWith('C');
		const sold = own.filter(
			(row) => !returned && Number(row.quantity) > 0 && !row.unit_price!.startsWith('-')
		);
		return makeOrder({
			externalId: invoice,
			name: invoice,
			placedAt: at,
			updatedAt: at,
			currency: 'GBP',
			customer: customer ? { externalId: customer } : null,
			lines: (returned ? own : sold).map((row, position) => ({
				externalId: `l${position}`,
				position,
				sku: row.stock_code || 'none',
				title: row.description || row.stock_code || 'none',
				quantity: returned ? 0 : Number(row.quantity),
				unitPrice: row.unit_price!.replace('-', ''),
				gross: returned ? '0' : amount(row)
			})),
			refunds: returned
				? [
						{
							externalId: 'r',
							refundedAt: at,
							total: null,
							lines: own.map((row, position) => ({
								externalId: `x${position}`,
								kind: 'adjustment' as const,
								lineExternalId: null,
								quantity: 0,
								amount: amount({ ...row, quantity: String(-Number(row.quantity)) })
							}))
						}
					]
				: []
		});
	});
}

/** Quantity x price to whole pence, half up. */
function pence(quantity: number, price: string): string {
	const [whole, fraction = ''] = price.replace('-', '').split('.') as [string, string?];
	const units =
		BigInt(whole + fraction.padEnd(6, '0').slice(0, 6)) *
		BigInt(quantity) *
		(price.startsWith('-') ? -1n : 1n);
	const size = units < 0n ? -units : units;
	const rounded = (size + 5000n) / 10_000n;
	const digits = rounded.toString().padStart(3, '0');
	return `${units < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A time as it is written in London. */
function londonInstant(written: string): string {
	const utc = Date.parse(`${written.replace(' ', 'T')}:00Z`);
	const shown = new Intl.DateTimeFormat('sv-SE', {
		timeZone: 'Europe/London',
		dateStyle: 'short',
		timeStyle: 'short'
	});
	const ahead = Date.parse(`${shown.format(utc).replace(' ', 'T')}:00Z`) - utc;
	return new Date(utc - ahead).toISOString();
}
