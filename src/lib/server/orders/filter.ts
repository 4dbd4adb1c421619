import type { OrderFilters } from '#lib/contracts/orders.ts';
import type { PendingQuery, Row } from 'postgres';
import type { Ctx } from '../platform/ctx.ts';
import type { Tx } from '../platform/db.ts';
import { endOfDay, startOfDay } from './local-instant.ts';

/** A piece of SQL with its values bound. */
export type Fragment = PendingQuery<Row[]>;

/**
 * The condition that all reads of orders share: organization, the person's scope, then the filters. A manager sees orders with a
 * line in their categories. Orders know no location yet: who is limited to locations sees none, as in the live stream.
 */
export function condition({ sql }: Tx, ctx: Ctx, filters: OrderFilters): Fragment {
	const { channels, categories, locations } = ctx.scope ?? {};
	const { timeZone, id } = ctx.organization;
	const allOf: Fragment[] = [sql`o.organization_id = ${id}`];
	if (locations) allOf.push(sql`false`);
	if (channels) allOf.push(sql`o.channel = any(${channels}::text[])`);
	if (categories) {
		allOf.push(sql`exists (select 1 from order_lines l join products p on p.id = l.product_id and (p.organization_id = l.organization_id) is true
			where l.order_id = o.id and (l.organization_id = o.organization_id) is true and p.category = any(${categories}::text[]))`);
	}
	if (filters.from) allOf.push(sql`o.placed_at >= ${startOfDay(filters.from, timeZone)}`);
	if (filters.to) allOf.push(sql`o.placed_at < ${endOfDay(filters.to, timeZone)}`);
	// one value is compared with =, by which an index gives the rows in the order of the list
	const isOneOf = (column: Fragment, values: readonly string[]) =>
		values.length === 1 ? sql`${column} = ${values[0]!}` : sql`${column} = any(${values}::text[])`;
	if (filters.channels.length) allOf.push(isOneOf(sql`o.channel`, filters.channels));
	if (filters.statuses.length) allOf.push(isOneOf(sql`o.status`, filters.statuses));
	if (filters.kinds.length) allOf.push(isOneOf(sql`o.kind`, filters.kinds));
	if (filters.countries.length) allOf.push(isOneOf(sql`o.country_key`, filters.countries));
	return allOf.reduce((all, one) => sql`${all} and ${one}`);
}
