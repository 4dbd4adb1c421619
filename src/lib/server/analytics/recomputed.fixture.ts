import type { DashboardView, Filters } from '#lib/contracts/analytics.ts';
import type { Organization, Scope } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';

export type Panels = Pick<
	DashboardView,
	'totals' | 'previous' | 'series' | 'channels' | 'products' | 'awaitingPrice' | 'unconverted'
>;

/** The name of the bucket that holds `at`, in SQL; hours that a clock change repeats carry their offset. */
export function bucketLabels(sql: Tx['sql'], zone: string) {
	return {
		hour: sql`to_char(at at time zone ${zone}, 'YYYY-MM-DD"T"HH24:00') || case
			when to_char((at + interval '1 hour') at time zone ${zone}, 'DDHH24') = to_char(at at time zone ${zone}, 'DDHH24')
				or to_char((at - interval '1 hour') at time zone ${zone}, 'DDHH24') = to_char(at at time zone ${zone}, 'DDHH24')
			then case when (at at time zone ${zone}) < (at at time zone 'UTC') then '-' else '+' end
				|| to_char(make_interval(secs => abs(extract(epoch from (at at time zone ${zone}) - (at at time zone 'UTC')))), 'HH24:MI') else '' end`,
		day: sql`to_char(at at time zone ${zone}, 'YYYY-MM-DD')`,
		week: sql`to_char(date_trunc('week', at at time zone ${zone}), 'YYYY-MM-DD')`,
		month: sql`to_char(date_trunc('month', at at time zone ${zone}), 'YYYY-MM-DD')`
	};
}

/**
 * The dashboard's panels from PostgreSQL alone, by SQL that shares nothing with the projection or the questions: each order, line
 * and refund line is looked at where it stands. Takes the days and bucket names from the view, nothing else.
 */
