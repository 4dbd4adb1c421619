import type { Ctx } from '../platform/ctx.ts';
import type { Tx } from '../platform/db.ts';
import { NotFound } from '../platform/errors.ts';
import { inScope } from './product-rows.ts';

/** A listing in the member's scope. @throws NotFound */
export async function getListing(tx: Tx, ctx: Ctx, listingId: string): Promise<{ productId: string }> {
	const channels = ctx.scope?.channels ?? null;
	const [row] = await tx.sql<{ productId: string }[]>`
		select l.product_id from listings l join products p on p.id = l.product_id join connections own on own.id = l.connection_id
		where l.organization_id = ${ctx.organization.id} and l.id = ${listingId} and (${channels}::text[] is null or own.channel = any(${channels}::text[])) and ${inScope(tx, ctx)}`;
	if (!row) throw new NotFound('This listing');
	return row;
}

/** True when a product is a bundle or a component of one. */
export async function isInBundle({ sql }: Tx, organizationId: string, productId: string): Promise<boolean> {
	const rows = await sql`select 1 from product_components
		where organization_id = ${organizationId} and (bundle_id = ${productId} or component_id = ${productId}) limit 1`;
	return rows.length > 0;
}
