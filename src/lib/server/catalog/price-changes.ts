import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';

/** A listing's new price beside the one before; decimal strings in `currency`. */
export interface PriceChange {
	productId: string;
	title: string;
	channel: string;
	/** ISO instant. */
	at: string;
	before: string;
	after: string;
	currency: string;
}

/** What a listing was and is; `price` null is "not told". */
export interface Priced {
	listingId: string;
	at: string;
	before: string | null;
	after: string | null;
	currencyBefore: string | null;
	currency: string | null;
}

const MOST = 500;

/** Notes the prices that changed, where both are known and in one currency. */
export async function notePriceChanges(
	{ sql }: Tx,
	organizationId: string,
	given: readonly Priced[]
): Promise<void> {
	const changed = given.filter(
		({ before, after, currencyBefore, currency }) =>
			before !== null &&
			after !== null &&
			currency !== null &&
			currencyBefore === currency &&
			Number(before) !== Number(after)
	);
	if (changed.length === 0) return;
	const of = (pick: (row: Priced) => string | null) => changed.map((row) => pick(row)!);
	await sql`
		insert into price_changes (organization_id, listing_id, at, before, after, currency)
		select ${organizationId}, * from unnest(${of((row) => row.listingId)}::uuid[], ${of((row) => row.at)}::timestamptz[],
			${of((row) => row.before)}::numeric[], ${of((row) => row.after)}::numeric[], ${of((row) => row.currency)}::text[])
		on conflict (listing_id, at) do update set after = excluded.after`;
}

/**
 * Changed prices of a range of days of the organization, newest first, at most 500; of some products where named. A manager sees
 * their channels and categories.
 * @throws Forbidden without products.read
 */
export async function priceChanges(
	ctx: Ctx,
	{ from, to, products = [] }: { from: string; to: string; products?: readonly string[] }
): Promise<PriceChange[]> {
	require(ctx, 'products.read');
	const { id, timeZone } = ctx.organization;
	const { channels = null, categories = null } = ctx.scope ?? {};
	return inOrganization(
		id,
		({ sql }) => sql<PriceChange[]>`
		select l.product_id, p.title, n.channel, to_char(c.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
			trim_scale(c.before)::text as before, trim_scale(c.after)::text as after, c.currency
		from price_changes c join listings l on l.id = c.listing_id and l.organization_id = c.organization_id
		join products p on p.id = l.product_id and p.organization_id = l.organization_id
		join connections n on n.id = l.connection_id and n.organization_id = l.organization_id
		where c.organization_id = ${id}
			and c.at >= (${from}::date)::timestamp at time zone ${timeZone} and c.at < (${to}::date + 1)::timestamp at time zone ${timeZone}
			and (${products.length === 0} or l.product_id = any(${[...products]}::uuid[]))
			and (${channels}::text[] is null or n.channel = any(${channels}::text[]))
			and (${categories}::text[] is null or p.category = any(${categories}::text[]))
		order by c.at desc, c.listing_id limit ${MOST}`
	);
}
