// node bench/forecast/online-retail.ts online_retail_II.csv.gz [--skus 200] > or2.csv
// Online Retail II as daily units per SKU in the bench's form: sales only (no 'C' invoices, no lines of 0 or fewer units), stock
// codes that begin with five digits, the SKUs that sold most units among those sold on 100 days or more, first sold in the file's first half.
import fs from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse';

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { skus: { type: 'string', default: '200' } }
});
const daily = new Map<string, Map<string, number>>();
const dates = new Set<string>();
const rows = fs
	.createReadStream(positionals[0]!)
	.pipe(createGunzip())
	.pipe(parse({ columns: true }));
for await (const row of rows as AsyncIterable<Record<string, string>>) {
	const units = Number(row.quantity);
	const date = row.invoice_date!.slice(0, 10);
	if (row.invoice!.startsWith('C') || !(units > 0) || !/^\d{5}/.test(row.stock_code!)) continue;
	const sku = row.stock_code!.toUpperCase();
	const days = daily.get(sku) ?? new Map<string, number>();
	if (!daily.has(sku)) daily.set(sku, days);
	days.set(date, (days.get(date) ?? 0) + units);
	dates.add(date);
}
const sorted = [...dates].sort();
const middle = sorted[Math.floor(sorted.length / 2)]!;
const total = (days: Map<string, number>) => [...days.values()].reduce((sum, units) => sum + units, 0);
const chosen = [...daily]
	.filter(([, days]) => days.size >= 100 && [...days.keys()].sort()[0]! < middle)
	.sort(([, a], [, b]) => total(b) - total(a))
	.slice(0, Number(values.skus));
console.log('series_id,date,units');
for (const [sku, days] of chosen)
	for (const [date, units] of [...days].sort(([a], [b]) => (a < b ? -1 : 1)))
		console.log(`${sku},${date},${units}`);
