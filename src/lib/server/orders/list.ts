import {
	orderFiltersSchema,
	orderQuerySchema,
	type OrderPage,
	type OrderQuery,
	type OrderRow,
	type OrderTotals
} from '#lib/contracts/orders.ts';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { Invalid } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { readCursor, writeCursor, type Cursor } from './cursor.ts';
import { decimal, sum } from './decimal.ts';
import { condition } from './filter.ts';
import { scopedSums } from './scoped-sums.ts';
import { searchConditions } from './search.ts';

/** Totals count up to here. */
const MAX_COUNT = 10_000;
/** Longest statement of a list. */
const LONGEST_MS = 8000;
/** PostgreSQL's word for a statement that ran into its timeout. */
const CANCELLED = '57014';

/** A stored row as lists and the export read it. */
export interface ListedOrder {
	id: string;
	name: string;
	channel: 'amazon' | 'shopify' | 'walmart';
	kind: string;
	status: string;
	financialStatus: string | null;
	fulfillmentStatus: string | null;
	placedAt: Date;
	summary: string;
	units: number;
	lineCount: number;
	gross: string | null;
	discounts: string;
	shipping: string;
	tax: string;
	total: string | null;
	refunded: string;
	net: string | null;
	currency: string;
	shipCity: string | null;
	shipRegion: string | null;
	shipCountry: string | null;
	customerName: string | null;
	customerEmail: string | null;
	totalKey: string;
}

/**
 * A page of orders, by keyset: as fast at the end of ten million lines as at the beginning.
 * @throws Forbidden without orders.read, Invalid for a query or cursor that cannot be used
 */
export async function listOrders(ctx: Ctx, query: OrderQuery = {}): Promise<OrderPage> {
	require(ctx, 'orders.read');
	const given = parse(orderQuerySchema, query);
	// by total, a manager of categories would learn the order of totals they may not see
	const wanted = ctx.scope?.categories ? { ...given, sort: 'placed' as const } : given;
	const cursor = readCursor(wanted.cursor, wanted.sort, wanted.direction);
	const rows = await inTime(ctx, (tx) => readPage(tx, ctx, wanted, cursor, wanted.limit + 1));
	const more = rows.length > wanted.limit;
	const page = rows.slice(0, wanted.limit);
	if (cursor?.back) page.reverse();
	const edge = (row: ListedOrder | undefined, back: boolean) =>
		row
			? writeCursor(
					{ value: wanted.sort === 'placed' ? row.placedAt.toISOString() : row.totalKey, id: row.id, back },
					wanted.direction
				)
			: null;
	return {
		orders: page.map((row) => toRow(ctx, row)),
		next: cursor?.back || more ? edge(page.at(-1), false) : null,
		previous: cursor && (!cursor.back || more) ? edge(page[0], true) : null
	};
}

/**
 * How many orders match, counted up to 10,000, and their net sales per currency when all were counted.
 * @throws Forbidden without orders.read, Invalid for filters that cannot be used
 */
export async function countOrders(
	ctx: Ctx,
	filters: Partial<typeof orderFiltersSchema._input> = {}
): Promise<OrderTotals> {
	require(ctx, 'orders.read');
	const wanted = parse(orderFiltersSchema, filters);
	const rows = await inTime(ctx, async (tx) => {
		const { sql } = tx;
		const where = condition(tx, ctx, wanted);
		const branches = wanted.search ? await searchConditions(tx, ctx, wanted.search) : [sql`true`];
		const found = await Promise.all(
			branches.map(
				(branch) => sql<{ id: string; currency: string; net: string | null }[]>`
			select o.id, o.currency, o.net from orders o where ${where} and ${branch} limit ${MAX_COUNT + 1}`
			)
		);
		const distinct = [...new Map(found.flat().map((row) => [row.id, row])).values()];
		if (!ctx.scope?.categories || distinct.length > MAX_COUNT) return distinct;
		const sums = await scopedSums(
			tx,
			ctx,
			distinct.map(({ id }) => id)
		);
		return distinct.map((row) => ({ ...row, net: sums.get(row.id)?.net ?? null }));
	});
	if (rows.length > MAX_COUNT) return { count: MAX_COUNT, capped: true, net: null };
	const byCurrency = Map.groupBy(rows, (row) => row.currency);
	const net = [...byCurrency].map(([currency, own]) => ({
		currency,
		amount: sum(own.map((row) => row.net ?? '0'))
	}));
	return { count: rows.length, capped: false, net: net.sort((a, b) => (a.currency < b.currency ? -1 : 1)) };
}

