import { productsByStockId, type StockedProduct } from '../catalog/index.ts';
import type { PendingEvent } from '../live/index.ts';
import type { Tx } from '../platform/db.ts';
import { noteStockHistory } from './stock-history.ts';
import { locationIds, type StockScope } from './locations.ts';

/** Pieces at a location as the channel tells them. Null is "not told" and keeps what is known. */
export interface ChannelLevel {
	/** The channel's stock id (Shopify: the inventory item). */
	stockExternalId: string;
	locationExternalId: string;
	available: number;
	onHand: number | null;
	committed: number | null;
	incoming: number | null;
	reserved: number | null;
	/** The channel's version, ISO 8601. */
	updatedAt: string;
}

/** Events of one call; above, pages that show stock ask again at the first of them anyway. */
const MAX_EVENTS = 200;

interface LevelRow {
	product_id: string;
	location_id: string;
	stock_external_id: string;
	available: number;
	on_hand: number | null;
	committed: number | null;
	incoming: number | null;
	reserved: number | null;
	source_updated_at: string;
}

/**
 * Records stock of a connection's locations, at most 1,000 levels a call; an older version changes nothing. Levels of unknown
 * items or locations are counted in `unknown` and left out: the catalogue and the locations come first.
 * @returns an event per product with changed levels (at most 200), its `available` summed over active locations
 */
export async function recordStock(
	tx: Tx,
	scope: StockScope,
	given: readonly ChannelLevel[]
): Promise<{ written: number; unchanged: number; unknown: number; events: PendingEvent[] }> {
	if (given.length > 1_000) throw new Error(`${given.length} levels in one call; at most 1000.`);
	const products = await productsByStockId(
		tx,
		scope,
		given.map((level) => level.stockExternalId)
	);
	const locations = await locationIds(
		tx,
		scope,
		given.map((level) => level.locationExternalId)
	);
	const newest = new Map<string, LevelRow>();
	const told = new Map<string, StockedProduct>();
	let unknown = 0;
	for (const level of given) {
		const product = products.get(level.stockExternalId);
		const locationId = locations.get(level.locationExternalId);
		if (!product || !locationId) {
			unknown++;
			continue;
		}
		told.set(product.productId, product);
		const row = rowOf(level, product.productId, locationId);
		const key = `${locationId} ${level.stockExternalId}`;
		const seen = newest.get(key);
		if (!seen || row.source_updated_at >= seen.source_updated_at) newest.set(key, row);
	}
	const rows = [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
	const changed = rows.length === 0 ? [] : await write(tx, scope, rows);
	await noteStockHistory(tx, scope.organizationId, [...new Set(changed.map((row) => row.productId))]);
	return {
		written: changed.length,
		unchanged: given.length - unknown - changed.length,
		unknown,
		events: await eventsOf(tx, scope, changed, told)
	};
}

function rowOf(level: ChannelLevel, productId: string, locationId: string): LevelRow {
	return {
		product_id: productId,
		location_id: locationId,
		stock_external_id: level.stockExternalId,
		available: level.available,
		on_hand: level.onHand,
		committed: level.committed,
		incoming: level.incoming,
		reserved: level.reserved,
		source_updated_at: new Date(level.updatedAt).toISOString()
	};
}

function write(
	tx: Tx,
	{ organizationId }: StockScope,
	rows: readonly LevelRow[]
): Promise<{ productId: string; locationId: string }[]> {
	return tx.sql<{ productId: string; locationId: string }[]>`
		insert into stock_levels as s (organization_id, product_id, location_id, stock_external_id, available, on_hand, committed, incoming, reserved, source_updated_at)
		select ${organizationId}::uuid, r.* from json_to_recordset(${JSON.stringify(rows)}::text::json) as r (product_id uuid, location_id uuid, stock_external_id text,
			available integer, on_hand integer, committed integer, incoming integer, reserved integer, source_updated_at timestamptz)
		on conflict (location_id, stock_external_id) do update set product_id = excluded.product_id, available = excluded.available, on_hand = coalesce(excluded.on_hand, s.on_hand),
			committed = coalesce(excluded.committed, s.committed), incoming = coalesce(excluded.incoming, s.incoming),
			reserved = coalesce(excluded.reserved, s.reserved), source_updated_at = excluded.source_updated_at
		where excluded.source_updated_at >= s.source_updated_at and
			(s.product_id, s.available, s.on_hand, s.committed, s.incoming, s.reserved, s.source_updated_at) is distinct from (excluded.product_id, excluded.available,
				coalesce(excluded.on_hand, s.on_hand), coalesce(excluded.committed, s.committed), coalesce(excluded.incoming, s.incoming),
				coalesce(excluded.reserved, s.reserved), excluded.source_updated_at)
		returning s.product_id, s.location_id`;
}

async function eventsOf(
	tx: Tx,
	{ organizationId, connectionId }: StockScope,
	changed: readonly { productId: string; locationId: string }[],
	told: Map<string, StockedProduct>
): Promise<PendingEvent[]> {
	const locationsOf = Map.groupBy(changed, (row) => row.productId);
	const productIds = [...locationsOf.keys()].slice(0, MAX_EVENTS);
	if (productIds.length === 0) return [];
	const totals = await tx.sql<{ productId: string; available: number }[]>`
		select s.product_id, sum(s.available) filter (where l.is_active) as available
		from stock_levels s join locations l on l.id = s.location_id and (l.organization_id = s.organization_id) is true
		where s.organization_id = ${organizationId} and s.product_id = any(${productIds}::uuid[]) group by s.product_id`;
	const [connection] = await tx.sql<{ channel: 'amazon' | 'shopify' | 'walmart' }[]>`
		select channel from connections where id = ${connectionId} and organization_id = ${organizationId}`;
	return totals.map(({ productId, available }): PendingEvent => {
		const { sku, category } = told.get(productId)!;
		return {
			kind: 'stock',
			organizationId,
			subjectId: productId,
			productId,
			sku,
			available: Number(available ?? 0),
			dimensions: {
				channel: connection?.channel ?? null,
				categories: category ? [category] : [],
				locations: locationsOf.get(productId)!.map((row) => row.locationId),
				country: null
			}
		};
	});
}
