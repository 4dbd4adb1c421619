import type { RunContext } from '../../channel.ts';
import { ChannelError, PageLost } from '../../error.ts';
import { object, objects, text, type Json } from '../../json.ts';
import { loopGuard } from '../../sync/loop-guard.ts';
import type { Span, WindowPlan } from '../../sync/window.ts';
import type { ResourcePlan } from '../../sync/write.ts';
import type { AmazonClient } from '../client.ts';
import { AmazonRefused } from '../errors.ts';
import type { ChannelOrder } from '../../../orders/index.ts';
import { amazonOrder } from '../orders/canonical.ts';
import { readOrder } from '../orders/read-order.ts';
import { readReportOrder } from '../orders/report-row.ts';
import { writeOrders } from '../orders/write-orders.ts';

/** What a run of Amazon works with. */
export type AmazonRun = RunContext<AmazonClient>;

const DAY_MS = 86_400_000;
/** The Orders API reaches back two years; a day less, for clocks. */
export const REACH_MS = 2 * 365 * DAY_MS - DAY_MS;
/** Amazon answers 400 for a window that ends less than two minutes ago by its own clock. */
export const YOUNGEST_MS = 130_000;
const ORDERS_A_PAGE = 100;

/** What we ask Amazon to tell of an order. */
export const INCLUDED = [
	'BUYER',
	'RECIPIENT',
	'PROCEEDS',
	'PROMOTION',
	'CANCELLATION',
	'FULFILLMENT',
	'PACKAGES'
] as const;

/** Writes orders of the API and of reports alike. */
export const writeParsed: ResourcePlan<ChannelOrder>['write'] = (
	tx,
	{ connection, timeZone },
	rows,
	locked
) =>
	writeOrders(
		tx,
		{ organizationId: connection.organizationId, connectionId: connection.id, timeZone },
		rows,
		locked
	);

/** An order of the API, or the rows of one out of a report. @throws Unparsable, ZodError */
export function parseOrder(
	node: Json,
	source: 'bulk' | 'poll',
	currency: string | null = null
): ChannelOrder {
	const raw = node.rows === undefined ? readOrder(node) : readReportOrder(node);
	return amazonOrder(raw, JSON.stringify(node), source, currency);
}

/** Orders by the time of their last change. Amazon shows some late, under an older time: windows overlap by half an hour. */
export const ordersPlan: WindowPlan<AmazonClient, ChannelOrder> = {
	resource: 'orders',
	overlapMs: 30 * 60_000,
	halves: true,
	horizon,
	pages: searchPages,
	parse: parseOrder,
	write: writeParsed
};

async function horizon(client: AmazonClient): Promise<Date> {
	return new Date((await client.serverNow()).getTime() - YOUNGEST_MS);
}

async function* searchPages(
	{ client }: AmazonRun,
	{ from, to }: Span,
	after: string | null
): AsyncGenerator<{ nodes: Json[]; cursor: string | null }> {
	const guard = loopGuard('Amazon', 'orders');
	const asked = {
		lastUpdatedAfter: from ?? new Date(Date.now() - REACH_MS).toISOString(),
		lastUpdatedBefore: to,
		marketplaceIds: client.marketplaceIds,
		maxResultsPerPage: ORDERS_A_PAGE,
		includedData: INCLUDED
	};
	let token = after;
	for (;;) {
		const answer = await pageOf(client, asked, token);
		const nodes = objects(answer.orders, 'The orders');
		const next = text(object(answer.pagination)?.nextToken);
		token = next === null ? null : guard(next, nodes.length);
		yield { nodes, cursor: token };
		if (token === null) return;
	}
}

/**
 * A page token that Amazon refuses is tried once more, then the window is begun anew; one that ends too late by Amazon's clock is begun
 * anew with an earlier end; a window it refuses otherwise fails in sight.
 */
async function pageOf(
	client: AmazonClient,
	query: Record<string, string | number | readonly string[]>,
	paginationToken: string | null
): Promise<Json> {
	for (let attempt = 0; ; attempt++) {
		try {
			return (await client.call('searchOrders', { query: { ...query, paginationToken } })) ?? {};
		} catch (error) {
			if (!(error instanceof AmazonRefused) || error.refusal.status !== 400) throw error;
			// a clock that jumped, ours or theirs: the refusal has told Amazon's time anew
			const endsAt = await horizon(client);
			if (paginationToken === null && Date.parse(String(query.lastUpdatedBefore)) > endsAt.getTime())
				throw new PageLost('Amazon’s clock is behind the window of orders.', { cause: error, endsAt });
			if (paginationToken === null)
				throw new ChannelError(
					'unavailable',
					`Amazon refused a window of orders: ${error.refusal.message ?? error.refusal.code}. Tidemark tries again later with a new one.`,
					null,
					{ cause: error }
				);
			if (attempt > 0) throw new PageLost('Amazon no longer accepts the page token.', { cause: error });
			client.traffic.retries++;
		}
	}
}
