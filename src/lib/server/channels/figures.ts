import type { Channel } from '#lib/contracts/channels.ts';
import type { Tx } from '../platform/db.ts';

/** What a channel itself counted on a day, in one currency; several marketplaces of an account are added up. */
export interface ToldFigure {
	connectionId: string;
	/** In `timeZone`, YYYY-MM-DD. */
	day: string;
	timeZone: string;
	currency: string;
	orders: number;
	/** Null where the channel counts none. */
	units: number | null;
	/** Decimal string. */
	gross: string;
	readAt: Date;
}

/** A connection whose figures could be compared. */
export interface ComparedConnection {
	id: string;
	name: string;
	channel: Channel;
	status: string;
	timeZone: string | null;
	/** Why the channel keeps its reports to itself, where it does. */
	withheld: string | null;
}

/** Accounts of the organization that are read, or were, and what they say of the last days, as of their last nightly check. */
export async function toldFigures(
	{ sql }: Tx,
	organizationId: string,
	days: number
): Promise<{ connections: ComparedConnection[]; figures: ToldFigure[] }> {
	const connections = await sql<ComparedConnection[]>`
		select id, name, channel, status, time_zone, facts->'withheld'->>'visits' as withheld from connections
		where organization_id = ${organizationId} and auth_method <> 'file' order by status = 'disconnected', created_at`;
	const figures = await sql<ToldFigure[]>`
		select connection_id, day::text as day, time_zone, currency, sum(orders)::int as orders, case when count(units) = count(*) then sum(units)::int end as units, sum(gross)::text as gross, max(read_at) as read_at
		from channel_figures where organization_id = ${organizationId} and day > (now() at time zone time_zone)::date - ${days}::int
		group by connection_id, day, time_zone, currency order by day desc`;
	return { connections: [...connections], figures: [...figures] };
}
