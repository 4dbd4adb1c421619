import { z } from 'zod';
import { BEGINNING } from '#lib/contracts/products.ts';
import { Invalid } from '../platform/errors.ts';
import { plainCell, readRecords, type RowError } from './csv-records.ts';
import { currency, fromDay, unitCost } from './fields.ts';

/** A usable row of a costs file; `line` counts from 1, the heading included. */
export interface CostRow {
	line: number;
	sku: string;
	fromDay: string;
	unitCost: string;
	currency: string;
}

const HEADINGS: Record<string, 'sku' | 'fromDay' | 'unitCost' | 'currency'> = {
	sku: 'sku',
	from: 'fromDay',
	fromday: 'fromDay',
	date: 'fromDay',
	cost: 'unitCost',
	unitcost: 'unitCost',
	cogs: 'unitCost',
	currency: 'currency'
};
const schema = z.object({
	sku: z.string().trim().min(1, { error: 'The SKU is missing.' }),
	fromDay,
	unitCost,
	currency
});

/**
 * Reads a costs file: a heading with sku and cost, and if wanted from (a day; empty is "from the beginning") and currency (else the
 * organization's). Comma, semicolon or tab. Rows without a
 * cost are passed over: the export has one for each product that has none. The last of several rows for one SKU and day counts, and the others are told as errors.
 * @throws Invalid when it is no such file at all
 */
export function readCostsFile(text: string, ownCurrency: string): { rows: CostRow[]; errors: RowError[] } {
	const records = readRecords(text);
	const heading = records[0]?.cells.map((cell) => HEADINGS[cell.toLowerCase().replace(/[^a-z]/g, '')]);
	if (!heading?.includes('sku') || !heading.includes('unitCost'))
		throw new Invalid({
			file: 'The first line must name the columns: sku and cost, and if you like from and currency.'
		});
	const errors: RowError[] = [];
	const rows = new Map<string, CostRow>();
	for (const { line, cells } of records.slice(1)) {
		if (cells.every((cell) => cell.trim() === '')) continue;
		const given: Record<string, string> = { currency: ownCurrency };
		heading.forEach((name, index) => {
			const cell = plainCell(cells[index]);
			if (name && !(name === 'currency' && cell === '')) given[name] = cell;
		});
		if (given.unitCost === '' && given.sku !== '') continue; // a row of the export that nobody filled in
		const result = schema.safeParse(given);
		if (!result.success) {
			errors.push({ line, message: result.error.issues.map((issue) => issue.message).join(' ') });
			continue;
		}
		const key = `${result.data.sku}\n${result.data.fromDay}`;
		const earlier = rows.get(key);
		if (earlier) {
			const day = result.data.fromDay === BEGINNING ? 'the beginning' : result.data.fromDay;
			errors.push({
				line: earlier.line,
				message: `Line ${line} says the cost of this SKU from ${day} again; that one counts.`
			});
		}
		rows.set(key, { line, ...result.data });
	}
	return { rows: [...rows.values()], errors: errors.sort((a, b) => a.line - b.line) };
}
