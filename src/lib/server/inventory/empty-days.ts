import type { Tx } from '../platform/db.ts';

/**
 * Days of a range (YYYY-MM-DD, organization's zone) that products began with nothing left, or ended so, all active locations together: on these
 * little or nothing could be sold. Days before the first that is on record are not among them.
 */
export async function emptyDays(
	{ sql }: Tx,
	organizationId: string,
	range: { from: string; to: string },
	productIds: readonly string[]
): Promise<Map<string, string[]>> {
	const rows = await sql<{ productId: string; days: string[] }[]>`
		with told as (
			select product_id, day, closing, lag(closing) over own as before, lead(day) over own as next_day
			from stock_history where organization_id = ${organizationId} and product_id = any(${[...productIds]}::uuid[])
			window own as (partition by product_id order by day)
		), empty as (
			select product_id, day from told where closing <= 0 or before <= 0
			union all
			select t.product_id, d::date from told t, generate_series(t.day + 1, least(coalesce(t.next_day - 1, ${range.to}::date), ${range.to}::date), interval '1 day') d
			where t.closing <= 0
		)
		select product_id, array_agg(day::text order by day) as days from empty
		where day between ${range.from}::date and ${range.to}::date group by product_id`;
	return new Map(rows.map(({ productId, days }) => [productId, days]));
}
