import { stringify } from 'csv-stringify/sync';
import { IMPORT_FIELDS, type ImportField } from '#lib/contracts/imports.ts';

const EXAMPLE: Partial<Record<ImportField, string>>[] = [
	{
		orderId: '111-2223334-5556667',
		orderedAt: '2024-03-31 14:05',
		quantity: '2',
		orderName: '111-2223334-5556667',
		sku: 'MUG-WHITE',
		title: 'Mug, white',
		unitPrice: '12.50',
		discount: '2.50',
		tax: '1.86',
		shipping: '4.99',
		total: '29.35',
		currency: 'USD',
		status: 'shipped',
		city: 'Austin',
		region: 'TX',
		country: 'US'
	},
	{
		orderId: '111-2223334-5556668',
		orderedAt: '2024-04-01',
		quantity: '1',
		sku: 'MUG-BLACK',
		title: 'Mug, black',
		unitPrice: '12.50',
		currency: 'USD',
		status: 'shipped',
		refundAmount: '12.50',
		refundedAt: '2024-04-09'
	}
];

/** The generic template: a header and two example rows, one with a refund. */
export function templateCsv(): string {
	return stringify(
		EXAMPLE.map((row) => IMPORT_FIELDS.map(({ key }) => row[key] ?? '')),
		{ header: true, columns: IMPORT_FIELDS.map(({ key }) => key), record_delimiter: 'windows' }
	);
}
