import { z } from 'zod';
import type { ReceiptsPreview } from '#lib/contracts/receipts.ts';
import { audit, require } from '../identity/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';
import { costEvents } from './cost-events.ts';
import { writeRecords, type RowError } from './csv-records.ts';
import { inScope } from './product-rows.ts';
import { productsBySku } from './receipts.ts';
import { readReceiptsFile, type ReceiptRow } from './receipts-file.ts';

const schema = z.strictObject({
	csv: z.string({ error: 'Choose a file.' }).min(1, { error: 'The file is empty.' })
});
const SAMPLE = 20;
const SHOWN_ERRORS = 200;

interface Matched extends ReceiptRow {
	productId: string;
}

/**
 * What a receipts file would add, without doing it, and each row that cannot be used, with its line.
 * @throws Forbidden without products.manage, Invalid
 */
export async function previewReceipts(ctx: Ctx, input: unknown): Promise<ReceiptsPreview> {
	require(ctx, 'products.manage');
	const { csv } = parse(schema, input);
	return inOrganization(ctx.organization.id, async (tx) => {
		const { rows, fresh, same, errors } = await match(tx, ctx, csv);
		return {
			rows,
			added: fresh.length,
			same,
			errors: errors.slice(0, SHOWN_ERRORS),
			sample: fresh.slice(0, SAMPLE).map(({ productId: _id, note: _note, ...row }) => row)
		};
	});
}

/**
 * Takes the new rows of a receipts file over, in one transaction. Receipts have no number of their own: a row counts as known when the
 * product has one of the same day, pieces, cost and note, each one once. So the same file twice changes nothing, and two equal rows
 * of one file are two receipts.
 * @throws Forbidden without products.manage, Invalid
 */
export async function importReceipts(ctx: Ctx, input: unknown): Promise<{ added: number; leftOut: number }> {
	require(ctx, 'products.manage');
	const { csv } = parse(schema, input);
	const organizationId = ctx.organization.id;
	return record(organizationId, async (tx) => {
		// two imports of one file at the same time would not see each other's rows
		await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`receipts ${organizationId}`}, 0))`;
		const { fresh, errors } = await match(tx, ctx, csv);
		const rows = fresh.map((row) => ({
			id: newId(),
			product_id: row.productId,
			received_on: row.receivedOn,
			quantity: row.quantity,
			unit_cost: row.unitCost,
			currency: row.currency,
			reference: row.note
		}));
		await tx.sql`
			insert into product_receipts (id, organization_id, product_id, received_on, quantity, unit_cost, currency, reference)
			select r.id, ${organizationId}::uuid, r.product_id, r.received_on, r.quantity, r.unit_cost, r.currency, r.reference
			from json_to_recordset(${JSON.stringify(rows)}::text::json)
				as r (id uuid, product_id uuid, received_on date, quantity int, unit_cost numeric, currency text, reference text)`;
		const result = { added: fresh.length, leftOut: errors.length };
		await audit(tx, ctx, 'receipts.imported', undefined, result);
		const products = [...new Set(fresh.map((row) => row.productId))].sort();
		return { result, events: products.length > 0 ? costEvents(organizationId, products) : [] };
	});
}

/**
 * All receipts as CSV, as `importReceipts` reads them, oldest first.
 * @throws Forbidden without products.read
 */
export async function exportReceipts(ctx: Ctx): Promise<string> {
	require(ctx, 'products.read');
	const rows = await inOrganization(
		ctx.organization.id,
		(tx) => tx.sql<(Omit<ReceiptRow, 'line'> & { title: string })[]>`
		select p.sku, p.title, r.received_on, r.quantity, trim_scale(r.unit_cost)::text as unit_cost, r.currency, r.reference as note
		from product_receipts r join products p on p.id = r.product_id and p.organization_id = r.organization_id
		where r.organization_id = ${ctx.organization.id} and ${inScope(tx, ctx)} order by r.received_on, p.sku, r.id`
	);
	return writeRecords([
		['sku', 'title', 'received', 'quantity', 'cost', 'currency', 'note'],
		...rows.map((row) => [
			row.sku,
			row.title,
			row.receivedOn,
			row.quantity,
			row.unitCost,
			row.currency,
			row.note ?? ''
		])
	]);
}

/** Rows that are not known yet, with their product; what names none becomes an error. */
async function match(
	tx: Tx,
	ctx: Ctx,
	csv: string
): Promise<{ rows: number; fresh: Matched[]; same: number; errors: RowError[] }> {
	const { rows, errors } = readReceiptsFile(csv, ctx.organization.currency);
	const products = await productsBySku(
		tx,
		ctx,
		rows.map((row) => row.sku)
	);
	const matched: Matched[] = [];
	for (const row of rows) {
		const product = products.get(row.sku);
		const sku = row.sku.slice(0, 60);
		if (!product) errors.push({ line: row.line, message: `No product has the SKU “${sku}”.` });
		else if (product.isBundle)
			errors.push({ line: row.line, message: `“${sku}” is a bundle: enter receipts of what it is made of.` });
		else matched.push({ ...row, productId: product.id });
	}
	const stored = await tx.sql<Matched[]>`
		select product_id, received_on, quantity, unit_cost::text as unit_cost, currency, reference as note from product_receipts
		where organization_id = ${ctx.organization.id} and product_id = any(${[...products.values()].map(({ id }) => id)}::uuid[])`;
	const known = new Map<string, number>();
	for (const row of stored) known.set(keyOf(row), (known.get(keyOf(row)) ?? 0) + 1);
	const fresh = matched.filter((row) => {
		const left = known.get(keyOf(row)) ?? 0;
		known.set(keyOf(row), left - 1);
		return left <= 0;
	});
	return {
		rows: rows.length,
		fresh,
		same: matched.length - fresh.length,
		errors: errors.sort((a, b) => a.line - b.line)
	};
}

function keyOf(row: Omit<Matched, 'line' | 'sku'>): string {
	return JSON.stringify([
		row.productId,
		row.receivedOn,
		row.quantity,
		Number(row.unitCost),
		row.currency,
		row.note ?? ''
	]);
}
