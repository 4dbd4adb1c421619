import { inOrganization } from '../../../platform/db.ts';
import { log } from '../../../platform/log.ts';
import type { RunContext } from '../../channel.ts';
import { ChannelError } from '../../error.ts';
import { loadCursor, moveCursor } from '../../sync/cursors.ts';
import { keepDiscovered, markFresh } from '../../sync/fresh.ts';
import { readChanges } from '../../sync/window.ts';
import type { WalmartClient } from '../client.ts';
import { discoverSeller } from '../discover.ts';
import { preloadReturns } from '../returns-book.ts';
import { ensureSubscriptions, subscriptionUri } from '../subscriptions.ts';
import { readItems, readStock } from './catalog-run.ts';
import { financesRun } from './finances-run.ts';
import { readMissing } from './missing.ts';
import { ordersPlan, REACH_MS } from './orders-plan.ts';
import { returnsPlan } from './returns-plan.ts';

type WalmartRun = RunContext<WalmartClient>;

/**
 * The first sync: who the seller is, the subscriptions (so that nothing is missed meanwhile), items, orders of the last 180 days
 * with their returns, stock and settlements. Parts that are whole are not read again after a restart.
 */
export async function backfill(context: WalmartRun): Promise<void> {
	await keepDiscovered(context, await discoverSeller(context.client));
	await checkSubscriptions(context);
	if (!(await isRead(context, 'products'))) await readItems(context);
	if (!(await isRead(context, 'orders'))) {
		// orders bring their returns with them: from here on the list of returns tells what changes
		const begun = context.run.startedAt;
		const since = new Date(begun.getTime() - REACH_MS);
		await preloadReturns(context.client, since);
		await readChanges(context, ordersPlan, since);
		if (!(await isRead(context, 'returns')))
			await inOrganization(context.connection.organizationId, (tx) =>
				moveCursor(tx, context.connection, 'returns', { syncedTo: begun, state: {} })
			);
	}
	if (!(await isRead(context, 'stock'))) await readStock(context);
	await readOrders(context);
	// years of settlements take longest: the orders are shown meanwhile
	if (!(await isRead(context, 'transactions'))) await financesRun(context);
}

/** What changed: orders in all three passes, returns, and what could not be read before. */
export async function incrementalRun(context: WalmartRun): Promise<void> {
	await checkSubscriptions(context);
	await readOrders(context);
}

/** All stock levels: Walmart has no list of changed ones that is complete. */
export async function stockRun(context: WalmartRun): Promise<void> {
	await readStock(context);
}

/** Items, prices, and what the account says about itself. */
export async function catalogRun(context: WalmartRun): Promise<void> {
	await keepDiscovered(context, await discoverSeller(context.client));
	await readItems(context);
}

async function readOrders(context: WalmartRun): Promise<void> {
	const since = new Date(Date.now() - REACH_MS);
	await readMissing(context);
	const upTo = await readChanges(context, ordersPlan, since);
	await readChanges(context, returnsPlan, since);
	await markFresh(context, upTo);
}

/** Makes subscriptions that are missing. Their absence costs freshness, not data, so a refusal does not stop the run. */
async function checkSubscriptions(context: WalmartRun): Promise<void> {
	const uri = subscriptionUri(context.connection);
	if (uri === null) return;
	try {
		await ensureSubscriptions(context.client, uri, context.connection);
	} catch (error) {
		if (!(error instanceof ChannelError) || !['rejected', 'needs_reauthorization'].includes(error.kind))
			throw error;
		log.warn(
			{ err: error, connectionId: context.connection.id },
			'Walmart refused a subscription; changes arrive with the next sync instead'
		);
	}
}

async function isRead({ connection }: WalmartRun, name: string): Promise<boolean> {
	const cursor = await inOrganization(connection.organizationId, (tx) => loadCursor(tx, connection, name));
	return cursor.syncedTo !== null;
}
