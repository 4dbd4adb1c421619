import { upsertLocations } from '../../../inventory/index.ts';
import { record } from '../../../live/index.ts';
import { inOrganization } from '../../../platform/db.ts';
import { log } from '../../../platform/log.ts';
import type { RunContext } from '../../channel.ts';
import { webhookUri } from '../../config.ts';
import { ChannelError } from '../../error.ts';
import { loadCursor, moveCursor } from '../../sync/cursors.ts';
import { keepDiscovered, markFresh } from '../../sync/fresh.ts';
import type { ShopifyClient } from '../client.ts';
import { countAll, discoverShop, listLocations } from '../discover.ts';
import { readSales } from '../sales.ts';
import { readVisits } from '../visits.ts';
import { ensureWebhooks } from '../webhooks.ts';
import { beginBulk, readShopify, readWhole, type ShopifyPlan } from './bulk-read.ts';
import { financesRun } from './finances.ts';
import { customersPlan } from './customers-plan.ts';
import { ordersPlan } from './orders-plan.ts';
import { productsPlan } from './products-plan.ts';
import { stockPlan } from './stock-plan.ts';

type ShopifyRun = RunContext<ShopifyClient>;

/**
 * The first sync: what the shop is, its webhooks (so that nothing is missed meanwhile), then everything it has, and at the end the
 * orders that changed since the bulk operation began. Each part that is whole is not read again after a restart.
 */
export async function backfill(context: ShopifyRun): Promise<void> {
	await refreshShop(context);
	await checkWebhooks(context);
	const counts = await countAll(context.client);
	await refreshLocations(context);
	const plans = [productsPlan, ordersPlan, stockPlan, customersPlan] as ShopifyPlan<unknown>[];
	const open: ShopifyPlan<unknown>[] = [];
	for (const plan of plans) if (!(await isWhole(context, plan))) open.push(plan);
	for (const { resource } of open) {
		if (resource === 'orders') context.progress.total(resource, counts.orders);
		if (resource === 'customers') context.progress.total(resource, counts.customers);
	}
	for (const plan of open) await beginBulk(context, plan);
	for (const plan of open) await readWhole(context, plan);
	await financesRun(context);
	await readVisits(context);
	await incrementalRun(context);
}

/** Orders changed since the last run, and a look whether our webhook subscriptions still stand. */
export async function incrementalRun(context: ShopifyRun): Promise<void> {
	await checkWebhooks(context);
	await markFresh(context, await readShopify(context, ordersPlan));
}

/** All stock levels: Shopify has no list of changed ones that is complete. */
export async function stockRun(context: ShopifyRun): Promise<void> {
	await refreshLocations(context);
	await readWhole(context, stockPlan);
}

/** Products, customers, places, visits and what the shop says about itself. */
export async function catalogRun(context: ShopifyRun): Promise<void> {
	await refreshShop(context);
	await refreshLocations(context);
	await readShopify(context, productsPlan);
	await readShopify(context, customersPlan);
	await readVisits(context);
}

/** Visits are restated for days: at night the last thirty are read again, and with them what the shop itself counts as sold. */
export async function nightlyRun(context: ShopifyRun): Promise<void> {
	await readVisits(context);
	await readSales(context);
}

async function isWhole(context: ShopifyRun, plan: ShopifyPlan<unknown>): Promise<boolean> {
	const cursor = await inOrganization(context.connection.organizationId, (tx) =>
		loadCursor(tx, context.connection, plan.resource)
	);
	return cursor.syncedTo !== null;
}

/** Makes missing subscriptions again. Their absence costs freshness, not data, so a refusal does not stop the run. */
async function checkWebhooks(context: ShopifyRun): Promise<void> {
	const uri = webhookUri(context.connection);
	if (uri === null) return;
	try {
		await ensureWebhooks(context.client, uri);
	} catch (error) {
		if (!(error instanceof ChannelError) || error.kind !== 'rejected') throw error;
		log.warn(
			{ err: error, connectionId: context.connection.id },
			'Shopify refused a webhook subscription; changes arrive with the next sync instead'
		);
	}
}

/** Takes over what the shop says about itself: name, currency, time zone, scopes. */
async function refreshShop(context: ShopifyRun): Promise<void> {
	await keepDiscovered(context, await discoverShop(context.client));
}

async function refreshLocations(context: ShopifyRun): Promise<void> {
	const { connection } = context;
	const locations = await listLocations(context.client);
	const startedAt = new Date();
	context.progress.total('locations', locations.length);
	await record(connection.organizationId, async (tx) => {
		const scope = { organizationId: connection.organizationId, connectionId: connection.id };
		await upsertLocations(tx, scope, locations);
		await moveCursor(tx, connection, 'locations', { syncedTo: startedAt, state: {} });
		return { result: undefined, events: [] };
	});
	context.progress.add('locations', { done: locations.length });
}
