import type { ChannelOrder } from '../../src/lib/server/orders/index.ts';
import { filtersSchema, type DashboardView } from '../../src/lib/contracts/analytics.ts';
import type { Channel } from '../../src/lib/contracts/channels.ts';
import type { Role } from '../../src/lib/contracts/permissions.ts';
import { catchUp, dashboard } from '../../src/lib/server/analytics/index.ts';
import { record } from '../../src/lib/server/live/index.ts';
import { recordOrders } from '../../src/lib/server/orders/index.ts';
import type { Organization, Scope } from '../../src/lib/server/platform/ctx.ts';
import { makeConnection } from './connection.ts';
import { makeOrganization, type TestOrganization } from './organization.ts';

/** A shop whose orders are recorded, projected and looked at on the dashboard. */
export interface AnalyticsShop extends TestOrganization {
	/** Records orders of a channel without projecting them. */
	save(orders: ChannelOrder[], channel?: Channel): Promise<void>;
	project(): Promise<void>;
	view(filters?: object, as?: { role?: Role; scope?: Scope; now?: Date }): Promise<DashboardView>;
}

/** An organization with a connection per channel. `now` of its views is 2026-11-20T18:30Z. */
export async function makeAnalyticsShop(given: Partial<Organization> = {}): Promise<AnalyticsShop> {
	const made = await makeOrganization(given);
	const { organization } = made;
	const connections = new Map<Channel, string>();
	return {
		...made,
		async save(orders, channel = 'shopify') {
			if (!connections.has(channel))
				connections.set(channel, await makeConnection(organization.id, { channel }));
			const connectionId = connections.get(channel)!;
			await record(organization.id, async (tx) => {
				const entries = orders.map((order) => ({
					organizationId: organization.id,
					connectionId,
					channel,
					timeZone: organization.timeZone,
					order
				}));
				const result = await recordOrders(tx, entries);
				return { result, events: result.events };
			});
		},
		project: () => catchUp([organization.id]),
		view: (filters = {}, { role = 'owner', scope, now = new Date('2026-11-20T18:30:00Z') } = {}) =>
			dashboard(made.ctx(role, scope ?? null), filtersSchema.parse(filters), now)
	};
}
