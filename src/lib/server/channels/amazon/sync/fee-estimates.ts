import {
	recordTransactions,
	toChannelTransaction,
	type ChannelTransaction
} from '../../../finances/index.ts';
import { record } from '../../../live/index.ts';
import { inOrganization } from '../../../platform/db.ts';
import { decimal, micros, ZERO } from '../../amount.ts';
import { object, objects, text, type Json } from '../../json.ts';
import { inThousands } from '../../sync/write.ts';
import type { AmazonRun } from './orders.ts';

/** Orders this young may have no transactions yet; older ones without any are free ones. */
const DAYS = 14;
/** Amazon takes twenty at a time, every two seconds. */
const ASKED_AT_ONCE = 20;
const MOST_ASKED = 400;

interface Line {
	order: string;
	line: string;
	sku: string;
	quantity: number;
	currency: string;
	placedAt: Date;
	/** What one piece costs the buyer, after discounts. */
	price: string;
	fba: boolean;
}

/** Estimates fees of recent orders that Amazon has not charged yet; what it charges later takes their place. */
export async function estimateFees(context: AmazonRun): Promise<void> {
	const { client, connection, timeZone, progress } = context;
	const lines = await unsettledLines(context);
	const groups = [
		...Map.groupBy(lines, (line) => `${line.sku} ${line.price} ${line.currency} ${line.fba}`).values()
	];
	for (let from = 0; from < Math.min(groups.length, MOST_ASKED); from += ASKED_AT_ONCE) {
		const asked = groups.slice(from, from + ASKED_AT_ONCE);
		const answer = await client.call('getMyFeesEstimates', {
			body: asked.map(([first], index) => requestOf(first!, client.marketplaceIds[0]!, index))
		});
		const results = objects(answer?.list, 'The estimates');
		const estimates = asked.flatMap((some, index) => {
			const result = results.find(
				(one) => text(object(one.FeesEstimateIdentifier)?.SellerInputIdentifier) === String(index)
			);
			return some.flatMap((line) => (result ? transactionsOf(line, result) : []));
		});
		const place = { organizationId: connection.organizationId, connectionId: connection.id };
		const counts = await record(connection.organizationId, async (tx) => {
			const result = await inThousands(estimates, async (part) => {
				const { outcomes, events } = await recordTransactions(
					tx,
					part.map((transaction) => ({ ...place, channel: 'amazon' as const, timeZone, transaction }))
				);
				const written = outcomes.filter((one) => one === 'created' || one === 'updated').length;
				return { written, unchanged: outcomes.length - written, events };
			});
			return { result, events: result.events };
		});
		progress.add('fees', { done: estimates.length, written: counts.written, unchanged: counts.unchanged });
	}
}

/** Lines of priced orders of which no movement is known, neither charged nor estimated. */
function unsettledLines({ connection }: AmazonRun): Promise<Line[]> {
	return inOrganization(
		connection.organizationId,
		({ sql }) => sql<Line[]>`
		select o.external_id as order, l.external_id as line, l.sku, l.quantity, o.currency, o.placed_at, round((l.gross - l.discount) / l.quantity, 2)::text as price,
			coalesce(g.fulfilled_by = 'channel', false) as fba
		from orders o join order_lines l on l.order_id = o.id and l.organization_id = o.organization_id
		left join listings g on g.id = l.listing_id and g.organization_id = l.organization_id
		where o.organization_id = ${connection.organizationId} and o.connection_id = ${connection.id} and o.kind = 'sale' and o.gross is not null
			and o.placed_at > now() - make_interval(days => ${DAYS}) and l.sku is not null and l.quantity > 0 and l.gross > l.discount
			and not exists (select 1 from channel_transactions t where t.organization_id = o.organization_id and t.connection_id = o.connection_id and t.order_external_id = o.external_id)
		order by o.placed_at desc limit 5000`
	);
}

function requestOf(line: Line, marketplaceId: string, index: number): Json {
	return {
		IdType: 'SellerSKU',
		IdValue: line.sku,
		FeesEstimateRequest: {
			MarketplaceId: marketplaceId,
			IsAmazonFulfilled: line.fba,
			Identifier: String(index),
			PriceToEstimateFees: { ListingPrice: { CurrencyCode: line.currency, Amount: Number(line.price) } }
		}
	};
}

/** The fees of a line, piece by piece as Amazon names them. */
function transactionsOf(line: Line, result: Json): ChannelTransaction[] {
	if (text(result.Status) !== 'Success') return [];
	return objects(object(result.FeesEstimate)?.FeeDetailList, 'The fees').flatMap((fee) => {
		const feeType = text(fee.FeeType);
		const money = object(fee.FinalFee) ?? object(fee.FeeAmount);
		const each = micros(money?.Amount);
		if (feeType === null || each === null || each === ZERO) return [];
		return [
			toChannelTransaction({
				externalId: `estimate:${line.order}:${line.line}:${feeType}`.slice(0, 500),
				orderExternalId: line.order,
				listingExternalId: line.sku,
				sku: line.sku,
				kind: 'fee',
				feeType,
				amount: decimal(-each * BigInt(line.quantity)),
				currency: text(money?.CurrencyCode) ?? line.currency,
				postedAt: line.placedAt.toISOString(),
				state: 'estimated'
			})
		];
	});
}
