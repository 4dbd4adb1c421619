import { z } from 'zod';
import { Invalid } from '../platform/errors.ts';
import { plainCell, readRecords, type RowError } from './csv-records.ts';
import { currency, note, quantity, receivedOn, unitCost } from './fields.ts';

/** A usable row of a receipts file; `line` counts from 1, the heading included. */
export interface ReceiptRow {
	line: number;
	sku: string;
	receivedOn: string;
	quantity: number;
	unitCost: string;
	currency: string;
	note: string | null;
}

const HEADINGS: Record<string, Exclude<keyof ReceiptRow, 'line'>> = {
	sku: 'sku',
	received: 'receivedOn',
	receivedon: 'receivedOn',
	date: 'receivedOn',
	day: 'receivedOn',
	quantity: 'quantity',
	qty: 'quantity',
	pieces: 'quantity',
	units: 'quantity',
	cost: 'unitCost',
	unitcost: 'unitCost',
	currency: 'currency',
	note: 'note',
	reference: 'note'
};
const NEEDED = ['sku', 'receivedOn', 'quantity', 'unitCost'] as const;
const schema = z.object({
	sku: z.string().trim().min(1, { error: 'The SKU is missing.' }),
	receivedOn,
	quantity,
	unitCost,
	currency,
	note
});

/**
 * Reads a receipts file: a heading with sku, received, quantity and cost, and if wanted currency (else the organization's) and note.
 * @throws Invalid when it is no such file at all
 */
export function readReceiptsFile(
	text: string,
	ownCurrency: string
): { rows: ReceiptRow[]; errors: RowError[] } {
	const records = readRecords(text);
	const heading = records[0]?.cells.map((cell) => HEADINGS[cell.toLowerCase().replace(/[^a-z]/g, '')]);
	if (!heading || NEEDED.some((name) => !heading.includes(name)))
		throw new Invalid({
			file: 'The first line must name the columns: sku, received, quantity and cost, and if you like currency and note.'
		});
	const rows: ReceiptRow[] = [];
	const errors: RowError[] = [];
	for (const { line, cells } of records.slice(1)) {
		if (cells.every((cell) => cell.trim() === '')) continue;
		const given: Record<string, string> = { currency: ownCurrency };
		heading.forEach((name, index) => {
			const cell = plainCell(cells[index]);
			if (name && !(name === 'currency' && cell === '')) given[name] = cell;
		});
		const result = schema.safeParse(given);
		if (result.success) rows.push({ line, ...result.data });
		else errors.push({ line, message: result.error.issues.map((issue) => issue.message).join(' ') });
	}
	return { rows, errors };
}
