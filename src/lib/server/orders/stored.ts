import type { DayDelta } from '#lib/contracts/live.ts';
import type { Tx } from '../platform/db.ts';
import { figuresByDay } from './figures.ts';
import type { OrderKind } from './kind.ts';
import type { OrderEntry } from './record-types.ts';

/** The head of a stored order, locked until the commit. */
export interface StoredHead {
	id: string;
	connectionId: string;
	externalId: string;
	sourceUpdatedAt: Date;
	contentHash: string;
	kind: OrderKind;
	currency: string;
	placedAt: Date;
	priceKnown: boolean;
}

/** Ids of a stored order's rows by external id, and what it added to the days before this change. */
export interface StoredBody {
	lines: Map<string, string>;
	refunds: Map<string, { id: string; lines: Map<string, string> }>;
	categories: Set<string>;
	figures: DayDelta[];
}

// `(organization_id = ...) is true`: the condition holds, but no index of an organization is taken for it. On tables whose statistics
// are young the planner would, and read all rows of the organization for each key; such a plan stays cached.

/**
 * Locks what is stored of these orders, sorted, so that two batches cannot wait for each other. The keys travel as JSON: of an array
 * the planner counts the elements, and plans anew each time. `lateral` with a limit makes it look up each key in the index, whatever
 * it believes of their number.
 */
export function lockHeads(tx: Tx, entries: readonly OrderEntry[]): Promise<StoredHead[]> {
	const wanted = entries
		.toSorted((a, b) => (orderKey(a) < orderKey(b) ? -1 : 1))
		.map(({ organizationId, connectionId, order }) => ({
			organization_id: organizationId,
			connection_id: connectionId,
			external_id: order.externalId
		}));
	return tx.sql<StoredHead[]>`
		select o.* from json_to_recordset(${JSON.stringify(wanted)}::text::json) as w (organization_id uuid, connection_id uuid, external_id text)
		cross join lateral (
			select o.id, o.connection_id, o.external_id, o.source_updated_at, o.content_hash, o.kind, o.currency, o.placed_at, o.gross is not null as price_known
			from orders o where o.connection_id = w.connection_id and o.external_id = w.external_id and (o.organization_id = w.organization_id) is true
			limit 1 for update
		) o`;
}

/** The one order in which rows are taken everywhere. */
export function orderKey(entry: OrderEntry): string {
	return `${entry.organizationId} ${entry.connectionId} ${entry.order.externalId}`;
}

interface LineRow {
	id: string;
	orderId: string;
	externalId: string;
	quantity: number;
	gross: string | null;
	discount: string;
	isGiftCard: boolean;
	category: string | null;
}
interface RefundRow {
	id: string;
	orderId: string;
	externalId: string;
	refundedAt: Date;
}
interface RefundLineRow {
	id: string;
	orderId: string;
	refundId: string;
	externalId: string;
	kind: 'item' | 'shipping' | 'adjustment';
	lineExternalId: string | null;
	amount: string;
}

/** Loads lines and refunds of locked orders: three statements for any number. */
export async function loadBodies(
	tx: Tx,
	orders: readonly { head: StoredHead; organizationId: string; timeZone: string }[]
): Promise<Map<string, StoredBody>> {
	if (orders.length === 0) return new Map();
	const ids = orders.map(({ head }) => head.id);
	const organizations = [...new Set(orders.map(({ organizationId }) => organizationId))];
	const [lines, refunds, refundLines] = await Promise.all([
		tx.sql<LineRow[]>`
			select l.id, l.order_id, l.external_id, l.quantity, l.gross, l.discount, l.is_gift_card, p.category
			from order_lines l join products p on p.id = l.product_id and (p.organization_id = l.organization_id) is true
			where l.order_id = any(${ids}::uuid[]) and (l.organization_id = any(${organizations}::uuid[])) is true`,
		tx.sql<RefundRow[]>`
			select id, order_id, external_id, refunded_at from refunds
			where order_id = any(${ids}::uuid[]) and (organization_id = any(${organizations}::uuid[])) is true`,
		tx.sql<RefundLineRow[]>`
			select r.id, r.order_id, r.refund_id, r.external_id, r.kind, r.amount, l.external_id as line_external_id
			from refund_lines r left join order_lines l on l.id = r.order_line_id and (l.organization_id = r.organization_id) is true
			where r.order_id = any(${ids}::uuid[]) and (r.organization_id = any(${organizations}::uuid[])) is true`
	]);
	const linesOf = Map.groupBy(lines, (row) => row.orderId);
	const refundsOf = Map.groupBy(refunds, (row) => row.orderId);
	const refundLinesOf = Map.groupBy(refundLines, (row) => row.refundId);
	return new Map(
		orders.map(({ head, timeZone }) => {
			const own = linesOf.get(head.id) ?? [];
			const paidBack = (refundsOf.get(head.id) ?? []).map((refund) => ({
				...refund,
				rows: refundLinesOf.get(refund.id) ?? []
			}));
			const figured = {
				kind: head.kind,
				currency: head.currency,
				placedAt: head.placedAt.toISOString(),
				priceKnown: head.priceKnown,
				lines: own,
				refunds: paidBack.map((refund) => ({
					refundedAt: refund.refundedAt.toISOString(),
					lines: refund.rows
				}))
			};
			const body: StoredBody = {
				lines: new Map(own.map((line) => [line.externalId, line.id])),
				refunds: new Map(
					paidBack.map((refund) => [
						refund.externalId,
						{ id: refund.id, lines: new Map(refund.rows.map((row) => [row.externalId, row.id])) }
					])
				),
				categories: new Set(own.flatMap((line) => line.category ?? [])),
				figures: figuresByDay(figured, timeZone)
			};
			return [head.id, body];
		})
	);
}