/**
 * Reads for a list. Filters that few of millions of orders match are looked for one by one; after a while it is better to say so than to
 * keep the person and the database waiting.
 * @throws Invalid when it takes longer than LONGEST_MS
 */
async function inTime<T>(ctx: Ctx, work: (tx: Tx) => Promise<T>): Promise<T> {
	try {
		return await inOrganization(ctx.organization.id, (tx, ahead) => {
			ahead(tx.sql`select set_config('statement_timeout', ${String(LONGEST_MS)}, true)`.execute());
			return work(tx);
		});
	} catch (error) {
		if ((error as { code?: unknown }).code !== CANCELLED) throw error;
		throw new Invalid({
			from: 'So few of your orders match that finding them takes too long. Choose a range of days: then fewer are looked through.'
		});
	}
}

/** Rows after a cursor; the caller has checked the permission. Amounts are of the lines in scope. */
export async function readPage(
	tx: Tx,
	ctx: Ctx,
	wanted: ReturnType<typeof orderQuerySchema.parse>,
	cursor: Cursor | null,
	limit: number
): Promise<ListedOrder[]> {
	const { sql } = tx;
	const byTotal = wanted.sort === 'total';
	const column = byTotal ? sql`o.total_key` : sql`o.placed_at`;
	const upward = (wanted.direction === 'asc') !== (cursor?.back ?? false);
	const value = cursor && (byTotal ? sql`${cursor.value}::text::bigint` : sql`${cursor.value}::timestamptz`);
	const after = !cursor
		? sql`true`
		: upward
			? sql`(${column}, o.id) > (${value!}, ${cursor.id}::uuid)`
			: sql`(${column}, o.id) < (${value!}, ${cursor.id}::uuid)`;
	const order = upward ? sql`${column}, o.id` : sql`${column} desc, o.id desc`;
	const where = condition(tx, ctx, wanted);
	const branches = wanted.search ? await searchConditions(tx, ctx, wanted.search) : [sql`true`];
	const found = await Promise.all(
		branches.map(
			(branch) => sql<ListedOrder[]>`
		select o.*, c.name as customer_name, c.email as customer_email from (
			select o.id, o.name, o.channel, o.kind, o.status, o.financial_status, o.fulfillment_status, o.placed_at, o.summary, o.units, o.line_count,
				o.gross, o.discounts, o.shipping, o.tax, o.total, o.refunded, o.net, o.currency, o.ship_city, o.ship_region, coalesce(o.ship_country, o.ship_country_name) as ship_country,
				o.total_key::text as total_key, o.customer_id
			from orders o where ${where} and ${branch} and ${after} order by ${order} limit ${limit}
		) o left join customers c on c.id = o.customer_id and (c.organization_id = ${ctx.organization.id}) is true`
		)
	);
	const key = (row: ListedOrder) => (byTotal ? BigInt(row.totalKey) : BigInt(row.placedAt.getTime()));
	const sign = upward ? 1 : -1;
	const rows = [...new Map(found.flat().map((row) => [row.id, row])).values()]
		.sort((a, b) => (key(a) === key(b) ? (a.id < b.id ? -sign : sign) : key(a) < key(b) ? -sign : sign))
		.slice(0, limit);
	return ctx.scope?.categories ? narrow(tx, ctx, rows) : rows;
}

async function narrow(tx: Tx, ctx: Ctx, rows: readonly ListedOrder[]): Promise<ListedOrder[]> {
	const sums = await scopedSums(
		tx,
		ctx,
		rows.map(({ id }) => id)
	);
	return rows.flatMap((row) => {
		const own = sums.get(row.id);
		return own ? [{ ...row, ...own, shipping: '0' }] : [];
	});
}

function toRow(ctx: Ctx, row: ListedOrder): OrderRow {
	const amount = (value: string | null) => (value === null ? null : decimal(value));
	return {
		id: row.id,
		name: row.name,
		channel: row.channel,
		kind: row.kind,
		status: row.status,
		financialStatus: row.financialStatus,
		fulfillmentStatus: row.fulfillmentStatus,
		placedAt: row.placedAt.toISOString(),
		summary: row.summary,
		units: row.units,
		lineCount: row.lineCount,
		total: amount(row.total),
		net: amount(row.net),
		currency: row.currency,
		city: row.shipCity,
		country: row.shipCountry,
		region: row.shipRegion,
		customerName: ctx.permissions.has('customers.read') ? row.customerName : null
	};
}
