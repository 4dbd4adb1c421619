import { inOrganization } from '../../platform/db.ts';
import type { RunContext } from '../channel.ts';
import { ChannelError } from '../error.ts';
import type { ShopifyClient } from './client.ts';
import { object, objects, requiredText, type Json } from './read.ts';

/** What the app must be allowed, to ask for visits; Shopify also wants level 2 of protected customer data. */
const SCOPE = 'read_reports';
const FIRST_DAYS = 365;
/** Shopify restates the days just past. */
const LATER_DAYS = 30;

export const SHOPIFYQL = `query ShopifyQL($q: String!) { shopifyqlQuery(query: $q) { tableData { columns { name dataType displayName } rows } parseErrors } }`;

/** Visits of a day of the shop's own time zone. */
export interface ShopVisits {
	/** YYYY-MM-DD. */
	day: string;
	sessions: number;
	pageViews: number;
	/** Sessions that ended with an order. */
	converted: number;
}

/**
 * Reads sessions, page views and completed checkouts by day: a year the first time, then the last thirty days. A shop that does
 * not let us says so on the connection's page and fails no run: nothing else depends on it.
 * @throws ChannelError `credentials`, `throttled`, `aborted`
 */
export async function readVisits(context: RunContext<ShopifyClient>): Promise<void> {
	const { scopes, known } = await stateOf(context);
	if (!scopes.includes(SCOPE)) {
		return withhold(
			context,
			'The app lacks the read_reports scope. Add it in the app’s configuration and connect the shop again to see sessions and conversion.'
		);
	}
	let visits: ShopVisits[];
	try {
		visits = await askVisits(context.client, known ? LATER_DAYS : FIRST_DAYS);
	} catch (error) {
		const reason = reasonOf(error);
		if (reason === null) throw error;
		return withhold(context, reason);
	}
	await keep(context, visits);
}

/** Asks Shopify. @throws ChannelError, `rejected` when it does not understand the question or the answer is not as documented */
export async function askVisits(client: Pick<ShopifyClient, 'ask'>, days: number): Promise<ShopVisits[]> {
	const q = `FROM sessions SHOW sessions, pageviews, sessions_that_completed_checkout TIMESERIES day SINCE -${days}d UNTIL today`;
	const answer = object((await client.ask(SHOPIFYQL, { q }, { cost: 50 })).shopifyqlQuery);
	const errors = Array.isArray(answer?.parseErrors) ? answer.parseErrors.map(String) : [];
	if (errors.length > 0)
		throw new ChannelError('rejected', `Shopify refused a report: ${errors.join('; ').slice(0, 200)}`);
	const table = object(answer?.tableData);
	if (!table) throw new ChannelError('rejected', 'Shopify answered a report without figures.');
	return objects(table.rows, 'The rows of the report').map((row) => ({
		day: requiredText(row.day, 'The day').slice(0, 10),
		sessions: count(row, 'sessions'),
		pageViews: count(row, 'pageviews'),
		converted: count(row, 'sessions_that_completed_checkout')
	}));
}

/** Shopify writes numbers as text, and nothing for none. */
function count(row: Json, name: string): number {
	const value = Number(row[name] ?? 0);
	return Number.isFinite(value) ? Math.max(0, Math.round(value)) : 0;
}

/** Why this shop keeps its visits to itself; null for what is no matter of the report. */
function reasonOf(error: unknown): string | null {
	if (!(error instanceof ChannelError))
		return 'Shopify’s report of visits could not be read. It is asked for again with the next run.';
	switch (error.kind) {
		case 'needs_reauthorization':
			return 'Shopify does not let this app read reports: besides read_reports it wants approval for protected customer data, level 2. Ask for it in the app’s settings (API access), then connect the shop again.';
		case 'rejected':
			return error.message;
		case 'unavailable':
			return 'Shopify did not answer the report of visits. It is asked for again with the next run.';
		default:
			return null;
	}
}

async function stateOf({ connection }: RunContext): Promise<{ scopes: string[]; known: boolean }> {
	const [row] = await inOrganization(
		connection.organizationId,
		({ sql }) => sql<{ scopes: unknown; known: boolean }[]>`
		select facts->'scopes' as scopes, exists (select 1 from channel_traffic t where t.organization_id = c.organization_id and t.connection_id = c.id) as known
		from connections c where organization_id = ${connection.organizationId} and id = ${connection.id}`
	);
	return { scopes: Array.isArray(row?.scopes) ? row.scopes.map(String) : [], known: row?.known ?? false };
}

async function keep(
	{ connection, progress, assertWanted }: RunContext,
	visits: readonly ShopVisits[]
): Promise<void> {
	assertWanted();
	const written = await inOrganization(connection.organizationId, async ({ sql }) => {
		const changed = await sql`
			insert into channel_traffic as t (organization_id, connection_id, day, sessions, page_views, converted, read_at)
			select ${connection.organizationId}, ${connection.id}, day, sessions, "pageViews", converted, now()
			from json_to_recordset(${JSON.stringify(visits)}::text::json) as r (day date, sessions int, "pageViews" int, converted int)
			on conflict (connection_id, marketplace, day, item) do update set sessions = excluded.sessions, page_views = excluded.page_views,
				converted = excluded.converted, read_at = now()
			where (t.sessions, t.page_views, t.converted) is distinct from (excluded.sessions, excluded.page_views, excluded.converted)`;
		await sql`
			update connections set facts = facts #- '{withheld,visits}'
			where organization_id = ${connection.organizationId} and id = ${connection.id} and facts->'withheld' ? 'visits'`;
		return changed.count;
	});
	progress.add('traffic', { done: visits.length, written, unchanged: visits.length - written });
}

async function withhold({ connection }: RunContext, reason: string): Promise<void> {
	await inOrganization(
		connection.organizationId,
		({ sql }) => sql`
		update connections set facts = facts || jsonb_build_object('withheld', coalesce(facts->'withheld', '{}') || jsonb_build_object('visits', ${reason}::text))
		where organization_id = ${connection.organizationId} and id = ${connection.id}`
	);
}
