import type { OrderLineView, OrderView, RefundView } from '#lib/contracts/orders.ts';
import { orderFiltersSchema } from '#lib/contracts/orders.ts';
import { z } from 'zod';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { NotFound } from '../platform/errors.ts';
import { decimal } from './decimal.ts';
import { condition } from './filter.ts';
import { scopedSums } from './scoped-sums.ts';
import { timelineOf } from './timeline.ts';

const everything = orderFiltersSchema.parse({});

interface HeadRow extends Omit<
	OrderView,
	'placedAt' | 'cancelledAt' | 'sourceUpdatedAt' | 'presentment' | 'customer' | 'shipTo'
> {
	placedAt: Date;
	cancelledAt: Date | null;
	sourceUpdatedAt: Date;
	presentmentCurrency: string | null;
	presentmentTotal: string | null;
	customerId: string | null;
	shipName: string | null;
	shipCity: string | null;
	shipRegion: string | null;
	shipCountry: string | null;
	shipCountryName: string | null;
}

/**
 * One order with its lines, refunds, customer, timeline and neighbours. A manager sees their lines, and sums of these.
 * @throws Forbidden without orders.read, NotFound for an id that is none, another organization's or out of scope
 */
export async function getOrder(ctx: Ctx, id: string): Promise<OrderView> {
	require(ctx, 'orders.read');
	return inOrganization(ctx.organization.id, async (tx) => {
		const head = await readHead(tx, ctx, id);
		const partial = Boolean(ctx.scope?.categories);
		const [lines, refunds, customer, timeline, newer, older, sums] = await Promise.all([
			readLines(tx, ctx, id),
			readRefunds(tx, ctx, id),
			readCustomer(tx, ctx, head.customerId),
			readEvents(tx, ctx, id),
			neighbour(tx, ctx, head, 'newer'),
			neighbour(tx, ctx, head, 'older'),
			partial ? scopedSums(tx, ctx, [id]) : null
		]);
		const {
			presentmentCurrency,
			presentmentTotal,
			customerId: _id,
			shipName,
			shipCity,
			shipRegion,
			shipCountry,
			shipCountryName,
			...rest
		} = head;
		const amounts = sums?.get(id) ?? head;
		const amount = (value: string | null) => (value === null ? null : decimal(value));
		const mayReadCustomers = ctx.permissions.has('customers.read');
		return {
			...rest,
			placedAt: head.placedAt.toISOString(),
			cancelledAt: head.cancelledAt?.toISOString() ?? null,
			sourceUpdatedAt: head.sourceUpdatedAt.toISOString(),
			presentment:
				presentmentCurrency && !partial
					? { currency: presentmentCurrency, total: amount(presentmentTotal) }
					: null,
			gross: amount(amounts.gross),
			discounts: decimal(amounts.discounts),
			shipping: partial ? null : amount(head.shipping),
			tax: decimal(amounts.tax),
			total: amount(amounts.total),
			refunded: decimal(amounts.refunded),
			net: amount(amounts.net),
			units: amounts.units,
			partial,
			customer,
			shipTo: {
				name: mayReadCustomers ? shipName : null,
				city: shipCity,
				region: shipRegion,
				country: shipCountry,
				countryName: shipCountryName
			},
			lines,
			refunds,
			timeline: timelineOf(head, refunds, timeline),
			older,
			newer,
			mayReadPayload: ctx.permissions.has('orders.payload') && !partial
		};
	});
}

/**
 * The raw text from which an order was last read, null once it has expired.
 * @throws Forbidden without orders.payload or within limits to categories, NotFound as `getOrder`
 */
export async function getPayload(
	ctx: Ctx,
	id: string
): Promise<{ source: string; payload: string; receivedAt: string } | null> {
	require(ctx, 'orders.payload');
	return inOrganization(ctx.organization.id, async (tx) => {
		await readHead(tx, ctx, id);
		if (ctx.scope?.categories) throw new NotFound('The payload');
		const [row] = await tx.sql<{ source: string; payload: string; receivedAt: Date }[]>`
			select source, payload, received_at from order_payloads where order_id = ${id} and organization_id = ${ctx.organization.id}`;
		return row ? { ...row, receivedAt: row.receivedAt.toISOString() } : null;
	});
}

async function readHead(tx: Tx, ctx: Ctx, id: string): Promise<HeadRow> {
	if (!z.uuid().safeParse(id).success) throw new NotFound('This order');
	const [head] = await tx.sql<HeadRow[]>`
		select o.id, o.name, o.channel, o.connection_id, c.name as connection_name, o.external_id, o.kind, o.status, o.financial_status,
			o.fulfillment_status, o.placed_at, o.cancelled_at, o.source_updated_at, o.currency, o.presentment_currency, o.presentment_total, o.gross,
			o.discounts, o.shipping, o.tax, o.total, o.refunded, o.net, o.units, o.customer_id, o.ship_name, o.ship_city, o.ship_region, o.ship_country, o.ship_country_name
		from orders o join connections c on c.id = o.connection_id and c.organization_id = o.organization_id
		where o.id = ${id} and ${condition(tx, ctx, everything)}`;
	if (!head) throw new NotFound('This order');
	return head;
}

