import type { TrendQuery, TrendView } from '#lib/contracts/trends.ts';
import type { Organization, Scope } from '../../platform/ctx.ts';
import { inOrganization } from '../../platform/db.ts';
import { bucketLabels } from '../recomputed.fixture.ts';

export interface RecomputedGroup {
	key: string;
	value: string | null;
	previous: string | null;
	values: (string | null)[];
}

/**
 * The groups of a trend of sales from PostgreSQL alone: each line, refund line and order is looked at where it stands. Takes the days
 * and bucket names from the view, nothing else.
 */
export async function recomputedTrend(
	organization: Organization,
	query: TrendQuery,
	scope: Scope | null,
	view: TrendView,
	now = '2026-11-20T18:00:00Z'
): Promise<{ total: string | null; previous: string | null; groups: RecomputedGroup[] }> {
	return inOrganization(organization.id, async ({ sql }) => {
		const zone = organization.timeZone;
		const { from, to, previousFrom, previousTo, running } = view.period;
		const narrow = (list: string[], allowed: string[] | undefined) =>
			allowed ? allowed.filter((value) => list.length === 0 || list.includes(value)) : list;
		const channels = narrow(query.channels, scope?.channels);
		const categories = narrow(query.categories, scope?.categories);
		const anyOf = (column: ReturnType<typeof sql>, list: string[]) =>
			list.length === 0 ? sql`true` : sql`coalesce(${column}, '') = any(${list})`;
		const label = bucketLabels(sql, zone)[view.by];
		const none = sql`'00000000-0000-0000-0000-000000000000'`;
		// orders stand in each group they hold something of, in none twice
		await sql`
			create temp table items on commit drop as
			with every_order as (
				select o.*, coalesce(o.ship_country, o.ship_country_name, '') as country, coalesce(o.ship_region, '') as region,
					case when not exists (select 1 from orders f where f.customer_id = o.customer_id and f.kind = 'sale') then 'guest'
						when (o.placed_at at time zone ${zone})::date = (select min((f.placed_at at time zone ${zone})::date) from orders f
							where f.customer_id = o.customer_id and f.kind = 'sale') then 'new' else 'returning' end as who
				from orders o where o.kind in ('sale', 'refund_only')
			), held as (
				select l.order_id, l.product_id, coalesce(p.category, '') as category, l.quantity, l.is_gift_card from order_lines l join products p on p.id = l.product_id
			)
			select o.placed_at as at, o.placed_at as sold_on, o.channel, o.currency, o.country, o.region, o.who, l.product_id::text as product, coalesce(p.category, '') as category,
				l.quantity as units, case when o.gross is null then 0 else coalesce(l.gross, 0) end as gross, case when o.gross is null then 0 else l.discount end as discount,
				0::numeric as refund, 0 as orders, false as priced
			from order_lines l join every_order o on o.id = l.order_id join products p on p.id = l.product_id where o.kind = 'sale' and not l.is_gift_card
			union all
			select r.refunded_at, o.placed_at, o.channel, o.currency, o.country, o.region, o.who, coalesce(f.product_id, l.product_id, ${none}::uuid)::text,
				coalesce((select category from products where id = coalesce(f.product_id, l.product_id)), ''), 0, 0, 0, f.amount, 0, false
			from refund_lines f join refunds r on r.id = f.refund_id join every_order o on o.id = r.order_id left join order_lines l on l.id = f.order_line_id
			where f.kind in ('item', 'adjustment') and (f.kind = 'adjustment' or l.is_gift_card is not true)
			union all
			select o.placed_at, o.placed_at, o.channel, o.currency, o.country, o.region, o.who, g.product, g.category, 0, 0, 0, 0, 1, o.gross is not null
			from every_order o cross join lateral (
				select distinct ${query.dimension === 'product' ? sql`h.product_id::text` : sql`''`} as product, ${query.dimension === 'category' ? sql`h.category` : sql`''`} as category
				from held h where h.order_id = o.id and not h.is_gift_card and h.quantity <> 0 and ${anyOf(sql`h.category`, categories)}
					and (${query.products.length === 0} or h.product_id = any(${query.products}::uuid[]))
				union
				select '', '' where ${query.dimension !== 'product' && query.dimension !== 'category' && query.products.length === 0 && categories.length === 0}
			) g where o.kind = 'sale'`;
		const keys = {
			channel: sql`channel`,
			category: sql`category`,
			country: sql`country`,
			region: sql`country || '-' || region`,
			product: sql`product`,
			customer: sql`who`
		};
		const key = query.dimension ? keys[query.dimension] : sql`''`;
		await sql`
			create temp table seen on commit drop as
			select x.*, ${key} as key, (at at time zone ${zone})::date as day, ${label} as label,
				case when currency = ${organization.currency} then 1 else (
					select rate from exchange_rates e where e.currency = x.currency and e.day <= (sold_on at time zone ${zone})::date order by e.day desc limit 1) end as rate
			from items x
			where ${anyOf(sql`channel`, channels)} and ${anyOf(sql`country`, query.countries)} and ${anyOf(sql`region`, query.regions)}
				and (orders = 1 or ${anyOf(sql`category`, categories)}) and (orders = 1 or ${query.products.length === 0} or product = any(${query.products}))`;
		const cut = running
			? sql`and at < (${previousTo}::date + (${now}::timestamptz at time zone ${zone})::time) at time zone ${zone}`
			: sql``;
		const current = sql`day between ${from} and ${to}`;
		const before = sql`(day between ${previousFrom} and ${previousTo} ${cut})`;
		const sum = (amount: ReturnType<typeof sql>) =>
			sql`trim_scale(round(coalesce(sum((${amount}) * rate), 0), 4))::text`;
		const metrics = {
			gross_sales: sum(sql`gross`),
			discounts: sum(sql`discount`),
			refunds: sum(sql`refund`),
			net_sales: sum(sql`gross - discount - refund`),
			units: sql`coalesce(sum(units), 0)::text`,
			orders: sql`coalesce(sum(orders), 0)::text`,
			average_order_value: sql`trim_scale(round(sum((gross - discount) * rate) / nullif(count(*) filter (where orders = 1 and priced and rate is not null), 0), 4))::text`
		};
		const metric = metrics[query.metric as keyof typeof metrics];
		const happened =
			query.metric === 'orders'
				? sql`sum(orders) > 0`
				: sql`bool_or(units <> 0 or gross <> 0 or discount <> 0 or refund <> 0)`;
		const list = (rows: Iterable<unknown>) => [...rows] as Record<string, string | null>[];
		const now_ = list(
			await sql`select key, ${metric} as value from seen where ${current} group by key having ${happened}`
		);
		const then = list(await sql`select key, ${metric} as value from seen where ${before} group by key`);
		const steps = list(
			await sql`select key, label, ${metric} as value from seen where ${current} group by key, label`
		);
		// the totals count an order once: only without a split by what an order holds several of
		const [total] = list(await sql`select ${metric} as value from seen where ${current}`);
		const [previous] = list(await sql`select ${metric} as value from seen where ${before}`);
		const nothing = query.metric === 'average_order_value' ? null : '0';
		const kept =
			query.metric === 'average_order_value'
				? now_.filter((row) => row.value !== null && row.value !== '0')
				: now_;
		return {
			total: total?.value ?? nothing,
			previous: query.compare === 'none' ? null : (previous?.value ?? nothing),
			groups: kept.map((row) => ({
				key: row.key!,
				value: row.value!,
				previous:
					query.compare === 'none' ? null : (then.find((one) => one.key === row.key)?.value ?? nothing),
				values: view.series.map(
					({ at }) => steps.find((one) => one.key === row.key && one.label === at)?.value ?? nothing
				)
			}))
		};
	});
}
