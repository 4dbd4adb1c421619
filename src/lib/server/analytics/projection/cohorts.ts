import type { ClickHouseClient } from '@clickhouse/client';
import { peopleOf, type PersonOf } from '../../customers/index.ts';
import { olapStore } from '../../platform/olap.ts';
import { asSystem } from '../../platform/system.ts';
import { chunks, currency, rows, uuid } from './clickhouse.ts';
import type { Written } from './facts.ts';
import { fillPersonDays, movePersonDays } from './person-days.ts';
import { firstRates, settleRates, worthOf, type WorthRates } from './worth.ts';
import type { Applied } from './state.ts';

/** Customers in one statement: it names each twice, and ClickHouse reads at most 256 KiB of a statement. */
const CUSTOMERS_AT_ONCE = 1200;

/** The columns of customer_days. */
export const CUSTOMER_DAY_COLUMNS = [
	'organization_id',
	'generation',
	'customer_id',
	'day',
	'order_id',
	'version',
	'deleted',
	'channel',
	'currency',
	'order_day',
	'sold_at',
	'orders',
	'gross',
	'discounts',
	'refunds'
] as const;
/** People made by one statement in a rebuild: bounds its memory. */
const PEOPLE_AT_ONCE = 250_000;
const NOBODY = `toUUID('00000000-0000-0000-0000-000000000000')`;

/** What a round still has to write of people, once the days that it changed are summed. */
export interface MovedPeople {
	days: Written['days'];
	/** Writes the people themselves. */
	finish(): Promise<void>;
}

/**
 * Makes the rows of the people anew whose orders were touched: which customers they are, and all that they bought. People whose rows
 * have parted, or who have no sale left, lose theirs. First what they add to each day; `finish` writes the people, and last the map of
 * customers, so that a run after a kill finds the people before again, and with them the same days to change. `rated`: organizations
 * whose rates may have changed; people who paid in another currency are made anew for them.
 */
export async function moveCohorts(
	customers: Written['customers'],
	states: ReadonlyMap<string, Applied>,
	positions: ReadonlyMap<string, number>,
	rated: ReadonlySet<string> = new Set()
): Promise<MovedPeople> {
	const { ingest, database } = olapStore();
	const days: Written['days'] = [];
	const left: (() => Promise<void>)[] = [];
	const touched = Map.groupBy(customers, (row) => row.organizationId);
	for (const organizationId of new Set([...touched.keys(), ...rated])) {
		const before = states.get(organizationId)!;
		const state = { ...before, position: positions.get(organizationId)! };
		const ids = (touched.get(organizationId) ?? []).map((row) => row.customerId);
		const { rates, stale } = await settleRates(
			ingest,
			state,
			before.position,
			ids,
			rated.has(organizationId)
		);
		const own = [...new Set([...ids, ...stale])].map((customerId) => ({ organizationId, customerId }));
		const move = async (people: readonly string[], now: string | null) => {
			const before = peopleRows(database, state, people);
			for (const day of await movePersonDays(ingest, state, before, now, worthOf(state, rates).params))
				days.push({ organizationId, day });
		};
		for (const part of chunks(own, CUSTOMERS_AT_ONCE)) {
			const { before, now } = await relatives(ingest, state, part);
			const groups = [...wholePeople(now)];
			for (const some of groups) {
				const people = [...new Set(some.map((row) => row.personId!))];
				await move(
					people,
					`select * from (${personSelect(database, state, inline(some), rates)}) where deleted = 0`
				);
			}
			const kept = new Set(now.map((row) => row.personId));
			const gone = [...before].filter((id) => !kept.has(id));
			for (const some of chunks(gone, CUSTOMERS_AT_ONCE)) await move(some, null);
			left.push(() => writePeople(state, rates, groups, gone, now));
		}
	}
	return {
		days,
		finish: async () => {
			for (const write of left) await write();
		}
	};
}

