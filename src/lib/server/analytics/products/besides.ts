import type { Channel } from '#lib/contracts/channels.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization } from '../../platform/db.ts';
import type { Besides } from './performance.ts';

/**
 * Pieces available now, and sessions of a range of days, by product; of these products only, where named. Sessions are of channels that
 * tell them by item (Amazon: by ASIN); an ASIN that several products share is told of none, since nobody knows whose visits they were.
 * A manager sees the stock of their locations and channels.
 */
export async function besidesOf(
	ctx: Ctx,
	{ from, to, channels }: { from: string; to: string; channels: readonly Channel[] },
	products: readonly string[] | null = null
): Promise<Map<string, Besides>> {
	const { id } = ctx.organization;
	const allowed = ctx.scope?.channels ?? null;
	const locations = ctx.scope?.locations ?? null;
	const rows = await inOrganization(
		id,
		({ sql }) => sql<(Besides & { productId: string })[]>`
		with stock as (
			select s.product_id, sum(s.available)::int as available
			from stock_levels s join locations l on l.id = s.location_id and l.organization_id = s.organization_id and l.is_active
			left join connections c on c.id = l.connection_id and c.organization_id = l.organization_id
			where s.organization_id = ${id} and (${products === null} or s.product_id = any(${[...(products ?? [])]}::uuid[]))
				and (${locations}::text[] is null or l.id::text = any(${locations}::text[]))
				and (${allowed}::text[] is null or c.channel is null or c.channel = any(${allowed}::text[]))
			group by s.product_id
		), items as (
			select l.connection_id, l.external_group_id as item, min(l.product_id::text)::uuid as product_id
			from listings l join connections c on c.id = l.connection_id and c.organization_id = l.organization_id
			where l.organization_id = ${id} and c.channel = 'amazon' and l.external_group_id is not null
				and (${channels.length === 0} or c.channel = any(${[...channels]}::text[]))
				and (${allowed}::text[] is null or c.channel = any(${allowed}::text[]))
			group by 1, 2 having count(distinct l.product_id) = 1
		), visits as (
			select i.product_id, sum(t.sessions)::int as sessions, sum(t.units)::int as session_units
			from channel_traffic t join items i on i.connection_id = t.connection_id and i.item = t.item
			where t.organization_id = ${id} and t.day between ${from} and ${to} and t.item <> ''
				and (${products === null} or i.product_id = any(${[...(products ?? [])]}::uuid[]))
			group by i.product_id
		)
		select coalesce(s.product_id, v.product_id) as product_id, s.available, v.sessions, v.session_units
		from stock s full join visits v on v.product_id = s.product_id`
	);
	return new Map(
		rows.map(({ productId, available, sessions, sessionUnits }) => [
			productId,
			{ available, sessions, sessionUnits }
		])
	);
}

/** What products are called, and which channels offer them. */
export async function namesOf(
	ctx: Ctx,
	products: readonly string[]
): Promise<Map<string, { sku: string; title: string; category: string | null; channels: Channel[] }>> {
	const rows = await inOrganization(
		ctx.organization.id,
		({ sql }) =>
			sql<{ id: string; sku: string; title: string; category: string | null; channels: Channel[] }[]>`
		select p.id, p.sku, p.title, p.category, coalesce((
			select array_agg(distinct c.channel order by c.channel) from listings l
			join connections c on c.id = l.connection_id and c.organization_id = l.organization_id
			where l.product_id = p.id and l.organization_id = p.organization_id and l.status is distinct from 'deleted'), '{}') as channels
		from products p where p.organization_id = ${ctx.organization.id} and p.id = any(${[...products]}::uuid[])`
	);
	return new Map(rows.map(({ id, ...rest }) => [id, rest]));
}
