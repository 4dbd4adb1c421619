import { parse as parseCsv } from 'csv-parse/sync';
import { adSpendRowSchema, type AdSpendRow } from '#lib/contracts/ad-spend.ts';
import { Invalid } from '../../platform/errors.ts';

/** Rows of one file: ten years of three channels on three platforms. */
const MAX_ROWS = 30_000;

/** A usable row; `line` counts from 1, the heading included. */
export interface SpendRow extends AdSpendRow {
	line: number;
}
export interface SpendError {
	line: number;
	message: string;
}

/** What columns may be called, letters only: ad platforms' own exports among them. */
const HEADINGS: Record<string, keyof AdSpendRow> = {
	day: 'day',
	date: 'day',
	reportingstarts: 'day',
	channel: 'channel',
	saleschannel: 'channel',
	amount: 'amount',
	spend: 'amount',
	cost: 'amount',
	amountspent: 'amount',
	currency: 'currency',
	currencycode: 'currency',
	platform: 'platform',
	source: 'platform',
	campaign: 'platform'
};

/**
 * Reads a file of ad spend: comma, semicolon or tab; day, channel and amount, and if given platform and currency (else the
 * organization's). Rows of the same day, channel and platform are added up, since exports have one for each campaign; in two currencies
 * the later is left out.
 * @throws Invalid when it is no such file at all
 */
export function readSpendFile(text: string, ownCurrency: string): { rows: SpendRow[]; errors: SpendError[] } {
	const records = recordsOf(text);
	const heading = records[0]?.cells.map((cell) => HEADINGS[cell.toLowerCase().replace(/[^a-z]/g, '')]);
	for (const name of ['day', 'channel', 'amount'] as const)
		if (!heading?.includes(name))
			throw new Invalid({
				csv: 'The first line must name the columns: day, channel and amount, and if you like platform and currency.'
			});
	if (records.length - 1 > MAX_ROWS)
		throw new Invalid({ csv: `The file has more than ${MAX_ROWS.toLocaleString('en-US')} rows. Split it.` });
	const errors: SpendError[] = [];
	const rows = new Map<string, SpendRow>();
	for (const { line, cells } of records.slice(1)) {
		if (cells.every((cell) => cell.trim() === '')) continue;
		const given: Record<string, string> = { currency: ownCurrency };
		heading!.forEach((name, index) => {
			const cell = cells[index]?.trim() ?? '';
			if (name && cell !== '') given[name] = name === 'channel' ? cell.toLowerCase() : cell;
		});
		const result = adSpendRowSchema.safeParse(given);
		if (!result.success) {
			errors.push({ line, message: result.error.issues.map((issue) => issue.message).join(' ') });
			continue;
		}
		const row = result.data;
		const key = `${row.day}\n${row.channel}\n${row.platform}`;
		const earlier = rows.get(key);
		if (earlier && earlier.currency !== row.currency) {
			errors.push({
				line,
				message: `Line ${earlier.line} has the same day, channel and platform in ${earlier.currency}.`
			});
			continue;
		}
		rows.set(key, { ...row, line, amount: earlier ? plus(earlier.amount, row.amount) : row.amount });
	}
	return { rows: [...rows.values()], errors };
}

/** The sum of two amounts of at most four decimals. */
export function plus(a: string, b: string): string {
	const units = (text: string) => {
		const [whole, fraction = ''] = text.split('.') as [string, string?];
		return BigInt(whole + fraction.padEnd(4, '0'));
	};
	const digits = (units(a) + units(b)).toString().padStart(5, '0');
	return `${digits.slice(0, -4)}.${digits.slice(-4)}`.replace(/\.?0+$/, '');
}

/** An amount in equal parts for `days` days, to the cent; what does not divide goes to the first of them. */
export function sharedOut(amount: string, days: number): string[] {
	const [whole, fraction = ''] = amount.split('.') as [string, string?];
	const scale = Math.max(2, fraction.length);
	const units = BigInt(whole + fraction.padEnd(scale, '0'));
	const each = units / BigInt(days);
	const left = Number(units % BigInt(days));
	return Array.from({ length: days }, (_, index) => {
		const digits = (each + (index < left ? 1n : 0n)).toString().padStart(scale + 1, '0');
		return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
	});
}

function recordsOf(text: string): { line: number; cells: string[] }[] {
	const first = text.slice(0, text.search(/\r?\n|$/));
	const delimiter = [';', '\t'].find((sign) => first.includes(sign)) ?? ',';
	try {
		const records: unknown = parseCsv(text, {
			bom: true,
			delimiter,
			info: true,
			relax_column_count: true,
			relax_quotes: true
		});
		return (records as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
			line: info.lines,
			cells: record
		}));
	} catch {
		throw new Invalid({ csv: 'This is no CSV file that can be read: a quotation mark is open to the end.' });
	}
}
