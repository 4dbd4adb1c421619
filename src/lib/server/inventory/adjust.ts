import { z } from 'zod';
import { lockProducts } from '../catalog/index.ts';
import { audit, require } from '../identity/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Tx } from '../platform/db.ts';
import { Conflict, Invalid, NotFound } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';

/** Why stock was changed by hand. */
export const ADJUST_REASONS = ['count', 'received', 'damaged', 'lost', 'returned', 'correction'] as const;
/** Pieces a level holds at most. */
export const MAX_PIECES = 10_000_000;
const OWN_LOCATION = 'Own stock';

const pieces = z.int({ error: 'Send a whole number of pieces.' });
const schema = z.strictObject({
	productId: z.uuid({ error: 'Choose a product.' }),
	locationId: z.uuid({ error: 'Choose a location.' }).optional(),
	/** What is there now. */
	available: pieces.min(0).max(MAX_PIECES).optional(),
	/** How many came or went. */
	delta: pieces.min(-MAX_PIECES).max(MAX_PIECES).optional(),
	reason: z.enum(ADJUST_REASONS).default('correction')
});

/** A level after a change by hand. Pieces. */
export interface AdjustedStock {
	productId: string;
	locationId: string;
	locationName: string;
	before: number;
	available: number;
	/** Over all active locations. */
	totalAvailable: number;
}

/**
 * Sets or changes the pieces at a location of our own (without one named: the first, made when there is none). What a channel counts
 * is changed at the channel.
 * @throws Forbidden without inventory.adjust, NotFound, Invalid; Conflict for a channel's location
 */
export async function adjustStock(ctx: Ctx, input: unknown): Promise<AdjustedStock> {
	require(ctx, 'inventory.adjust');
	const wanted = parse(schema, input);
	if ((wanted.available === undefined) === (wanted.delta === undefined))
		throw new Invalid({
			available: 'Send either available (what is there now) or delta (how many came or went).'
		});
	const organizationId = ctx.organization.id;
	return record(organizationId, async (tx) => {
		const product = (await lockProducts(tx, ctx, [wanted.productId])).get(wanted.productId)!;
		const location = await ownLocation(tx, ctx, wanted.locationId);
		const [level] = await tx.sql<{ available: number }[]>`
			select available from stock_levels where location_id = ${location.id} and product_id = ${product.id} and organization_id = ${organizationId}`;
		const before = level?.available ?? 0;
		const available = wanted.available ?? before + wanted.delta!;
		if (available < 0) throw new Invalid({ delta: `${before} pieces are there: no more than these can go.` });
		if (available > MAX_PIECES)
			throw new Invalid({ delta: `A location holds at most ${MAX_PIECES} pieces.` });
		await tx.sql`
			insert into stock_levels (organization_id, product_id, location_id, stock_external_id, available, on_hand, source_updated_at)
			values (${organizationId}, ${product.id}, ${location.id}, ${product.id}, ${available}, ${available}, now())
			on conflict (location_id, stock_external_id) do update set available = excluded.available, on_hand = excluded.on_hand, source_updated_at = excluded.source_updated_at`;
		const [total] = await tx.sql<{ pieces: number }[]>`
			select sum(s.available)::int as pieces from stock_levels s join locations l on l.id = s.location_id and l.organization_id = s.organization_id and l.is_active
			where s.organization_id = ${organizationId} and s.product_id = ${product.id}`;
		const totalAvailable = total?.pieces ?? 0;
		await audit(
			tx,
			ctx,
			'stock.adjusted',
			{ kind: 'product', id: product.id },
			{ locationId: location.id, before, available, reason: wanted.reason }
		);
		return {
			result: {
				productId: product.id,
				locationId: location.id,
				locationName: location.name,
				before,
				available,
				totalAvailable
			},
			events: [
				{
					kind: 'stock',
					organizationId,
					subjectId: product.id,
					productId: product.id,
					sku: product.sku,
					available: totalAvailable,
					dimensions: {
						channel: null,
						categories: product.category ? [product.category] : [],
						locations: [location.id],
						country: null
					}
				}
			]
		};
	});
}

async function ownLocation(
	{ sql }: Tx,
	ctx: Ctx,
	id: string | undefined
): Promise<{ id: string; name: string }> {
	const { locations = null } = ctx.scope ?? {};
	const organizationId = ctx.organization.id;
	const [found] = await sql<{ id: string; name: string; connectionId: string | null }[]>`
		select id, name, connection_id from locations where organization_id = ${organizationId}
			and (${locations}::text[] is null or id::text = any(${locations}::text[]))
			and (id::text = ${id ?? ''} or (${id === undefined} and connection_id is null and is_active))
		order by created_at, id limit 1`;
	if (found?.connectionId)
		throw new Conflict(
			`The channel counts the stock of ${found.name}. Change it at the channel; it comes here by itself.`
		);
	if (found) return found;
	if (id !== undefined || locations) throw new NotFound('This location');
	const made = { id: newId(), name: OWN_LOCATION };
	await sql`select pg_advisory_xact_lock(hashtextextended(${`own location ${organizationId}`}, 0))`;
	const [other] = await sql<{ id: string; name: string }[]>`
		select id, name from locations where organization_id = ${organizationId} and connection_id is null and is_active order by created_at limit 1`;
	if (other) return other;
	await sql`insert into locations (id, organization_id, name) values (${made.id}, ${organizationId}, ${made.name})`;
	return made;
}
