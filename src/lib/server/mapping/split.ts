import { z } from 'zod';
import { costEvents, getListing, splitOff } from '../catalog/index.ts';
import { audit, require } from '../identity/index.ts';
import { splitStock } from '../inventory/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { Conflict } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { moveSales } from './move-sales.ts';

const schema = z.strictObject({ listingId: z.uuid({ error: 'Choose a listing.' }) });

/**
 * Gives a listing a product of its own again, with its past sales; a SKU that was merged comes back as the product it was.
 * @returns the product's id
 * @throws Forbidden without products.manage, NotFound; Conflict when it is the only listing
 */
export async function splitListing(ctx: Ctx, input: unknown): Promise<string> {
	require(ctx, 'products.manage');
	const { listingId } = parse(schema, input);
	const organizationId = ctx.organization.id;
	const toId = await record(organizationId, async (tx) => {
		await getListing(tx, ctx, listingId);
		const split = await splitOff(tx, organizationId, listingId);
		if (!split) throw new Conflict('This is the only listing of the product: there is nothing to split off.');
		const { stockExternalId } = split;
		if (stockExternalId !== null) await splitStock(tx, organizationId, { ...split, stockExternalId });
		await audit(
			tx,
			ctx,
			'listing.split',
			{ kind: 'listing', id: listingId },
			{ from: split.fromId, to: split.toId }
		);
		return { result: split.toId, events: costEvents(organizationId, [split.toId]) };
	});
	await moveSales(ctx.organization, toId);
	return toId;
}
