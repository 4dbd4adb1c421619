import { inOrganization } from '../../platform/db.ts';
import { decimal, micros } from '../amount.ts';
import type { RunContext } from '../channel.ts';
import { ChannelError } from '../error.ts';
import type { ShopifyClient } from './client.ts';
import { object, objects, requiredText } from './read.ts';
import { SHOPIFYQL } from './visits.ts';

/** Shopify restates the days just past. */
const DAYS = 35;

/** What the shop's own report of sales says of a day of its time zone. It counts no pieces that could be compared. */
export interface ShopSales {
	/** YYYY-MM-DD. */
	day: string;
	orders: number;
	/** Decimal string: before discounts and returns, without tax. */
	gross: string;
}

/**
 * Keeps what Shopify's report of sales says of the last weeks: the independent figure that ours are held against. A shop that
 * keeps its reports to itself says so with its visits; nothing else depends on them.
 * @throws ChannelError `credentials`, `throttled`, `aborted`
 */
export async function readSales(context: RunContext<ShopifyClient>): Promise<void> {
	const { client, connection, timeZone, progress, assertWanted } = context;
	let sales: ShopSales[];
	try {
		sales = await askSales(client, DAYS - 1);
	} catch (error) {
		if (!(error instanceof ChannelError)) return; // an answer that nobody understands is no figure
		if (['needs_reauthorization', 'rejected', 'unavailable'].includes(error.kind)) return;
		throw error;
	}
	assertWanted();
	await inOrganization(
		connection.organizationId,
		({ sql }) => sql`
		insert into channel_figures (organization_id, connection_id, marketplace, day, time_zone, currency, orders, units, gross, read_at)
		select ${connection.organizationId}, ${connection.id}, '', day, ${connection.timeZone ?? timeZone}, ${connection.currency ?? 'USD'}, orders, null, gross, now()
		from json_to_recordset(${JSON.stringify(sales)}::text::json) as r (day date, orders int, gross numeric)
		on conflict (connection_id, marketplace, day) do update set time_zone = excluded.time_zone, currency = excluded.currency,
			orders = excluded.orders, units = excluded.units, gross = excluded.gross, read_at = now()`
	);
	progress.add('figures', { done: sales.length, written: sales.length });
}

/** Asks Shopify. @throws ChannelError, `rejected` when it does not understand the question or the answer is not as documented */
export async function askSales(client: Pick<ShopifyClient, 'ask'>, days: number): Promise<ShopSales[]> {
	const q = `FROM sales SHOW orders, gross_sales TIMESERIES day SINCE -${days}d UNTIL today`;
	const answer = object((await client.ask(SHOPIFYQL, { q }, { cost: 50 })).shopifyqlQuery);
	const errors = Array.isArray(answer?.parseErrors) ? answer.parseErrors.map(String) : [];
	const table = object(answer?.tableData);
	if (errors.length > 0 || !table)
		throw new ChannelError('rejected', `Shopify refused a report: ${errors.join('; ').slice(0, 200)}`);
	return objects(table.rows, 'The rows of the report').map((row) => ({
		day: requiredText(row.day, 'The day').slice(0, 10),
		orders: Math.max(0, Math.round(Number(row.orders ?? 0)) || 0),
		gross: decimal(micros(row.gross_sales) ?? 0n)
	}));
}
