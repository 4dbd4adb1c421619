import { localDay } from '../orders/index.ts';
import { inOrganization, type Tx } from '../platform/db.ts';

/** Share of a day's looks without stock from which on the day tells nothing of demand. */
const MOSTLY = 0.5;
/** Days are kept as long as a model looks back. */
const KEPT_DAYS = 1100;

/**
 * Writes down which tracked products have nothing left at this moment, all active locations together: one look of the organization's day.
 * A day with most of its looks empty counts as unknown, unless it sold.
 */
export async function lookAtStock(organizationId: string, timeZone: string, now: Date): Promise<void> {
	const day = localDay(now.toISOString(), timeZone);
	await inOrganization(organizationId, async ({ sql }) => {
		await sql`
			insert into stock_days (organization_id, product_id, day, looked, empty)
			select ${organizationId}, s.product_id, ${day}::date, 1, (sum(s.available) <= 0)::int
			from stock_levels s join locations l on l.id = s.location_id and l.organization_id = s.organization_id and l.is_active
			where s.organization_id = ${organizationId} and exists (select 1 from listings t
				where t.product_id = s.product_id and t.organization_id = s.organization_id and t.tracked and t.status is distinct from 'deleted')
			group by s.product_id
			on conflict (organization_id, product_id, day) do update set looked = stock_days.looked + 1, empty = stock_days.empty + excluded.empty`;
		await sql`delete from stock_days where organization_id = ${organizationId} and day < ${day}::date - ${KEPT_DAYS}::int`;
	});
}

/** Days on which products had mostly nothing left, by product. */
export async function emptyDays(
	{ sql }: Tx,
	organizationId: string,
	productIds: readonly string[]
): Promise<Map<string, Set<string>>> {
	const rows = await sql<{ productId: string; day: string }[]>`
		select product_id, day from stock_days
		where organization_id = ${organizationId} and product_id = any(${[...productIds]}::uuid[]) and empty > 0 and empty >= ${MOSTLY}::float8 * looked`;
	const days = new Map<string, Set<string>>();
	for (const { productId, day } of rows) days.set(productId, (days.get(productId) ?? new Set()).add(day));
	return days;
}
