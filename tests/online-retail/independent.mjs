// The second opinion on the Online Retail II file: plain Node, shares no code with the product or the simulator.
// `node tests/online-retail/independent.mjs FILE.csv[.gz]` prints JSON. Money is integer pence throughout.
import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import zlib from 'node:zlib';
import { customerCount } from './customers.mjs';

/** Above this many lines in one invoice the channel pages them: they must arrive whole all the same. */
const LONG_INVOICE = 250;

/**
 * Counts the whole file. The rules, from the issue: an invoice without a leading C and with a line of quantity > 0 and
 * price >= 0 is an order made of those lines; a C invoice is a refund at its own time; every other line is an adjustment.
 * Times in the file are local to London, so a month is what is written; an invoice with several times takes its first.
 */
export async function count(file) {
	const invoices = new Map();
	const customers = new Set();
	let lines = 0;
	for await (const [invoice, , , quantity, time, price, customer, country] of rows(file)) {
		lines++;
		let seen = invoices.get(invoice);
		if (!seen)
			invoices.set(
				invoice,
				(seen = { time, customer: '', country, lines: 0, sold: 0, units: 0, pence: 0n, adjustments: 0 })
			);
		if (time < seen.time) seen.time = time;
		if (customer) customers.add((seen.customer ||= customer));
		seen.lines++;
		const pieces = Number(quantity);
		const returned = invoice.startsWith('C');
		if (!returned && !(pieces > 0 && !price.startsWith('-'))) {
			seen.adjustments++;
			continue;
		}
		seen.sold++;
		seen.units += pieces;
		seen.pence += roundToPence(pieces, price);
	}

	const result = {
		lines,
		invoices: invoices.size,
		orders: 0,
		refundInvoices: 0,
		adjustmentInvoices: 0,
		adjustmentLines: 0,
		guests: 0,
		customers: customers.size,
		customersOfOrders: 0,
		total: figures(),
		months: {},
		countries: {},
		longInvoices: {}
	};
	const buyers = new Set();
	const behaviour = customerCount();
	for (const [invoice, seen] of invoices) {
		result.adjustmentLines += seen.adjustments;
		behaviour.add(invoice, seen);
		if (seen.lines > LONG_INVOICE) result.longInvoices[invoice] = seen.lines;
		const cells = [
			result.total,
			(result.months[seen.time.slice(0, 7)] ??= figures()),
			(result.countries[seen.country] ??= figures())
		];
		if (invoice.startsWith('C')) {
			result.refundInvoices++;
			for (const cell of cells) {
				cell.refunds -= seen.pence;
				cell.refundUnits -= seen.units;
			}
		} else if (seen.sold > 0) {
			result.orders++;
			if (seen.customer) buyers.add(seen.customer);
			else result.guests++;
			for (const cell of cells) {
				cell.orders++;
				cell.units += seen.units;
				cell.gross += seen.pence;
			}
		} else {
			result.adjustmentInvoices++;
		}
	}
	result.customersOfOrders = buyers.size;
	result.behaviour = behaviour.result();
	return result;
}

function figures() {
	return { orders: 0, units: 0, gross: 0n, refundUnits: 0, refunds: 0n };
}

/** Quantity x price, rounded half-up to whole pence, exact. */
function roundToPence(quantity, price) {
	const [, sign, whole, fraction = ''] = /^(-?)(\d*)\.?(\d*)$/.exec(price);
	const scale = 10n ** BigInt(fraction.length);
	const pence = BigInt(quantity) * BigInt(`${sign}${whole || 0}${fraction}`) * 100n;
	const doubled = 2n * pence + scale;
	const step = 2n * scale;
	return doubled >= 0n ? doubled / step : -((-doubled + step - 1n) / step);
}

/** Rows of the file after its heading. Quoted fields may hold commas, line ends and doubled quotes. */
async function* rows(file) {
	const raw = fs.createReadStream(file);
	const stream = file.endsWith('.gz') ? raw.pipe(zlib.createGunzip()) : raw;
	stream.setEncoding('utf8');
	let row = [];
	let field = '';
	let quoted = false;
	let closing = false; // a quote inside quotes: the end, or the first of two
	let first = true;
	for await (const chunk of stream) {
		for (const character of chunk) {
			if (closing) {
				closing = false;
				if (character === '"') {
					field += '"';
					continue;
				}
				quoted = false;
			}
			if (quoted) {
				if (character === '"') closing = true;
				else field += character;
			} else if (character === '"') {
				quoted = true;
			} else if (character === ',') {
				row.push(field);
				field = '';
			} else if (character === '\n') {
				row.push(field.replace(/\r$/, ''));
				if (!first && row.length === 8) yield row;
				first = false;
				row = [];
				field = '';
			} else {
				field += character;
			}
		}
	}
	if (row.length === 7) yield [...row, field];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	const file = process.argv[2];
	if (!file) {
		console.error('Usage: node tests/online-retail/independent.mjs FILE.csv[.gz]');
		process.exit(2);
	}
	const pounds = (_key, value) => (typeof value === 'bigint' ? inPounds(value) : value);
	console.log(JSON.stringify(await count(file), pounds, '\t'));
}

/** 123456n -> '1234.56' */
export function inPounds(pence) {
	const digits = String(pence < 0n ? -pence : pence).padStart(3, '0');
	return `${pence < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
