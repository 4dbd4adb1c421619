import { inOrganization } from '../../platform/db.ts';
import { log } from '../../platform/log.ts';
import { webhookUri } from '../config.ts';
import { discoverShop, listLocations } from '../shopify/discover.ts';
import { ShopifyError } from '../shopify/errors.ts';
import { ensureWebhooks } from '../shopify/webhooks.ts';
import { customersPlan } from './customers-plan.ts';
import { loadCursor, moveCursor, nextWindow } from './cursors.ts';
import { ordersPlan } from './orders-plan.ts';
import { productsPlan } from './products-plan.ts';
import { readWhole, readWindow, type ResourcePlan } from './resource.ts';
import type { RunContext } from './run-context.ts';
import { writeLocations } from './locations.ts';
import { stockPlan } from './stock-plan.ts';

/** Orders changed since the last run, and a look whether our webhook subscriptions still stand. */
export async function incrementalRun(context: RunContext): Promise<void> {
	await checkWebhooks(context);
	const to = await readChanges(context, ordersPlan);
	await inOrganization(
		context.connection.organizationId,
		({ sql }) => sql`
		update connections set fresh_at = greatest(fresh_at, ${to}), status = 'healthy', status_reason = null,
			facts = facts || ${sql.json({ fellForwardTo: context.client.fellForwardTo })}
		where organization_id = ${context.connection.organizationId} and id = ${context.connection.id} and status in ('connecting', 'healthy', 'degraded')`
	);
}

/** All stock levels: Shopify has no list of changed ones that is complete. */
export async function stockRun(context: RunContext): Promise<void> {
	await refreshLocations(context);
	await readWhole(context, stockPlan);
}

/** Products, customers, places and what the shop says about itself. */
export async function catalogRun(context: RunContext): Promise<void> {
	await refreshShop(context);
	await refreshLocations(context);
	await readChanges(context, productsPlan);
	await readChanges(context, customersPlan);
}

/** Reads the next window of a resource, or all of it when it was never whole; answers up to when everything is in. */
export async function readChanges<Parsed>(context: RunContext, plan: ResourcePlan<Parsed>): Promise<Date> {
	const cursor = await inOrganization(context.connection.organizationId, (tx) =>
		loadCursor(tx, context.connection, plan.resource)
	);
	if (cursor.syncedTo === null || cursor.state.bulkId !== undefined) {
		await readWhole(context, plan);
		return readChanges(context, plan);
	}
	// a window that was cut off is finished first, from the page it had reached
	const unfinished = cursor.state.windowTo !== undefined && cursor.state.windowFrom !== undefined;
	const next = nextWindow(cursor.syncedTo, new Date());
	const from = unfinished ? cursor.state.windowFrom! : next.from.toISOString();
	const to = unfinished ? cursor.state.windowTo! : next.to.toISOString();
	await readWindow(context, plan, from, to);
	return unfinished ? readChanges(context, plan) : next.to;
}

/** Makes missing subscriptions again. Their absence costs freshness, not data, so a refusal does not stop the run. */
export async function checkWebhooks(context: RunContext): Promise<void> {
	const uri = webhookUri(context.connection);
	if (uri === null) return;
	try {
		await ensureWebhooks(context.client, uri);
	} catch (error) {
		if (!(error instanceof ShopifyError) || error.kind !== 'refused') throw error;
		log.warn(
			{ err: error, connectionId: context.connection.id },
			'Shopify refused a webhook subscription; changes arrive with the next sync instead'
		);
	}
}

/** Takes over what the shop says about itself: name, currency, time zone, scopes. */
export async function refreshShop(context: RunContext): Promise<void> {
	const { connection, client } = context;
	const { name, currency, timeZone, ...facts } = await discoverShop(client);
	await inOrganization(
		connection.organizationId,
		({ sql }) => sql`
		update connections set name = ${name}, currency = ${currency}, time_zone = ${timeZone}, facts = facts || ${sql.json({ ...facts, fellForwardTo: client.fellForwardTo })}
		where organization_id = ${connection.organizationId} and id = ${connection.id}`
	);
}

export async function refreshLocations(context: RunContext): Promise<void> {
	const locations = await listLocations(context.client);
	const startedAt = new Date();
	context.progress.total('locations', locations.length);
	await writeLocations(context, locations, (tx) =>
		moveCursor(tx, context.connection, 'locations', { syncedTo: startedAt, state: {} })
	);
}