export async function recomputed(
	organization: Organization,
	filters: Filters,
	scope: Scope | null,
	view: DashboardView,
	now = '2026-11-20T18:00:00Z'
): Promise<Panels> {
	return inOrganization(organization.id, async ({ sql }) => {
		const zone = organization.timeZone;
		const { from, to, previousFrom, previousTo, running } = view.period;
		const one = (list: string[], allowed: string[] | undefined) =>
			allowed ? allowed.filter((value) => list.length === 0 || list.includes(value)) : list;
		const [channels, categories] = [
			one(filters.channels, scope?.channels),
			one(filters.categories, scope?.categories)
		];
		const label = bucketLabels(sql, zone)[view.by];
		const anyOf = (column: ReturnType<typeof sql>, list: string[]) =>
			list.length === 0 ? sql`true` : sql`coalesce(${column}, '') = any(${list})`;
		await sql`
			create temp table what on commit drop as
			with lines as (
				select o.placed_at as at, o.placed_at as sold_on, o.id as order_id, null::uuid as sold, o.channel, o.currency, coalesce(o.ship_country, o.ship_country_name) as country,
					o.ship_region as region, l.product_id as product, (select category from products where id = l.product_id) as category,
					l.quantity as units, case when o.gross is null then 0 else coalesce(l.gross, 0) end as gross,
					case when o.gross is null then 0 else l.discount end as discount, 0::numeric as refund, null::boolean as priced,
					l.quantity <> 0 or l.gross <> 0 or l.discount <> 0 as matters
				from order_lines l join orders o on o.id = l.order_id where o.kind = 'sale' and not l.is_gift_card
				union all
				select r.refunded_at, o.placed_at, o.id, null, o.channel, o.currency, coalesce(o.ship_country, o.ship_country_name), o.ship_region,
					coalesce(f.product_id, l.product_id), (select category from products where id = coalesce(f.product_id, l.product_id)),
					0, 0, 0, f.amount, null, f.amount <> 0
				from refund_lines f join refunds r on r.id = f.refund_id join orders o on o.id = r.order_id left join order_lines l on l.id = f.order_line_id
				where o.kind in ('sale', 'refund_only') and f.kind in ('item', 'adjustment') and (f.kind = 'adjustment' or l.is_gift_card is not true)
				union all
				select o.placed_at, o.placed_at, o.id, o.id, o.channel, o.currency, coalesce(o.ship_country, o.ship_country_name), o.ship_region, null, null, 0, 0, 0, 0, o.gross is not null, false
				from orders o where o.kind = 'sale'
			)
			select x.*, (at at time zone ${zone})::date as day, ${label} as label,
				case when currency = ${organization.currency} then 1 else (
					select rate from exchange_rates e where e.currency = x.currency and e.day <= (sold_on at time zone ${zone})::date order by e.day desc limit 1) end as rate
			from lines x
			where ${anyOf(sql`channel`, channels)} and ${anyOf(sql`country`, filters.countries)} and ${anyOf(sql`region`, filters.regions)}
				and case when sold is null then ${anyOf(sql`category`, categories)} else ${categories.length === 0} or exists (
					select 1 from order_lines l join products p on p.id = l.product_id
					where l.order_id = x.sold and not l.is_gift_card and l.quantity <> 0 and coalesce(p.category, '') = any(${categories})) end`;
		const cut = running
			? sql`and at < (${previousTo}::date + (${now}::timestamptz at time zone ${zone})::time) at time zone ${zone}`
			: sql``;
		const current = sql`day between ${from} and ${to}`;
		const before = sql`(day between ${previousFrom} and ${previousTo} ${cut})`;
		const sums = sql`
			trim_scale(round(coalesce(sum(gross * rate), 0), 4))::text as gross, trim_scale(round(coalesce(sum(discount * rate), 0), 4))::text as discounts,
			trim_scale(round(coalesce(sum(refund * rate), 0), 4))::text as refunds, trim_scale(round(coalesce(sum((gross - discount - refund) * rate), 0), 4))::text as net,
			count(sold)::int as orders, coalesce(sum(units), 0)::int as units,
			trim_scale(round(sum((gross - discount) * rate) / nullif(count(sold) filter (where priced and rate is not null), 0), 4))::text as average_order`;
		const [totals] = await sql`select ${sums} from what where ${current}`;
		const [previous] = await sql`select ${sums} from what where ${before}`;
		const buckets = await sql`select label, ${sums} from what where ${current} group by label`;
		const bucketChannels =
			await sql`select label, channel, ${sums} from what where ${current} group by label, channel`;
		const earlier = await sql`select label, ${sums} from what where ${before} group by label`;
		const channelRows = await sql`
			select channel, trim_scale(round(coalesce(sum((gross - discount - refund) * rate) filter (where ${current}), 0), 4))::text as net,
				(count(sold) filter (where ${current}))::int as orders,
				trim_scale(round(coalesce(sum((gross - discount - refund) * rate) filter (where ${before}), 0), 4))::text as previous_net
			from what where ${current} or ${before} group by channel
			having count(sold) + sum(abs(units)) + sum(abs(gross * coalesce(rate, 0)) + abs(discount * coalesce(rate, 0)) + abs(refund * coalesce(rate, 0))) <> 0 order by channel`;
		const products = await sql<
			{
				productId: string;
				sku: string;
				title: string;
				category: string | null;
				net: string;
				units: number;
				previousNet: string;
				byChannel: Record<string, string>;
			}[]
		>`
			select p.id as product_id, p.sku, p.title, p.category, t.net, t.units, t.previous_net, (
				select coalesce(jsonb_object_agg(channel, net), '{}') from (
					select channel, trim_scale(round(sum((gross - discount - refund) * rate), 4))::text as net from what
					where product = p.id and ${current} and matters group by channel) c where net <> '0') as by_channel
			from (
				select product, sum((gross - discount - refund) * rate) filter (where ${current}) as exact_net,
					trim_scale(round(coalesce(sum((gross - discount - refund) * rate) filter (where ${current}), 0), 4))::text as net,
					coalesce(sum(units) filter (where ${current}), 0)::int as units,
					trim_scale(round(coalesce(sum((gross - discount - refund) * rate) filter (where ${before}), 0), 4))::text as previous_net
				from what where product is not null and matters and (${current} or ${before}) group by product having count(*) filter (where ${current}) > 0
			) t join products p on p.id = t.product order by coalesce(t.exact_net, 0) desc, p.id limit 10`;
		const [waiting] =
			await sql`select (count(sold) filter (where not priced))::int as n from what where ${current}`;
		const unconverted = await sql<{ currency: string; orders: number }[]>`
			select currency, count(sold)::int as orders from what where ${current} and rate is null
			group by currency having count(sold) > 0 or sum(abs(gross) + abs(discount) + abs(refund)) > 0 order by currency`;
		const figures = (row: Record<string, unknown> | undefined) => ({
			...(row as never as DashboardView['totals'])
		});
		const earlierLabels = labelsOf(view, previousFrom, previousTo);
		return {
			totals: figures(totals),
			previous: figures(previous),
			awaitingPrice: waiting!.n as number,
			series: view.series.map(({ at }, index) => {
				const row = buckets.find((bucket) => bucket.label === at);
				const counterpart = earlierLabels(at, index);
				return {
					at,
					net: (row?.net as string) ?? '0',
					orders: (row?.orders as number) ?? 0,
					units: (row?.units as number) ?? 0,
					averageOrder: (row?.averageOrder as string) ?? null,
					byChannel: Object.fromEntries(
						bucketChannels
							.filter((bucket) => bucket.label === at && bucket.net !== '0')
							.map((bucket) => [bucket.channel, bucket.net])
					),
					previousNet:
						counterpart === null
							? null
							: ((earlier.find((bucket) => bucket.label === counterpart)?.net as string) ?? '0')
				};
			}),
			channels: channelRows.map((row) => ({ ...row })) as never,
			products: products.map((row) => ({ ...row })) as never,
			unconverted: unconverted.map((row) => ({ ...row }))
		};
	});
}

/** Which bucket of the period before stands beside a bucket: the n-th of the same kind; hours by their clock on the n-th day. */
function labelsOf(
	view: DashboardView,
	previousFrom: string,
	previousTo: string
): (at: string, index: number) => string | null {
	const plus = (day: string, days: number) =>
		new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
	const monday = (day: string) => plus(day, -((new Date(day).getUTCDay() + 6) % 7));
	return (at, index) => {
		let label: string;
		if (view.by === 'hour') {
			if (at.length > 16) return null;
			label =
				plus(previousFrom, (Date.parse(at.slice(0, 10)) - Date.parse(view.period.from)) / 86_400_000) +
				at.slice(10);
		} else if (view.by === 'day') label = plus(previousFrom, index);
		else if (view.by === 'week') label = plus(monday(previousFrom), 7 * index);
		else
			label = new Date(
				Date.UTC(Number(previousFrom.slice(0, 4)), Number(previousFrom.slice(5, 7)) - 1 + index, 1)
			)
				.toISOString()
				.slice(0, 10);
		return label.slice(0, 10) > previousTo ? null : label;
	};
}
