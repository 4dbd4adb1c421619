import type {
	ConnectionState,
	ConnectionSummary,
	ConnectionHealth,
	ConnectionView,
	DeadLetterView,
	FeesView,
	RecentRun,
	RunView,
	ScheduleView,
	StoredView,
	VisitsView,
	WithheldView
} from '#lib/contracts/channel-views.ts';
import type { Channel } from '#lib/contracts/channels.ts';
import type { LiveRun } from '#lib/contracts/live.ts';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { NotFound } from '../platform/errors.ts';
import { FILES } from './files-connection.ts';
import { channelOf } from './registry.ts';
import { isAllowed, seesAllOrders } from './views/allowed.ts';
import { healthOf, limitsOf, noRuns } from './views/health.ts';
import { outboxPosition } from './views/position.ts';
import { recentRuns, runsOf } from './views/runs.ts';
import { scheduleOf } from './views/schedule.ts';
import { feesOf, storedOf, visitsOf } from './views/stored.ts';
import { uuidOr404 } from './views/uuid.ts';

export { uuidOr404 };

interface Row {
	id: string;
	channel: Channel;
	externalId: string;
	name: string;
	status: ConnectionState;
	statusReason: string | null;
	authMethod: string;
	isSimulated: boolean;
	baseUrl: string | null;
	currency: string | null;
	facts: Record<string, unknown>;
	freshAt: Date | null;
	lastWebhookAt: Date | null;
	lagMs: number | null;
	webhooks: number;
	orders: number;
	dead: number;
	lastOrdersRunAt: Date | null;
	run: LiveRun | null;
}

/** The organization's connections that the member may see, cheaply: what a page says about how fresh its figures are. */
export async function listConnections(ctx: Ctx): Promise<ConnectionSummary[]> {
	require(ctx, 'channels.read');
	const rows = await inOrganization(
		ctx.organization.id,
		(tx) => tx.sql<
			(Omit<ConnectionSummary, 'freshAt' | 'lastWebhookAt'> & {
				freshAt: Date | null;
				lastWebhookAt: Date | null;
			})[]
		>`
		select id, channel, name, status, status_reason, fresh_at, last_webhook_at from connections
		where organization_id = ${ctx.organization.id} and ${isAllowed(tx, ctx)} order by status = 'disconnected', created_at`
	);
	return rows.map((row) => ({
		...row,
		freshAt: row.freshAt?.toISOString() ?? null,
		lastWebhookAt: row.lastWebhookAt?.toISOString() ?? null
	}));
}

/** The organization's connections with how each one stands, those in use first, and the last runs of all; `position` is that of the outbox they are true at. */
export async function channelsOverview(
	ctx: Ctx
): Promise<{ connections: ConnectionView[]; runs: RecentRun[]; position: number }> {
	require(ctx, 'channels.read');
	return inOrganization(ctx.organization.id, async (tx) => {
		// asked first: an event that comes in between is then repeated rather than missed
		const position = await outboxPosition(tx, ctx.organization.id);
		const rows = await loadViews(tx, ctx, null);
		const health = await healthOf(tx, ctx, null);
		return {
			connections: rows.map((row) => toView(row, health, ctx)),
			runs: await recentRuns(tx, ctx),
			position
		};
	});
}

/**
 * One connection with everything its page shows: the last `most` runs (or only `failed` ones), schedule, what is kept, fees and visits, and what
 * the channel withholds. @throws NotFound
 */
export async function getConnection(
	ctx: Ctx,
	id: string,
	{ failed = false, most = 10 }: { failed?: boolean; most?: number } = {}
): Promise<{
	connection: ConnectionView;
	runs: RunView[];
	schedule: ScheduleView[];
	stored: StoredView[];
	fees: FeesView[];
	visits: VisitsView | null;
	withheld: WithheldView[];
	position: number;
}> {
	require(ctx, 'channels.read');
	const organizationId = ctx.organization.id;
	return inOrganization(organizationId, async (tx) => {
		const position = await outboxPosition(tx, organizationId);
		const [row] = await loadViews(tx, ctx, uuidOr404(id));
		if (!row) throw new NotFound('This connection');
		const place = { organizationId, connectionId: id };
		const working = isWorking(row.status);
		const channel = channelOf(row.channel);
		return {
			connection: toView(row, await healthOf(tx, ctx, id), ctx),
			runs: await runsOf(tx, organizationId, id, { failed, most }),
			schedule: await scheduleOf(tx, ctx, id, channel, { working, begun: row.freshAt !== null }),
			// sums of a whole channel
			stored: seesAllOrders(ctx) ? await storedOf(tx, place) : [],
			fees: seesAllOrders(ctx) ? await feesOf(tx, place) : [],
			visits: seesAllOrders(ctx) ? await visitsOf(tx, place) : null,
			withheld: withheldOf(row.facts),
			position
		};
	});
}

/** What waits for a person: deliveries that could not be read or written, of one connection or of all, newest first. */
export async function listDeadLetters(
	ctx: Ctx,
	connectionId: string | null = null
): Promise<DeadLetterView[]> {
	require(ctx, 'channels.read');
	const rows = await inOrganization(
		ctx.organization.id,
		(tx) => tx.sql<(Omit<DeadLetterView, 'receivedAt'> & { receivedAt: Date })[]>`
		select i.id, i.topic, coalesce(i.error, 'No reason was kept.') as error, i.received_at, i.attempts, octet_length(i.body) as size
		from inbox i join connections c on c.id = i.connection_id and c.organization_id = i.organization_id
		where i.organization_id = ${ctx.organization.id} and i.status = 'dead' and ${isAllowed(tx, ctx, 'c.channel')}
			${connectionId === null ? tx.sql`` : tx.sql`and i.connection_id = ${uuidOr404(connectionId)}`}
		order by received_at desc limit 100`
	);
	return rows.map((row) => ({ ...row, receivedAt: row.receivedAt.toISOString() }));
}

