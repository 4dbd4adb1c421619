import {
	recordTransactions,
	toChannelTransaction,
	type ChannelTransaction
} from '../../../finances/index.ts';
import { record } from '../../../live/index.ts';
import { inOrganization } from '../../../platform/db.ts';
import type { RunContext } from '../../channel.ts';
import { inThousands } from '../../sync/write.ts';

/** A settlement comes every two weeks, and what is shipped late stands in the one after. */
const DAYS = 45;
/** Walmart's share in most categories, for a SKU of which nothing was settled yet. */
const REFERRAL = 0.15;

interface Line {
	order: string;
	line: string;
	sku: string;
	quantity: number;
	currency: string;
	placedAt: Date;
	/** Sold for, after discounts and without tax. */
	net: number;
	/** Walmart's share of this SKU's settled sales, and its other fees for a piece; null when nothing was settled. */
	rate: number | null;
	handling: number | null;
}

/**
 * Estimates the fees of orders that were not settled yet, from what was taken of the same SKU before: Walmart tells no fees in
 * advance. What is settled later takes the estimate's place.
 */
export async function estimateFees({ connection, timeZone, progress }: RunContext): Promise<void> {
	const lines = await unsettledLines(connection);
	if (lines.length === 0) return;
	const place = { organizationId: connection.organizationId, connectionId: connection.id };
	const counts = await record(connection.organizationId, async (tx) => {
		const result = await inThousands(lines.flatMap(estimatesOf), async (part) => {
			const { outcomes, events } = await recordTransactions(
				tx,
				part.map((transaction) => ({ ...place, channel: 'walmart' as const, timeZone, transaction }))
			);
			const written = outcomes.filter((one) => one === 'created' || one === 'updated').length;
			return { written, unchanged: outcomes.length - written, events };
		});
		return { result, events: result.events };
	});
	progress.add('fees', { done: lines.length, written: Math.min(lines.length, counts.written) });
}

function estimatesOf(line: Line): ChannelTransaction[] {
	const told = (feeType: string, cost: number) =>
		toChannelTransaction({
			externalId: `estimate:${line.order}:${line.line}:${feeType}`,
			orderExternalId: line.order,
			listingExternalId: line.sku,
			sku: line.sku,
			kind: 'fee',
			feeType,
			amount: (-cost).toFixed(2),
			currency: line.currency,
			postedAt: line.placedAt.toISOString(),
			state: 'estimated'
		});
	const commission = line.net * (line.rate ?? REFERRAL);
	const handling = (line.handling ?? 0) * line.quantity;
	return [
		...(commission >= 0.005 ? [told('Commission on Product', commission)] : []),
		...(handling >= 0.005 ? [told('Fulfillment', handling)] : [])
	];
}

/** Lines of recent sales of which no movement is known, with what was taken of the same SKU so far. */
function unsettledLines(connection: { organizationId: string; id: string }): Promise<Line[]> {
	return inOrganization(
		connection.organizationId,
		({ sql }) => sql<Line[]>`
		with taken as (
			select order_external_id, sku, sum(-amount) filter (where fee_type ~* 'commission|referral') as commission,
				coalesce(sum(-amount) filter (where fee_type !~* 'commission|referral'), 0) as handling
			from channel_transactions
			where organization_id = ${connection.organizationId} and connection_id = ${connection.id} and kind = 'fee' and state = 'settled' and sku is not null
			group by order_external_id, sku
		), sold as (
			select o.external_id, l.sku, sum(l.gross - l.discount) as net, sum(l.quantity) as quantity
			from orders o join order_lines l on l.order_id = o.id and l.organization_id = o.organization_id
			where o.organization_id = ${connection.organizationId} and o.connection_id = ${connection.id} and o.kind = 'sale'
			group by o.external_id, l.sku
		), rates as (
			select s.sku, sum(t.commission) / nullif(sum(s.net), 0) as rate, sum(t.handling) / nullif(sum(s.quantity), 0) as handling
			from sold s join taken t on t.order_external_id = s.external_id and t.sku = s.sku group by s.sku
		)
		select o.external_id as order, l.external_id as line, l.sku, l.quantity, o.currency, o.placed_at, (l.gross - l.discount)::float8 as net,
			r.rate::float8 as rate, r.handling::float8 as handling
		from orders o join order_lines l on l.order_id = o.id and l.organization_id = o.organization_id
		left join rates r on r.sku = l.sku
		where o.organization_id = ${connection.organizationId} and o.connection_id = ${connection.id} and o.kind = 'sale'
			and o.placed_at > now() - make_interval(days => ${DAYS}) and l.sku is not null and l.quantity > 0 and l.gross > l.discount
			and not exists (select 1 from channel_transactions t where t.organization_id = o.organization_id and t.connection_id = o.connection_id
				and t.order_external_id = o.external_id)
		order by o.placed_at desc limit 5000`
	);
}
