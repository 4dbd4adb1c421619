import type { Ctx } from '../platform/ctx.ts';
import type { Tx } from '../platform/db.ts';

/** What a manager of categories sees of an order: sums over the lines in their categories. Decimal strings. */
export interface ScopedSums {
	summary: string;
	units: number;
	lineCount: number;
	gross: string | null;
	discounts: string;
	tax: string;
	total: string | null;
	refunded: string;
	net: string | null;
}

/** Sums of the lines in the person's categories; orders without such a line are missing. Refunds are those of these lines. */
export async function scopedSums(
	tx: Tx,
	ctx: Ctx,
	orderIds: readonly string[]
): Promise<Map<string, ScopedSums>> {
	const rows = await tx.sql<(ScopedSums & { orderId: string })[]>`
		with line as (
			select l.order_id, l.position, l.title, l.variant_title, l.quantity, l.gross, l.discount, l.tax, l.is_gift_card, o.kind, o.gross is not null as priced,
				(select coalesce(sum(r.amount), 0) from refund_lines r
					where r.order_id = l.order_id and r.order_line_id = l.id and r.kind = 'item' and (r.organization_id = l.organization_id) is true) as refunded
			from order_lines l
			join orders o on o.id = l.order_id and (o.organization_id = l.organization_id) is true
			join products p on p.id = l.product_id and (p.organization_id = l.organization_id) is true
			where l.order_id = any(${[...orderIds]}::uuid[]) and (l.organization_id = ${ctx.organization.id}) is true
				and p.category = any(${ctx.scope?.categories ?? []}::text[])
		)
		select order_id, count(*)::int as line_count, coalesce(sum(quantity) filter (where not is_gift_card), 0)::int as units,
			(array_agg(title || coalesce(', ' || variant_title, '') order by position))[1]
				|| case when count(*) > 1 then ' + ' || (count(*) - 1) || ' more' else '' end as summary,
			case when bool_and(priced) then coalesce(sum(gross), 0) end as gross, sum(discount) as discounts, sum(tax) as tax, sum(refunded) as refunded,
			case when bool_and(priced) then coalesce(sum(gross), 0) - sum(discount) + sum(tax) end as total,
			case when bool_and(kind <> 'sale' or priced) then
				coalesce(sum(coalesce(gross, 0) - discount) filter (where kind = 'sale' and not is_gift_card), 0)
				- coalesce(sum(refunded) filter (where kind in ('sale', 'refund_only') and not is_gift_card), 0) end as net
		from line group by order_id`;
	return new Map(rows.map(({ orderId, ...sums }) => [orderId, sums]));
}