async function readLines(tx: Tx, ctx: Ctx, id: string): Promise<OrderLineView[]> {
	const categories = ctx.scope?.categories ?? null;
	const rows = await tx.sql<OrderLineView[]>`
		select l.id, l.product_id, l.sku, l.title, l.variant_title, p.category, l.quantity, l.unit_price, l.gross, l.discount, l.tax, l.is_gift_card, l.adjustment
		from order_lines l join products p on p.id = l.product_id and (p.organization_id = l.organization_id) is true
		where l.order_id = ${id} and (l.organization_id = ${ctx.organization.id}) is true
			and (${categories}::text[] is null or p.category = any(${categories}::text[]))
		order by l.position, l.id`;
	return rows.map((row) => ({
		...row,
		unitPrice: row.unitPrice && decimal(row.unitPrice, 6),
		gross: row.gross && decimal(row.gross),
		discount: decimal(row.discount),
		tax: decimal(row.tax)
	}));
}

async function readRefunds(tx: Tx, ctx: Ctx, id: string): Promise<RefundView[]> {
	const categories = ctx.scope?.categories ?? null;
	const rows = await tx.sql<
		{ id: string; refundedAt: Date; total: string | null; lines: RefundView['lines'] }[]
	>`
		select r.id, r.refunded_at, r.total, coalesce(json_agg(json_build_object('id', i.id, 'kind', i.kind, 'title', l.title, 'sku', l.sku, 'quantity', i.quantity,
			'amount', i.amount::text, 'tax', i.tax::text, 'restocked', i.restocked) order by l.position nulls last, i.id) filter (where i.id is not null), '[]') as lines
		from refunds r
		left join (
			select i.* from refund_lines i left join products p on p.id = i.product_id and (p.organization_id = i.organization_id) is true
			where i.order_id = ${id} and (i.organization_id = ${ctx.organization.id}) is true
				and (${categories}::text[] is null or (i.kind = 'item' and p.category = any(${categories}::text[])))
		) i on i.refund_id = r.id
		left join order_lines l on l.id = i.order_line_id and (l.organization_id = r.organization_id) is true
		where r.order_id = ${id} and (r.organization_id = ${ctx.organization.id}) is true
		group by r.id order by r.refunded_at, r.id`;
	return rows
		.filter((row) => !categories || row.lines.length > 0)
		.map((row) => ({
			id: row.id,
			refundedAt: row.refundedAt.toISOString(),
			total: row.total === null || categories ? null : decimal(row.total),
			lines: row.lines.map((line) => ({ ...line, amount: decimal(line.amount), tax: decimal(line.tax) }))
		}));
}

async function readCustomer(tx: Tx, ctx: Ctx, id: string | null): Promise<OrderView['customer']> {
	if (!id || !ctx.permissions.has('customers.read')) return null;
	const [row] = await tx.sql<NonNullable<OrderView['customer']>[]>`
		select c.id, c.name, c.email, c.country,
			(select count(*) from orders o where o.customer_id = c.id and (o.organization_id = c.organization_id) is true and o.kind = 'sale') as orders
		from customers c where c.id = ${id} and c.organization_id = ${ctx.organization.id}`;
	return row ?? null;
}

function readEvents(
	tx: Tx,
	ctx: Ctx,
	id: string
): Promise<{ kind: string; at: Date; receivedAt: Date; source: string; data: Record<string, unknown> }[]> {
	return tx.sql<
		{ kind: string; at: Date; receivedAt: Date; source: string; data: Record<string, unknown> }[]
	>`
		select kind, at, received_at, source, data from order_events where order_id = ${id} and (organization_id = ${ctx.organization.id}) is true order by at, id limit 1000`;
}

async function neighbour(
	tx: Tx,
	ctx: Ctx,
	{ id, placedAt }: { id: string; placedAt: Date },
	which: 'newer' | 'older'
): Promise<string | null> {
	const { sql } = tx;
	const place =
		which === 'newer'
			? sql`(o.placed_at, o.id) > (${placedAt}, ${id}::uuid)`
			: sql`(o.placed_at, o.id) < (${placedAt}, ${id}::uuid)`;
	const order = which === 'newer' ? sql`o.placed_at, o.id` : sql`o.placed_at desc, o.id desc`;
	const [row] = await sql<
		{ id: string }[]
	>`select o.id from orders o where ${condition(tx, ctx, everything)} and ${place} order by ${order} limit 1`;
	return row?.id ?? null;
}
