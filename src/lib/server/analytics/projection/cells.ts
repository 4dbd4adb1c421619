import type { ClickHouseClient } from '@clickhouse/client';
import { olapStore } from '../../platform/olap.ts';
import { chunks, currency, date, uuid } from './clickhouse.ts';
import { MOVE_SUMS, MOVES } from './profit-moves.ts';
import { FIRST_AMOUNT } from './worth.ts';

/** One day of one organization, as of an outbox position. */
export interface Cell {
	organizationId: string;
	generation: number;
	day: string;
	position: number;
	/** The organization's own. */
	currency: string;
}

const NEVER = `toDate('1970-01-01')`;
/** Days rebuilt by one statement: bounds its memory. */
const CELLS_AT_ONCE = 400;

/**
 * Makes the rollups of cells anew from their facts, under a build number of its own, and only then names that build: a reader
 * sees the build before or this one. A second run makes another build and harms nothing.
 */
export async function rebuildCells(
	cells: readonly Cell[],
	lane: 'ingest' | 'rebuild' = 'ingest'
): Promise<void> {
	const { database, [lane]: client } = olapStore();
	for (const part of chunks(cells, CELLS_AT_ONCE)) {
		const build = nextBuild();
		const keys = part
			.map((cell) => `(${uuid(cell.organizationId)},${Number(cell.generation)},${date(cell.day)})`)
			.join(',');
		const days = part.map((cell) => `(${uuid(cell.organizationId)},${date(cell.day)})`).join(',');
		const homes = new Map(part.map((cell) => [cell.organizationId, cell.currency]));
		const which = `(organization_id, generation, day) in (${keys})`;
		await rollUp(client, database, build, which, days, homes);
		await client.insert({
			table: `${database}.cells`,
			values: part.map((cell) => ({
				organization_id: cell.organizationId,
				generation: cell.generation,
				day: cell.day,
				position: cell.position,
				build: String(build)
			})),
			format: 'JSONEachRow'
		});
	}
}

async function rollUp(
	client: ClickHouseClient,
	database: string,
	build: bigint,
	which: string,
	days: string,
	homes: ReadonlyMap<string, string>
): Promise<void> {
	// own money takes no rate: its day is all that its sums need
	const home = `transform(organization_id, [${[...homes.keys()].map((id) => `toUUID(${uuid(id)})`).join(',')}], [${[...homes.values()].map(currency).join(',')}], '')`;
	const rateDay = (given: string) => `if(currency = ${home}, day, ${given})`;
	const facts = `${database}.sales_facts final`;
	await client.command({
		query: `
		insert into ${database}.daily_sales_summary
			(organization_id, grain, day, rate_day, build, channel, currency, country, region, orders, priced, units, gross, discounts, refunds)
		select organization_id, g, day, ${rateDay('order_day')} as at_day, ${build}, channel, currency, if(g = 2, country, '') as c, if(g = 2, region, '') as r,
			sum(orders), sum(priced), sum(units), sum(gross), sum(discounts), sum(refunds)
		from ${facts} array join [1, 2] as g where ${which} and (orders > 0 or notEmpty(lines)) group by organization_id, g, day, at_day, channel, currency, c, r`
	});
	await client.command({
		query: `
		insert into ${database}.daily_sales_summary
			(organization_id, grain, day, rate_day, build, channel, currency, country, region, category, product_id, units, gross, discounts, refunds)
		select organization_id, g, day, ${rateDay('order_day')} as at_day, ${build}, channel, currency, if(g = 4, country, '') as c, if(g = 4, region, '') as r, l.category,
			if(g = 5, l.product_id, toUUID('00000000-0000-0000-0000-000000000000')) as p,
			sum(l.units), sum(l.gross), sum(l.discounts), sum(l.refunds)
		from (select organization_id, day, order_day, channel, currency, country, region, l from ${facts} array join lines as l where ${which}) array join [3, 4, 5] as g
		group by organization_id, g, day, at_day, channel, currency, c, r, l.category, p`
	});
	await client.command({
		query: `
		insert into ${database}.daily_profit (organization_id, day, build, channel, currency, rate_day, category, product_id,
			${MOVE_SUMS.map(([name]) => name).join(', ')})
		select organization_id, day, ${build}, channel, m.1 as c, order_day, m.2 as k, m.3 as p, ${MOVE_SUMS.map(([, sum]) => sum).join(', ')}
		from (select organization_id, day, channel, order_day, ${MOVES} from ${facts} where ${which})
		group by organization_id, day, channel, c, order_day, k, p`
	});
	const sums = MOVE_SUMS.map(([name]) => name);
	await client.command({
		query: `
		insert into ${database}.daily_money (organization_id, day, build, channel, currency, rate_day, ${sums.join(', ')})
		select organization_id, day, build, channel, currency, ${rateDay('rate_day')} as at_day, ${sums.map((name) => `sum(${name})`).join(', ')}
		from ${database}.daily_profit where build = ${build} and (organization_id, day) in (${days})
		group by organization_id, day, build, channel, currency, at_day`
	});
	await client.command({
		query: `
		insert into ${database}.daily_customers (organization_id, grain, day, build, cohort_month, acquired, source, currency, rate_day, is_new,
			second_after, previous, placed, people, customers, repeat, active, sold, net, worth)
		select organization_id, g, day, ${build}, if(g in (2, 6), cohort_month, ${NEVER}) as c, if(g in (7, 8), '', acquired) as w, if(g = 1, source, '') as s, if(g in (1, 6), currency, '') as m,
			if(g in (1, 6), ${rateDay('rate_day')}, ${NEVER}) as r, if(g = 1, is_new, 0) as n, if(g = 3, second_after, -1) as a, if(g = 4, previous, ${NEVER}) as p,
			if(g = 5, placed, 0) as o,
			count(), sum(first), countIf(second_after >= 0), sum(active), sum(sold), sum(net), if(g = 8, any(worth), sum(worth))
		from ${database}.person_days final array join if(day < '${FIRST_AMOUNT}', [1, 2, 3, 4, 5, 6], [7, 8]) as g
		where ${which} and (g in (1, 2, 6, 7, 8) or (g = 3 and second_after >= 0) or (g = 4 and previous != ${NEVER}) or (g = 5 and placed > 0))
		group by organization_id, g, day, c, w, s, m, r, n, a, p, o, if(g = 8, worth, toDecimal128(0, 14))`
	});
	await client.command({
		query: `
		insert into ${database}.daily_order_sets
			(organization_id, grain, day, build, channel, currency, country, region, categories, orders, priced)
		select organization_id, g, day, ${build}, channel, currency, if(g = 2, country, '') as c, if(g = 2, region, '') as r,
			arraySort(categories) as held, sum(orders), sum(priced)
		from ${facts} array join [1, 2] as g where ${which} and orders = 1 group by organization_id, g, day, channel, currency, c, r, held`
	});
}

let last = 0n;
/** Microseconds since 1970, later than any this process has given; the first of `count`. */
export function nextBuild(count = 1): bigint {
	const now = BigInt(Date.now()) * 1000n;
	const first = now > last ? now : last + 1n;
	last = first + BigInt(count - 1);
	return first;
}
