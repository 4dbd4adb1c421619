import { inOrganization } from '../../../platform/db.ts';
import { log } from '../../../platform/log.ts';
import { ChannelError } from '../../error.ts';
import { keepDiscovered, markFresh } from '../../sync/fresh.ts';
import { loadCursor } from '../../sync/cursors.ts';
import { readChanges } from '../../sync/window.ts';
import { discoverSeller } from '../discover.ts';
import { ensureSubscription } from '../notifications.ts';
import { readListings } from './catalog.ts';
import { readFeedback } from './feedback.ts';
import { estimateFees } from './fee-estimates.ts';
import { readFigures } from './figures.ts';
import { readTransactions, readTransactionsAgain } from './finances.ts';
import { detailedSince, readHistory } from './history.ts';
import { ordersPlan, type AmazonRun } from './orders.ts';
import { readStock } from './stock.ts';
import { readTraffic } from './traffic.ts';

/**
 * The first sync: who the seller is, the subscription (so that nothing is missed meanwhile), listings, the movements of money
 * (refunds among them, which join their orders), two years of orders by report, what changed since, and stock. What is whole is not
 * read again after a restart.
 */
export async function backfill(context: AmazonRun): Promise<void> {
	await keepDiscovered(context, await discoverSeller(context.client));
	await optional(context, 'notifications', () => ensureSubscription(context.client));
	if (!(await isBegun(context, 'products'))) await readListings(context);
	await optional(context, 'transactions', () => readTransactions(context));
	const since = await detailedSince(context, await readHistory(context));
	await readStock(context);
	await markFresh(context, await readChanges(context, ordersPlan, since));
}

/** Orders that changed, and a look whether our subscription still stands. */
export async function incremental(context: AmazonRun): Promise<void> {
	await optional(context, 'notifications', () => ensureSubscription(context.client));
	await markFresh(context, await readChanges(context, ordersPlan));
}

/** Stock in Amazon's warehouses. */
export function stock(context: AmazonRun): Promise<void> {
	return readStock(context);
}

/** Listings and what the account says about itself. */
export async function catalog(context: AmazonRun): Promise<void> {
	await keepDiscovered(context, await discoverSeller(context.client));
	await readListings(context);
}

/** New movements of money with the refunds they tell, and estimates for what is not charged yet. */
export async function finances(context: AmazonRun): Promise<void> {
	await readTransactions(context);
	await optional(context, 'fees', () => estimateFees(context));
}

/** Nightly: Amazon's own figures, what it restated, visits, and what reviews talk about. Each part stands alone. */
export async function reconcile(context: AmazonRun): Promise<void> {
	await optional(context, 'figures', () => readFigures(context));
	await optional(context, 'transactions', () => readTransactionsAgain(context));
	await optional(context, 'traffic', () => readTraffic(context));
	await optional(context, 'reviews', () => readFeedback(context));
}

/**
 * A part that needs a role of its own: an application without it still syncs the rest. What is missing stands on the connection's
 * facts, in Amazon's words.
 */
async function optional(context: AmazonRun, part: string, work: () => Promise<void>): Promise<void> {
	const { connection } = context;
	let lacking: string | null = null;
	try {
		await work();
	} catch (error) {
		if (!(error instanceof ChannelError) || error.kind !== 'needs_reauthorization') throw error;
		lacking = error.message;
		log.warn({ err: error, connectionId: connection.id, part }, 'Amazon does not let us read a part');
	}
	await inOrganization(
		connection.organizationId,
		({ sql }) => sql`
		update connections set facts = facts || jsonb_build_object('lacking', coalesce(facts->'lacking', '{}') - ${part}::text
			|| ${sql.json(lacking === null ? {} : { [part]: lacking })})
		where organization_id = ${connection.organizationId} and id = ${connection.id} and (${lacking !== null} or facts->'lacking' ? ${part})`
	);
}

async function isBegun({ connection }: AmazonRun, resource: string): Promise<boolean> {
	const { syncedTo } = await inOrganization(connection.organizationId, (tx) =>
		loadCursor(tx, connection, resource)
	);
	return syncedTo !== null;
}
