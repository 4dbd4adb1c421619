import type { ClickHouseClient } from '@clickhouse/client';
import { olapStore } from '../../platform/olap.ts';
import { nextBuild } from './cells.ts';
import { rows, uuid } from './clickhouse.ts';
import type { Applied } from './state.ts';
import { amountDay } from './worth.ts';

const NEVER = `toDate('1970-01-01')`;
const KEY = ['day', 'person_id', 'rate_day', 'source', 'currency'] as const;
const VALUES = [
	'cohort_month',
	'acquired',
	'is_new',
	'sold',
	'net',
	'first',
	'active',
	'second_after',
	'previous',
	'placed',
	'worth'
] as const;

/**
 * What people of `source` (rows as of customer_cohorts) add to each day, and to the day of what they spent: the columns of person_days but
 * for its scope.
 */
export function personDays(source: string): string {
	return `
	select person_id, d.1 as day, d.2 as rate_day, toString(d.3) as source, toString(d.4) as currency, cohort_month, toString(acquired_at) as acquired,
		toUInt8(rate_day = first_day) as is_new, d.5 as sold, d.6 as net, toUInt8(leads and nth = 1) as first,
		toUInt8(leads and (nth = 1 or toStartOfMonth(before) != toStartOfMonth(day))) as active,
		toInt32(if(leads and gap >= 0 and day = first_day + gap, gap, -1)) as second_after, if(leads, before, ${NEVER}) as previous,
		toUInt32(if(leads and day = last_day, total, 0)) as placed, if(placed > 0 or place = length(sold_on), spent, toDecimal128(0, 14)) as worth
	from (
		select person_id, cohort_month, acquired_at, first_day, last_day, total, gap, spent, place, sold_on, d, sold_on[place] != ${NEVER} and indexOf(sold_on, sold_on[place]) = place as leads,
			indexOf(sold_days, d.1) as nth, if(nth > 1, sold_days[nth - 1], ${NEVER}) as before
		from (
			select person_id, cohort_month, channel as acquired_at, first_day, last_day, c.orders as total, c.second_after as gap, c.worth as spent,
				arrayPushBack(c.days, (${amountDay('c.worth')}, ${NEVER}, '', '', 0, 0)) as all_days,
				arrayMap(x -> if(x.5 > 0, x.1, ${NEVER}), all_days) as sold_on, arrayDistinct(arrayFilter(x -> x != ${NEVER}, sold_on)) as sold_days
			from (${source}) as c
		) array join all_days as d, arrayEnumerate(all_days) as place
	)`;
}

/** Fills a new generation from its people, some of them in each turn. */
export async function fillPersonDays(state: Applied, turns: number): Promise<void> {
	const { rebuild, database } = olapStore();
	const own = `organization_id = ${uuid(state.organizationId)} and generation = ${Number(state.generation)}`;
	for (let turn = 0; turn < turns; turn++)
		await rebuild.command({
			query: `insert into ${database}.person_days (organization_id, generation, version, deleted, ${[...KEY, ...VALUES].join(', ')})
				select ${uuid(state.organizationId)}, ${Number(state.generation)}, ${Number(state.position)}, 0, ${[...KEY, ...VALUES].join(', ')}
				from (${personDays(`select * from ${database}.customer_cohorts final where ${own} and cityHash64(person_id) % ${turns} = ${turn}`)})`
		});
}

/**
 * Writes what changes between what people were (`before`, rows as of customer_cohorts) and what they are (`now`); what is gone gets a row
 * that is marked as deleted. Answers the days that change. `params`: of the SQL given.
 */
export async function movePersonDays(
	client: ClickHouseClient,
	state: Applied,
	before: string,
	now: string | null,
	params: Record<string, unknown> = {}
): Promise<string[]> {
	const { database } = olapStore();
	const values = `(${VALUES.join(', ')})`;
	const told = (source: string, side: 0 | 1) =>
		`select ${KEY.join(', ')}, ${values} as told, ${side} as now from (${personDays(source)})`;
	const columns = VALUES.map((name, at) => `toString(v.${at + 1}) as ${name}`).join(', ');
	const changed = await rows<{ day: string; deleted: number }>(
		client,
		`select toString(day) as day, toString(person_id) as person_id, toString(rate_day) as rate_day, source, currency, deleted, ${columns} from (
			select ${KEY.join(', ')}, toUInt8(countIf(now = 1) = 0) as deleted, argMax(told, now) as v
			from (${now ? `${told(now, 1)} union all ` : ''}${told(before, 0)}) group by ${KEY.join(', ')}
			having count() = 1 or uniqExact(told) > 1
		)`,
		params
	);
	// the last writing counts, not the highest position: what a killed round wrote may be of a later one
	const version = String(nextBuild());
	if (changed.length > 0)
		await client.insert({
			table: `${database}.person_days`,
			values: changed.map((row) => ({
				organization_id: state.organizationId,
				generation: state.generation,
				version,
				...row
			})),
			format: 'JSONEachRow'
		});
	return [...new Set(changed.map((row) => row.day))];
}