/** The exact text that was received. It may hold buyers' names and addresses. @throws NotFound, Forbidden */
export async function deadLetterBody(ctx: Ctx, id: string): Promise<string> {
	require(ctx, 'channels.read');
	require(ctx, 'orders.payload');
	if (!seesAllOrders(ctx)) throw new NotFound('This message');
	const [row] = await inOrganization(
		ctx.organization.id,
		(tx) => tx.sql<{ body: Buffer }[]>`
		select i.body from inbox i join connections c on c.id = i.connection_id and c.organization_id = i.organization_id
		where i.organization_id = ${ctx.organization.id} and i.id = ${uuidOr404(id)} and i.status = 'dead' and ${isAllowed(tx, ctx, 'c.channel')}`
	);
	if (!row) throw new NotFound('This message');
	return row.body.toString('utf8');
}

function isWorking(status: ConnectionState): boolean {
	return status === 'connecting' || status === 'healthy' || status === 'degraded';
}

/** What a run found the channel to keep from us, kept on the connection's facts as `{ what: reason }`. */
function withheldOf({ withheld }: Record<string, unknown>): WithheldView[] {
	if (withheld === null || typeof withheld !== 'object') return [];
	return Object.entries(withheld).flatMap(([what, reason]) =>
		typeof reason === 'string' ? [{ what, reason }] : []
	);
}

function loadViews(tx: Tx, ctx: Ctx, id: string | null): Promise<Row[]> {
	const { sql } = tx;
	return sql<Row[]>`
		select c.id, c.channel, c.external_id, c.name, c.status, c.status_reason, c.auth_method, c.is_simulated, c.base_url, c.currency, c.facts, c.fresh_at, c.last_webhook_at,
			hook.lag_ms, coalesce(hook.n, 0)::int as webhooks,
			(select count(*) from orders o where o.organization_id = c.organization_id and o.connection_id = c.id
				and o.placed_at >= date_trunc('day', now() at time zone ${ctx.organization.timeZone}) at time zone ${ctx.organization.timeZone})::int as orders,
			(select count(*) from inbox i where i.organization_id = c.organization_id and i.connection_id = c.id and i.status = 'dead')::int as dead,
			(select max(coalesce(r.started_at, r.queued_at)) from sync_runs r where r.connection_id = c.id and r.kind in ('incremental', 'backfill')) as last_orders_run_at,
			run.run
		from connections c
		left join lateral (
			select percentile_cont(0.5) within group (order by greatest(0, extract(epoch from i.received_at - i.triggered_at) * 1000)) as lag_ms, count(*) as n
			from (select received_at, triggered_at from inbox i where i.connection_id = c.id and i.organization_id = c.organization_id and i.status <> 'dead'
				and i.triggered_at is not null and i.received_at > now() - interval '1 hour' order by i.received_at desc limit 2000) i
		) hook on true
		left join lateral (
			select jsonb_build_object('id', r.id, 'kind', r.kind, 'status', r.status, 'progress', r.progress, 'startedAt', r.started_at) as run
			from sync_runs r where r.connection_id = c.id and r.organization_id = c.organization_id
				and (r.status = 'running' or (r.status = 'queued' and r.kind = 'backfill')) order by r.status = 'running' desc, r.queued_at limit 1
		) run on true
		where c.organization_id = ${ctx.organization.id} and ${isAllowed(tx, ctx, 'c.channel')} ${id === null ? sql`` : sql`and c.id = ${id}`}
		order by c.status = 'disconnected', c.created_at`;
}

function toView(row: Row, health: Map<string, ConnectionHealth>, ctx: Ctx): ConnectionView {
	const working = row.status === 'healthy' || row.status === 'degraded';
	return {
		id: row.id,
		channel: row.channel,
		name: row.name,
		account: row.externalId,
		status: row.status,
		statusReason: row.statusReason,
		authMethod: row.authMethod,
		isSimulated: row.isSimulated,
		currency: row.currency,
		freshAt: row.freshAt?.toISOString() ?? null,
		lastWebhookAt: row.lastWebhookAt?.toISOString() ?? null,
		lagMs: row.lagMs === null ? null : Math.round(row.lagMs),
		webhooksLastHour: row.webhooks,
		ordersToday: seesAllOrders(ctx) ? row.orders : null,
		deadLetters: row.dead,
		nextRunAt:
			working && row.lastOrdersRunAt
				? new Date(
						row.lastOrdersRunAt.getTime() + channelOf(row.channel).every.incremental * 60_000
					).toISOString()
				: null,
		// nothing is heard of files, and nobody misses it
		webhooksPossible: row.authMethod === FILES || channelOf(row.channel).hearsAtOnce(row),
		allOrders: row.facts.allOrders !== false,
		run: row.run,
		health: health.get(row.id) ?? noRuns(ctx.organization.timeZone),
		limits: limitsOf(row.facts)
	};
}
