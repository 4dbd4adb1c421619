import type { Tx } from '../platform/db.ts';

/**
 * Takes the cost that a channel holds for listings (Shopify: cost per item) as their product's, labelled as the channel's: from the
 * beginning where the product has none, from the day of the change where the last one was the channel's too. What a member or a
 * file said is never touched.
 * @returns the products whose costs changed
 */
export async function adoptChannelCosts(
	{ sql }: Tx,
	organizationId: string,
	listingIds: readonly string[]
): Promise<string[]> {
	if (listingIds.length === 0) return [];
	const rows = await sql<{ productId: string }[]>`
		with told as (
			select distinct on (l.product_id) l.product_id, l.channel_cost as unit_cost, l.currency, (l.source_updated_at at time zone o.time_zone)::date as day
			from listings l join organizations o on o.id = l.organization_id
			where l.id = any(${[...listingIds]}::uuid[]) and (l.organization_id = ${organizationId}) is true and l.channel_cost > 0 and l.currency is not null
			order by l.product_id, l.source_updated_at desc, l.id
		), latest as (
			select distinct on (c.product_id) c.product_id, c.from_day, c.unit_cost, c.currency, c.source
			from told join product_costs c on c.product_id = told.product_id and (c.organization_id = ${organizationId}) is true
			order by c.product_id, c.from_day desc
		)
		insert into product_costs as c (organization_id, product_id, from_day, unit_cost, currency, source)
		select ${organizationId}::uuid, t.product_id, case when k.product_id is null then date '1970-01-01' else t.day end, t.unit_cost, t.currency, 'channel'
		from told t left join latest k on k.product_id = t.product_id
		where k.product_id is null or (k.source = 'channel' and t.day >= k.from_day and (k.unit_cost, k.currency) is distinct from (t.unit_cost, t.currency))
		order by t.product_id
		on conflict (product_id, from_day) do update set unit_cost = excluded.unit_cost, currency = excluded.currency where c.source = 'channel'
		returning product_id`;
	return rows.map((row) => row.productId);
}
