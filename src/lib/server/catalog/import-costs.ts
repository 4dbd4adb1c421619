import { z } from 'zod';
import { BEGINNING, type CostsPreview } from '#lib/contracts/products.ts';
import { audit, require } from '../identity/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { parse } from '../platform/parse.ts';
import { costEvents } from './cost-events.ts';
import { readCostsFile, type CostRow } from './costs-file.ts';
import { writeRecords, type RowError } from './csv-records.ts';
import { inScope } from './product-rows.ts';

const schema = z.strictObject({
	csv: z.string({ error: 'Choose a file.' }).min(1, { error: 'The file is empty.' })
});
const SAMPLE = 20;
const SHOWN_ERRORS = 200;

interface Matched extends CostRow {
	productId: string;
	before: { unitCost: string; currency: string } | null;
}

/**
 * What a costs file would do, without doing it: rows that add or change a cost, and each row that cannot be used, with its line.
 * @throws Forbidden without products.manage, Invalid
 */
export async function previewCosts(ctx: Ctx, input: unknown): Promise<CostsPreview> {
	require(ctx, 'products.manage');
	const { csv } = parse(schema, input);
	return inOrganization(ctx.organization.id, async (tx) => {
		const { matched, errors, rows } = await match(tx, ctx, csv);
		const changing = matched.filter((row) => !same(row));
		return {
			rows,
			added: changing.filter((row) => !row.before).length,
			changed: changing.filter((row) => row.before).length,
			same: matched.length - changing.length,
			errors: errors.slice(0, SHOWN_ERRORS),
			sample: changing.slice(0, SAMPLE).map(({ productId: _id, before, ...row }) => ({
				...row,
				before: before && `${before.unitCost} ${before.currency}`
			}))
		};
	});
}

/**
 * Takes the usable rows of a costs file over, in one transaction. The same file twice changes nothing.
 * @returns how many costs changed, and the rows that were left out
 * @throws Forbidden without products.manage, Invalid
 */
export async function importCosts(ctx: Ctx, input: unknown): Promise<{ changed: number; leftOut: number }> {
	require(ctx, 'products.manage');
	const { csv } = parse(schema, input);
	const organizationId = ctx.organization.id;
	return record(organizationId, async (tx) => {
		const { matched, errors } = await match(tx, ctx, csv);
		const changing = matched.filter((row) => !same(row));
		const rows = changing.map((row) => ({
			product_id: row.productId,
			from_day: row.fromDay,
			unit_cost: row.unitCost,
			currency: row.currency
		}));
		await tx.sql`
			insert into product_costs (organization_id, product_id, from_day, unit_cost, currency, source)
			select ${organizationId}::uuid, r.*, 'file' from json_to_recordset(${JSON.stringify(rows)}::text::json)
				as r (product_id uuid, from_day date, unit_cost numeric, currency text) order by 2, 3
			on conflict (product_id, from_day) do update set unit_cost = excluded.unit_cost, currency = excluded.currency, source = 'file'`;
		await audit(tx, ctx, 'costs.imported', undefined, { changed: changing.length, leftOut: errors.length });
		const products = [...new Set(changing.map((row) => row.productId))].sort();
		return {
			result: { changed: changing.length, leftOut: errors.length },
			events: costEvents(organizationId, products)
		};
	});
}

/**
 * All costs as CSV, as `importCosts` reads it; products without one stand with an empty cost, to be filled in.
 * @throws Forbidden without products.read
 */
export async function exportCosts(ctx: Ctx): Promise<string> {
	require(ctx, 'products.read');
	const rows = await inOrganization(
		ctx.organization.id,
		(tx) => tx.sql<
			{
				sku: string;
				title: string;
				fromDay: string | null;
				unitCost: string | null;
				currency: string | null;
				source: string | null;
			}[]
		>`
		select p.sku, p.title, c.from_day, trim_scale(c.unit_cost)::text as unit_cost, c.currency, c.source
		from products p left join product_costs c on c.product_id = p.id and c.organization_id = p.organization_id
		where p.organization_id = ${ctx.organization.id} and p.merged_into is null and ${inScope(tx, ctx)}
			and not exists (select 1 from product_components k where k.bundle_id = p.id)
		order by p.sku, c.from_day`
	);
	return writeRecords([
		['sku', 'title', 'from', 'cost', 'currency', 'source'],
		...rows.map((row) => [
			row.sku,
			row.title,
			row.fromDay === BEGINNING ? '' : (row.fromDay ?? ''),
			row.unitCost ?? '',
			row.currency ?? '',
			row.source ?? ''
		])
	]);
}

/** Rows with the product and the cost that stands; unknown SKUs become errors. */
async function match(
	tx: Tx,
	ctx: Ctx,
	csv: string
): Promise<{ rows: number; matched: Matched[]; errors: RowError[] }> {
	const { rows, errors } = readCostsFile(csv, ctx.organization.currency);
	const found = await tx.sql<{ sku: string; id: string; isBundle: boolean }[]>`
		select k.sku, p.id, exists (select 1 from product_components c where c.bundle_id = p.id) as is_bundle
		from (select distinct sku from unnest(${rows.map((row) => row.sku)}::text[]) as w (sku)) k
		join products named on named.organization_id = ${ctx.organization.id} and named.sku = k.sku
		join products p on p.id = coalesce(named.merged_into, named.id) and p.organization_id = ${ctx.organization.id} and ${inScope(tx, ctx)}`;
	const products = new Map(found.map((row) => [row.sku, row]));
	const stored = await tx.sql<{ productId: string; fromDay: string; unitCost: string; currency: string }[]>`
		select product_id, from_day, trim_scale(unit_cost)::text as unit_cost, currency from product_costs
		where organization_id = ${ctx.organization.id} and product_id = any(${found.map((row) => row.id)}::uuid[])`;
	const before = new Map(stored.map((row) => [row.productId + row.fromDay, row]));
	const matched: Matched[] = [];
	for (const row of rows) {
		const product = products.get(row.sku);
		if (!product)
			errors.push({ line: row.line, message: `No product has the SKU “${row.sku.slice(0, 60)}”.` });
		else if (product.isBundle)
			errors.push({
				line: row.line,
				message: `“${row.sku.slice(0, 60)}” is a bundle: it costs what its components cost.`
			});
		else
			matched.push({ ...row, productId: product.id, before: before.get(product.id + row.fromDay) ?? null });
	}
	return { rows: rows.length, matched, errors: errors.sort((a, b) => a.line - b.line) };
}

function same({ before, unitCost, currency }: Matched): boolean {
	return before !== null && Number(before.unitCost) === Number(unitCost) && before.currency === currency;
}
