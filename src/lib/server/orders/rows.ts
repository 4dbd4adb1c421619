import type { ResolvedListing } from '../catalog/index.ts';
import { offerKey } from '../catalog/index.ts';
import { customerKey } from '../customers/index.ts';
import { newId } from '../platform/ids.ts';
import type { BulkRow } from './bulk.ts';
import type { Prepared } from './prepare.ts';
import type { StoredBody } from './stored.ts';

/** The references of a batch: what its lines and customers resolved to. */
export interface References {
	listings: Map<string, ResolvedListing>;
	customers: Map<string, string>;
}

/** The row of `orders`. */
export function orderRow(id: string, prepared: Prepared, { customers }: References): BulkRow {
	const { organizationId, connectionId, channel, order } = prepared.entry;
	return {
		id,
		organization_id: organizationId,
		connection_id: connectionId,
		channel,
		external_id: order.externalId,
		name: order.name,
		name_key: nameKey(order.name),
		kind: prepared.kind,
		status: order.status,
		financial_status: order.financialStatus,
		fulfillment_status: order.fulfillmentStatus,
		placed_at: order.placedAt,
		cancelled_at: order.cancelledAt,
		source_updated_at: order.updatedAt,
		currency: order.currency,
		presentment_currency: order.presentment?.currency ?? null,
		presentment_total: order.presentment?.total ?? null,
		gross: prepared.gross,
		discounts: prepared.discounts,
		shipping: order.shipping,
		tax: order.tax,
		total: order.total,
		refunded: prepared.refunded,
		net: prepared.net,
		units: prepared.units,
		line_count: order.lines.length,
		customer_id:
			order.customer &&
			(customers.get(customerKey({ connectionId, externalId: order.customer.externalId })) ?? null),
		ship_name: order.address?.name ?? null,
		ship_city: order.address?.city ?? null,
		ship_country: order.address?.country ?? null,
		ship_region: order.address?.region ?? null,
		ship_country_name: order.address?.countryName ?? null,
		summary: prepared.summary,
		content_hash: prepared.contentHash
	};
}

/** What people type to find an order by its number: without case and leading #. */
export function nameKey(name: string): string {
	return name.trim().toLowerCase().replace(/^#+/, '').slice(0, 200);
}

/** Rows of the tables under an order. Ids of rows that are stored already are kept; rows that vanished are named for deletion. */
export function bodyRows(
	id: string,
	prepared: Prepared,
	{ listings }: References,
	stored: StoredBody | undefined
) {
	const { organizationId: organization_id, connectionId, order } = prepared.entry;
	const of = { organization_id, order_id: id };
	const lineIds = new Map<string, { id: string; productId: string }>();
	const lines = order.lines.map((line): BulkRow => {
		const resolved = listings.get(offerKey(connectionId, line))!;
		const lineId = stored?.lines.get(line.externalId) ?? newId();
		lineIds.set(line.externalId, { id: lineId, productId: resolved.productId });
		return {
			id: lineId,
			...of,
			external_id: line.externalId,
			position: line.position,
			listing_id: resolved.listingId,
			product_id: resolved.productId,
			sku: line.sku,
			title: line.title,
			variant_title: line.variantTitle,
			quantity: line.quantity,
			unit_price: line.unitPrice,
			gross: line.gross,
			discount: line.discount,
			tax: line.tax,
			is_gift_card: line.isGiftCard,
			adjustment: line.adjustment
		};
	});
	const refunds: BulkRow[] = [];
	const refundLines: BulkRow[] = [];
	for (const refund of order.refunds) {
		const known = stored?.refunds.get(refund.externalId);
		const refundId = known?.id ?? newId();
		refunds.push({
			id: refundId,
			...of,
			external_id: refund.externalId,
			refunded_at: refund.refundedAt,
			total: refund.total
		});
		for (const line of refund.lines) {
			const sold = line.lineExternalId === null ? undefined : lineIds.get(line.lineExternalId);
			refundLines.push({
				id: known?.lines.get(line.externalId) ?? newId(),
				...of,
				refund_id: refundId,
				external_id: line.externalId,
				kind: line.kind,
				order_line_id: sold?.id ?? null,
				product_id: sold?.productId ?? null,
				quantity: line.quantity,
				amount: line.amount,
				tax: line.tax,
				restocked: line.restocked
			});
		}
	}
	return {
		lines,
		refunds,
		refundLines,
		vanished: stored
			? vanishedRows(stored, lines, refunds, refundLines)
			: { lines: [], refunds: [], refundLines: [] }
	};
}

/** Timeline entries, each kind once an instant. */
export function eventRows(id: string, { entry }: Prepared): BulkRow[] {
	if (entry.order.events.length === 0) return [];
	const once = new Map(entry.order.events.map((event) => [`${event.kind} ${event.at}`, event]));
	return [...once.values()].map((event) => ({
		id: newId(),
		organization_id: entry.organizationId,
		order_id: id,
		kind: event.kind,
		at: event.at,
		source: entry.order.source,
		data: event.data
	}));
}

function vanishedRows(stored: StoredBody, lines: BulkRow[], refunds: BulkRow[], refundLines: BulkRow[]) {
	const kept = new Set([...lines, ...refunds, ...refundLines].map((row) => row.id));
	const gone = (ids: Iterable<string>) => [...ids].filter((id) => !kept.has(id));
	const storedRefunds = [...stored.refunds.values()];
	return {
		lines: gone(stored.lines.values()),
		refunds: gone(storedRefunds.map((refund) => refund.id)),
		refundLines: gone(storedRefunds.flatMap((refund) => [...refund.lines.values()]))
	};
}
