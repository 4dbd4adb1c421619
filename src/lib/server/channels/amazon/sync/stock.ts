import { recordStock, upsertLocations, type ChannelLevel } from '../../../inventory/index.ts';
import { record } from '../../../live/index.ts';
import { inOrganization } from '../../../platform/db.ts';
import { ChannelError } from '../../error.ts';
import { object, objects, requiredText, text, type Json } from '../../json.ts';
import { loadCursor, moveCursor } from '../../sync/cursors.ts';
import { loopGuard } from '../../sync/loop-guard.ts';
import { inThousands } from '../../sync/write.ts';
import type { AmazonClient } from '../client.ts';
import { AmazonRefused } from '../errors.ts';
import { marketplaceOf } from '../regions.ts';
import type { AmazonRun } from './orders.ts';

const HOUR_MS = 3600_000;
/** Inbound pieces change unseen by `startDateTime`: everything is read this often. */
const WHOLE_EVERY_MS = 6 * HOUR_MS;
const MOST_RESTARTS = 5;

/** Amazon's warehouses of a region are one place. */
export const FBA_LOCATION = 'FBA';

/** Stock at Amazon: what changed since the last look, and everything a few times a day. All of it is written, or nothing. */
export async function readStock(context: AmazonRun): Promise<void> {
	const { connection, client, progress } = context;
	const startedAt = await client.serverNow();
	const { syncedTo, state } = await inOrganization(connection.organizationId, (tx) =>
		loadCursor(tx, connection, 'stock')
	);
	const lastWhole = typeof state.wholeAt === 'string' ? Date.parse(state.wholeAt) : 0;
	const whole = syncedTo === null || startedAt.getTime() - lastWhole >= WHOLE_EVERY_MS;
	const since = whole ? null : new Date(syncedTo!.getTime() - 10 * 60_000).toISOString();
	const items = new Map<string, Json>();
	for (const marketplaceId of stockMarketplaces(client))
		for (const item of await snapshot(client, marketplaceId, since))
			items.set(requiredText(item.sellerSku, 'The SKU of a stock level'), item);
	const levels = [...items.values()].flatMap((item) => levelOf(item, startedAt, whole));
	const scope = { organizationId: connection.organizationId, connectionId: connection.id };
	const counts = await record(connection.organizationId, async (tx) => {
		await upsertLocations(tx, scope, [
			{
				externalId: FBA_LOCATION,
				name: 'Amazon warehouses (FBA)',
				country: homeCountry(client),
				isActive: true
			}
		]);
		const written = await inThousands(levels, (part) => recordStock(tx, scope, part));
		const wholeAt = whole ? startedAt.toISOString() : state.wholeAt;
		await moveCursor(tx, connection, 'stock', { syncedTo: startedAt, state: { wholeAt } });
		await tx.sql`
			update connections set facts = facts || ${tx.sql.json({ inboundAsOf: wholeAt } as never)} where organization_id = ${connection.organizationId} and id = ${connection.id}`;
		return { result: written, events: written.events };
	});
	progress.add('stock', { done: levels.length, written: counts.written, unchanged: counts.unchanged });
}

/** All pages of a marketplace's stock, or none: a place that is lost begins the list anew, since its token lives thirty seconds. */
async function snapshot(client: AmazonClient, marketplaceId: string, since: string | null): Promise<Json[]> {
	for (let restarts = 0; ; restarts++) {
		try {
			return await pagesOf(client, marketplaceId, since);
		} catch (error) {
			if (!(error instanceof AmazonRefused) || error.refusal.status !== 400) throw error;
			if (restarts >= MOST_RESTARTS)
				throw new ChannelError(
					'unavailable',
					`Amazon’s list of stock broke off ${restarts + 1} times: ${error.refusal.message ?? error.refusal.code}. Tidemark tries again later.`,
					null,
					{ cause: error }
				);
			client.traffic.retries++;
		}
	}
}

async function pagesOf(client: AmazonClient, marketplaceId: string, since: string | null): Promise<Json[]> {
	const guard = loopGuard('Amazon', 'stock');
	const found: Json[] = [];
	let nextToken: string | null = null;
	do {
		const answer: Json = (await client.call('getInventorySummaries', {
			query: {
				details: true,
				granularityType: 'Marketplace',
				granularityId: marketplaceId,
				marketplaceIds: [marketplaceId],
				startDateTime: since,
				nextToken
			}
		}))!;
		const rows = objects(object(answer.payload)?.inventorySummaries, 'The stock');
		found.push(...rows);
		const next: string | null = text(object(answer.pagination)?.nextToken);
		nextToken = next === null ? null : guard(next, rows.length);
	} while (nextToken !== null);
	return found;
}

/** A level as we keep it; none for what Amazon tells no details of. Inbound counts only from a whole look. */
export function levelOf(item: Json, at: Date, whole: boolean): ChannelLevel[] {
	const sku = requiredText(item.sellerSku, 'The SKU of a stock level');
	const details = object(item.inventoryDetails);
	if (!details) return [];
	const reserved = object(details.reservedQuantity);
	const inbound =
		count(details.inboundWorkingQuantity) +
		count(details.inboundShippedQuantity) +
		count(details.inboundReceivingQuantity);
	const available = count(details.fulfillableQuantity);
	const total = typeof item.totalQuantity === 'number' ? item.totalQuantity : null;
	return [
		{
			stockExternalId: sku,
			locationExternalId: FBA_LOCATION,
			available,
			onHand: total === null ? null : Math.max(0, total - inbound),
			committed: reserved ? count(reserved.pendingCustomerOrderQuantity) : null,
			incoming: whole ? inbound : null,
			reserved: reserved ? count(reserved.totalReservedQuantity) : null,
			updatedAt: at.toISOString()
		}
	];
}

/** Europe's stock is one pool told per marketplace: the first of a region stands for all that share it, others stand alone. */
function stockMarketplaces(client: AmazonClient): string[] {
	const pooled = new Set(['DE', 'FR', 'IT', 'ES', 'NL', 'PL', 'SE', 'BE', 'IE']);
	const ids = client.marketplaceIds;
	const firstPooled = ids.find((id) => pooled.has(marketplaceOf(id)?.country ?? ''));
	return ids.filter((id) => id === firstPooled || !pooled.has(marketplaceOf(id)?.country ?? ''));
}

function homeCountry(client: AmazonClient): string | null {
	return marketplaceOf(client.marketplaceIds[0] ?? '')?.country ?? null;
}

function count(value: unknown): number {
	return typeof value === 'number' && Number.isSafeInteger(value) ? value : 0;
}