async function writePeople(
	state: Applied,
	rates: WorthRates | null,
	groups: readonly PersonOf[][],
	gone: readonly string[],
	now: readonly PersonOf[]
): Promise<void> {
	const { ingest, database } = olapStore();
	for (const some of groups)
		await ingest.command({
			query: personRows(database, state, inline(some), rates),
			query_params: worthOf(state, rates).params
		});
	if (gone.length > 0)
		await ingest.insert({
			table: `${database}.customer_cohorts`,
			values: gone.map((id) => ({
				...scopeOf(state),
				person_id: id,
				deleted: 1,
				first_day: '1970-01-01'
			})),
			format: 'JSONEachRow'
		});
	if (now.length > 0)
		await ingest.insert({
			table: `${database}.customer_people`,
			values: now.map((row) => ({
				...scopeOf(state),
				customer_id: row.customerId,
				person_id: row.personId ?? '00000000-0000-0000-0000-000000000000'
			})),
			format: 'JSONEachRow'
		});
}

/** Rows of some people as they stand. */
function peopleRows(database: string, state: Applied, people: readonly string[]): string {
	return `select * from ${database}.customer_cohorts final where organization_id = ${uuid(state.organizationId)} and generation = ${Number(state.generation)}
		and person_id in (${people.map(uuid).join(',')})`;
}

/** All people of a new generation, from its facts and the map of customers. */
export async function rebuildCohorts(state: Applied): Promise<void> {
	const { rebuild, database } = olapStore();
	const own = `organization_id = ${uuid(state.organizationId)} and generation = ${Number(state.generation)}`;
	await rebuild.command({
		query: `insert into ${database}.customer_days (${CUSTOMER_DAY_COLUMNS.join(', ')})
			select ${CUSTOMER_DAY_COLUMNS.join(', ')} from ${database}.sales_facts where ${own} and customer_id != ${NOBODY}`
	});
	const [known] = await rows<{ n: string }>(
		rebuild,
		`select toString(count()) as n from ${database}.customer_people where ${own}`
	);
	const rates = await firstRates(rebuild, state);
	const turns = Math.max(1, Math.ceil(Number(known!.n) / PEOPLE_AT_ONCE));
	for (let turn = 0; turn < turns; turn++) {
		const map = `(select customer_id, person_id from ${database}.customer_people
			where ${own} and person_id != ${NOBODY} and cityHash64(person_id) % ${turns} = ${turn})`;
		await rebuild.command({
			query: personRows(database, state, map, rates),
			query_params: worthOf(state, rates).params
		});
	}
	await fillPersonDays(state, turns);
}

/**
 * Rows of customer_cohorts of the people of `map` (customer_id, person_id), from their days; a person without a sale gets a row that is
 * marked as deleted.
 */
function personRows(database: string, state: Applied, map: string, rates: WorthRates | null): string {
	return `
	insert into ${database}.customer_cohorts
		(organization_id, generation, person_id, version, deleted, customers, first_day, cohort_month, channel, channels, last_day, orders, second_after, months, days, spent, foreign, worth)
	${personSelect(database, state, map, rates)}`;
}

function personSelect(database: string, state: Applied, map: string, rates: WorthRates | null): string {
	const own = `organization_id = ${uuid(state.organizationId)} and generation = ${Number(state.generation)}`;
	return `
	with mapped as ${map}
	select ${uuid(state.organizationId)} as organization_id, ${Number(state.generation)} as generation, person_id, ${Number(state.position)} as version,
		empty(sales) as deleted, members as customers, sales[1].2 as first_day, toStartOfMonth(first_day) as cohort_month, sales[1].3 as channel,
		arraySort(arrayDistinct(arrayMap(s -> s.3, sales))) as channels, sales[-1].2 as last_day, length(sales) as orders,
		if(length(sales) > 1, dateDiff('day', first_day, sales[2].2), -1) as second_after,
		arraySort(arrayDistinct(arrayMap(s -> toUInt16(dateDiff('month', first_day, s.2)), sales))) as months, sums as days,
		arraySum(d -> if(d.4 = ${currency(state.currency)}, d.6, toDecimal64(0, 4)), sums) as spent,
		arrayMap(d -> (d.2, d.4, d.6), arrayFilter(d -> d.4 != ${currency(state.currency)}, sums)) as foreign,
		${worthOf(state, rates).sql} as worth
	from (
		select person_id, groupUniqArrayArray(some) as members, arraySort(groupArrayArray(sold)) as sales,
			arraySort(groupArrayIf((day, order_day, source, money, n, net), not nothing)) as sums
		from (
			select person_id, d.order_id = ${NOBODY} as nothing, d.day as day, d.order_day as order_day, toString(d.channel) as source, toString(d.currency) as money,
				groupUniqArray(m.customer_id) as some, groupArrayIf((d.sold_at, d.day, toString(d.channel)), d.orders = 1) as sold,
				sum(d.orders) as n, sum(d.gross - d.discounts - d.refunds) as net
			from mapped as m
			left join (
				select customer_id, day, order_id, channel, currency, order_day, sold_at, orders, gross, discounts, refunds
				from ${database}.customer_days final where ${own} and customer_id in (select customer_id from mapped)
			) as d on m.customer_id = d.customer_id
			group by person_id, nothing, day, order_day, source, money
		) group by person_id
	)`;
}

