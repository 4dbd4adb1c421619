import { z } from 'zod';
import { CHANNELS, type Channel } from '#lib/contracts/channels.ts';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { Invalid } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { DEFAULT_REORDER_POINT } from './low-stock.ts';

const schema = z.strictObject({
	/** Beginning of a SKU, or part of a title. */
	search: z.string().trim().max(100).default(''),
	channels: z.array(z.enum(CHANNELS)).max(3).default([]),
	productIds: z.array(z.uuid()).max(100).default([]),
	cursor: z.string().max(300).optional(),
	limit: z.int().min(1).max(200).default(50)
});

/** Stock of a product with its places. Pieces; null where the channel does not tell. */
export interface StockedItem {
	productId: string;
	sku: string;
	title: string;
	category: string | null;
	/** Over all active locations. */
	available: number;
	reorderPoint: number;
	low: boolean;
	locations: {
		locationId: string;
		name: string;
		/** Null: a location of our own. */
		channel: Channel | null;
		available: number;
		onHand: number | null;
		committed: number | null;
		incoming: number | null;
		reserved: number | null;
		updatedAt: string;
	}[];
}

/**
 * Products with stock levels, by SKU, a page at a time. A manager sees their categories, and the stock of their locations and channels.
 * @throws Forbidden without inventory.read, Invalid for a query or cursor that cannot be used
 */
export async function listStock(
	ctx: Ctx,
	input: unknown = {}
): Promise<{ items: StockedItem[]; next: string | null }> {
	require(ctx, 'inventory.read');
	const wanted = parse(schema, input);
	const after = readAfter(wanted.cursor);
	const { channels = null, categories = null, locations = null } = ctx.scope ?? {};
	const offered = wanted.channels.length > 0 ? wanted.channels : null;
	const search = wanted.search.toLowerCase();
	const begins = `${search.replace(/[\\%_]/g, '\\$&')}%`;
	const { id } = ctx.organization;
	const rows = await inOrganization(
		id,
		({ sql }) => sql<StockedItem[]>`
		select p.id as product_id, p.sku, p.title, p.category, sum(s.available)::int as available,
			coalesce(p.reorder_point, ${DEFAULT_REORDER_POINT}) as reorder_point,
			sum(s.available) <= coalesce(p.reorder_point, ${DEFAULT_REORDER_POINT}) as low,
			json_agg(json_build_object('locationId', l.id, 'name', l.name, 'channel', c.channel, 'available', s.available, 'onHand', s.on_hand,
				'committed', s.committed, 'incoming', s.incoming, 'reserved', s.reserved,
				'updatedAt', to_char(s.source_updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by l.name, l.id) as locations
		from products p
		cross join lateral (
			select location_id, sum(available)::int as available, sum(on_hand)::int as on_hand, sum(committed)::int as committed,
				sum(incoming)::int as incoming, sum(reserved)::int as reserved, max(source_updated_at) as source_updated_at
			from stock_levels where product_id = p.id and organization_id = p.organization_id group by location_id
		) s
		join locations l on l.id = s.location_id and l.organization_id = p.organization_id and l.is_active
		left join connections c on c.id = l.connection_id and c.organization_id = l.organization_id
		where p.organization_id = ${id} and p.merged_into is null
			and (${after}::text is null or p.sku > ${after})
			and (${search} = '' or lower(p.sku) like ${begins} or p.barcode like ${begins} or position(${search} in lower(p.title)) > 0)
			and (${wanted.productIds.length} = 0 or p.id = any(${wanted.productIds}::uuid[]))
			and (${offered}::text[] is null or c.channel = any(${offered}::text[]))
			and (${categories}::text[] is null or p.category = any(${categories}::text[]))
			and (${locations}::text[] is null or l.id::text = any(${locations}::text[]))
			and (${channels}::text[] is null or c.channel is null or c.channel = any(${channels}::text[]))
		group by p.id order by p.sku limit ${wanted.limit + 1}`
	);
	const items = rows.slice(0, wanted.limit).map((row) => ({ ...row }));
	return { items, next: rows.length > wanted.limit ? writeAfter(items.at(-1)!.sku) : null };
}

/** A product's SKU is its place: it stands once in an organization. */
function writeAfter(sku: string): string {
	return Buffer.from(JSON.stringify([sku])).toString('base64url');
}

function readAfter(cursor: string | undefined): string | null {
	if (cursor === undefined) return null;
	try {
		return z
			.tuple([
				z
					.string()
					.max(300)
					.refine((sku) => !sku.includes('\0'))
			])
			.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))[0];
	} catch {
		throw new Invalid({ cursor: 'This page of the list cannot be found. Start again from its first page.' });
	}
}
