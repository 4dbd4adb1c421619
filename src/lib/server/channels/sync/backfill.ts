import { inOrganization } from '../../platform/db.ts';
import { countAll } from '../shopify/discover.ts';
import { customersPlan } from './customers-plan.ts';
import { loadCursor } from './cursors.ts';
import { checkWebhooks, incrementalRun, refreshLocations, refreshShop } from './incremental.ts';
import { ordersPlan } from './orders-plan.ts';
import { productsPlan } from './products-plan.ts';
import { beginBulk, readWhole, type ResourcePlan } from './resource.ts';
import type { RunContext } from './run-context.ts';
import { stockPlan } from './stock-plan.ts';

/**
 * The first sync: what the shop is, its webhooks (so that nothing is missed meanwhile), then everything it has, and at the end the
 * orders that changed since the bulk operation began. Each part that is whole is not read again after a restart.
 */
export async function backfill(context: RunContext): Promise<void> {
	await refreshShop(context);
	await checkWebhooks(context);
	const counts = await countAll(context.client);
	await refreshLocations(context);
	const plans = [productsPlan, ordersPlan, stockPlan, customersPlan] as ResourcePlan<unknown>[];
	const open: ResourcePlan<unknown>[] = [];
	for (const plan of plans) if (!(await isWhole(context, plan))) open.push(plan);
	for (const { resource } of open) {
		if (resource === 'orders') context.progress.total(resource, counts.orders);
		if (resource === 'customers') context.progress.total(resource, counts.customers);
	}
	for (const plan of open) await beginBulk(context, plan);
	for (const plan of open) await readWhole(context, plan);
	await incrementalRun(context);
}

async function isWhole(context: RunContext, plan: ResourcePlan<unknown>): Promise<boolean> {
	const cursor = await inOrganization(context.connection.organizationId, (tx) =>
		loadCursor(tx, context.connection, plan.resource)
	);
	return cursor.syncedTo !== null;
}