/**
 * The people that touched customers are now, with all their rows, and the people that any of these rows were before: an address leads
 * to other rows, and those to the people that they were, until no new row is found.
 */
async function relatives(
	client: ClickHouseClient,
	state: Applied,
	part: Written['customers']
): Promise<{ before: Set<string>; now: PersonOf[] }> {
	const { organizationId } = state;
	const before = new Set<string>();
	const now = new Map<string, PersonOf>();
	let asked = part.map((row) => row.customerId);
	const seen = new Set(asked);
	while (asked.length > 0) {
		const found: string[] = [];
		for (const some of chunks(asked, 2 * CUSTOMERS_AT_ONCE)) {
			const earlier = await peopleBefore(client, state, some);
			for (const id of earlier.people) before.add(id);
			const ids = [...new Set([...some, ...earlier.customers])];
			const people = await asSystem('outbox: read for the hub and the projection', (tx) =>
				peopleOf(
					tx,
					ids.map((customerId) => ({ organizationId, customerId }))
				)
			);
			for (const row of people) now.set(row.customerId, row);
			found.push(...earlier.customers, ...people.map((row) => row.customerId));
		}
		asked = [...new Set(found)].filter((id) => !seen.has(id));
		for (const id of asked) seen.add(id);
	}
	return { before, now: [...now.values()] };
}

/** People that touched customers were, and the customers that these people were. */
async function peopleBefore(
	client: ClickHouseClient,
	state: Applied,
	customerIds: readonly string[]
): Promise<{ people: string[]; customers: string[] }> {
	const { database } = olapStore();
	const own = `organization_id = ${uuid(state.organizationId)} and generation = ${Number(state.generation)}`;
	const found = await rows<{ person: string; members: string[] }>(
		client,
		`select toString(person_id) as person, arrayMap(c -> toString(c), customers) as members from ${database}.customer_cohorts final
		where ${own} and person_id in (
			select person_id from ${database}.customer_people final where ${own} and customer_id in (${customerIds.map(uuid).join(',')})
		)`
	);
	return { people: found.map((row) => row.person), customers: found.flatMap((row) => row.members) };
}

/** Groups of people of a size that a statement can name; nobody's rows are left out. */
function* wholePeople(found: readonly PersonOf[]): Generator<PersonOf[]> {
	let part: PersonOf[] = [];
	for (const person of Map.groupBy(
		found.filter((row) => row.personId !== null),
		(row) => row.personId
	).values()) {
		if (part.length > 0 && part.length + person.length > CUSTOMERS_AT_ONCE) {
			yield part;
			part = [];
		}
		part.push(...person);
	}
	if (part.length > 0) yield part;
}

/** The map of customers as a table of its own inside a statement. */
function inline(people: readonly PersonOf[]): string {
	const list = (ids: string[]) => `[${ids.map(uuid).join(',')}]`;
	return `(select toUUID(p.1) as customer_id, toUUID(p.2) as person_id from (
		select arrayJoin(arrayZip(${list(people.map((row) => row.customerId))}, ${list(people.map((row) => row.personId!))})) as p))`;
}

function scopeOf(state: Applied) {
	return {
		organization_id: state.organizationId,
		generation: state.generation,
		version: state.position
	};
}
