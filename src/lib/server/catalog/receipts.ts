import { z } from 'zod';
import type { Receipt, ReceiptsPage } from '#lib/contracts/receipts.ts';
import { audit, require } from '../identity/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { Conflict, Invalid, NotFound } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';
import { costEvents } from './cost-events.ts';
import { currency, note, quantity, receivedOn, unitCost } from './fields.ts';
import { inScope } from './product-rows.ts';

const PAGE = 20;
const addSchema = z.strictObject({
	sku: z.string({ error: 'Enter the SKU.' }).trim().min(1, { error: 'Enter the SKU.' }),
	receivedOn,
	quantity,
	unitCost,
	currency,
	note
});
const removeSchema = z.strictObject({ receiptId: z.uuid({ error: 'Choose a receipt.' }) });
const listSchema = z.strictObject({
	sku: z.string().trim().default(''),
	page: z.number().int().min(1).max(100_000).default(1)
});

/** A product that a SKU names: of a merged one, the product that took over. */
export interface NamedProduct {
	id: string;
	isBundle: boolean;
}

/** Products by SKU, in the member's scope. */
export async function productsBySku(
	tx: Tx,
	ctx: Ctx,
	skus: readonly string[]
): Promise<Map<string, NamedProduct>> {
	const found = await tx.sql<(NamedProduct & { sku: string })[]>`
		select k.sku, p.id, exists (select 1 from product_components c where c.bundle_id = p.id) as is_bundle
		from (select distinct sku from unnest(${[...skus]}::text[]) as w (sku)) k
		join products named on named.organization_id = ${ctx.organization.id} and named.sku = k.sku
		join products p on p.id = coalesce(named.merged_into, named.id) and p.organization_id = ${ctx.organization.id} and ${inScope(tx, ctx)}`;
	return new Map(found.map(({ sku, ...product }) => [sku, product]));
}

/**
 * Says that goods came in: pieces of the product with this SKU, and what one of them cost. Under first in, first out, sales from that
 * day on take from it; profit of past days follows at once.
 * @throws Forbidden without products.manage, Invalid; Conflict for a bundle
 */
export async function addReceipt(ctx: Ctx, input: unknown): Promise<{ id: string }> {
	require(ctx, 'products.manage');
	const wanted = parse(addSchema, input);
	const organizationId = ctx.organization.id;
	return record(organizationId, async (tx) => {
		const product = (await productsBySku(tx, ctx, [wanted.sku])).get(wanted.sku);
		if (!product) throw new Invalid({ sku: 'No product has this SKU.' });
		if (product.isBundle)
			throw new Conflict('This is a bundle: enter receipts of the products it is made of.');
		const id = newId();
		await tx.sql`
			insert into product_receipts (id, organization_id, product_id, received_on, quantity, unit_cost, currency, reference)
			values (${id}, ${organizationId}, ${product.id}, ${wanted.receivedOn}, ${wanted.quantity}, ${wanted.unitCost}, ${wanted.currency}, ${wanted.note})`;
		const { sku: _sku, note: _note, ...data } = wanted;
		await audit(tx, ctx, 'receipt.added', { kind: 'product', id: product.id }, { ...data, receiptId: id });
		return { result: { id }, events: costEvents(organizationId, [product.id]) };
	});
}

/**
 * Takes a receipt back: what was taken from it takes from the next ones.
 * @throws Forbidden without products.manage, NotFound
 */
export async function removeReceipt(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'products.manage');
	const { receiptId } = parse(removeSchema, input);
	const organizationId = ctx.organization.id;
	await record(organizationId, async (tx) => {
		const [gone] = await tx.sql<
			{ productId: string; receivedOn: string; quantity: number; unitCost: string }[]
		>`
			delete from product_receipts r using products p
			where r.id = ${receiptId} and r.organization_id = ${organizationId} and p.id = r.product_id and ${inScope(tx, ctx)}
			returning r.product_id, r.received_on, r.quantity, trim_scale(r.unit_cost)::text as unit_cost`;
		if (!gone) throw new NotFound('This receipt');
		const { productId: id, ...data } = gone;
		await audit(tx, ctx, 'receipt.removed', { kind: 'product', id }, { ...data, receiptId });
		return { result: undefined, events: costEvents(organizationId, [id]) };
	});
}

/**
 * Receipts, newest first, 20 to a page; of one SKU, or of all products in the member's scope.
 * @throws Forbidden without products.read
 */
export async function listReceipts(ctx: Ctx, input: unknown = {}): Promise<ReceiptsPage> {
	require(ctx, 'products.read');
	const { sku, page } = parse(listSchema, input);
	return inOrganization(ctx.organization.id, async (tx) => {
		const { sql } = tx;
		const which = sql`
			from product_receipts r join products p on p.id = r.product_id and p.organization_id = r.organization_id
			where r.organization_id = ${ctx.organization.id} and ${inScope(tx, ctx)} and (${sku} = '' or p.sku = ${sku}
				or p.id = (select merged_into from products m where m.organization_id = ${ctx.organization.id} and m.sku = ${sku}))`;
		const receipts = await sql<Receipt[]>`
			select r.id, r.product_id, p.sku, p.title, r.received_on, r.quantity, trim_scale(r.unit_cost)::text as unit_cost, r.currency, r.reference as note
			${which} order by r.received_on desc, r.id desc limit ${PAGE} offset ${(page - 1) * PAGE}`;
		const [count] = await sql<{ n: number }[]>`select count(*)::int as n ${which}`;
		return { receipts: [...receipts], total: count!.n, page, pages: Math.max(1, Math.ceil(count!.n / PAGE)) };
	});
}
