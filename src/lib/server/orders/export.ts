import { orderFiltersSchema, orderQuerySchema, type OrderFilters } from '#lib/contracts/orders.ts';
import { audit, require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { parse } from '../platform/parse.ts';
import { csvHead, csvOf } from './csv.ts';
import type { Cursor } from './cursor.ts';
import { readPage } from './list.ts';

/** Rows of one piece: one short transaction each, so that a slow reader holds nothing open. */
const PIECE = 2_000;

/**
 * All matching orders as CSV, oldest first, in pieces as they are read: memory stays flat whatever their number. The start is
 * written to the audit log before the first byte. Names and addresses need customers.read besides orders.export.
 * @throws Forbidden without orders.export, Invalid for filters that cannot be used; both before the first piece
 */
export async function exportOrders(
	ctx: Ctx,
	filters: Partial<OrderFilters> = {}
): Promise<AsyncIterable<string>> {
	require(ctx, 'orders.read');
	require(ctx, 'orders.export');
	const wanted = parse(orderFiltersSchema, filters);
	const { search, ...rest } = wanted;
	await inOrganization(ctx.organization.id, (tx) =>
		audit(tx, ctx, 'orders.exported', undefined, { ...rest, searched: search !== '' })
	);
	return pieces(ctx, wanted);
}

async function* pieces(ctx: Ctx, filters: OrderFilters): AsyncGenerator<string> {
	yield csvHead();
	const query = orderQuerySchema.parse({ ...filters, sort: 'placed', direction: 'asc' });
	const options = { timeZone: ctx.organization.timeZone, customers: ctx.permissions.has('customers.read') };
	for (let cursor: Cursor | null = null; ;) {
		const rows = await inOrganization(ctx.organization.id, (tx) => readPage(tx, ctx, query, cursor, PIECE));
		if (rows.length > 0) yield csvOf(rows, options);
		const last = rows.at(-1);
		if (!last || rows.length < PIECE) return;
		cursor = { value: last.placedAt.toISOString(), id: last.id, back: false };
	}
}
