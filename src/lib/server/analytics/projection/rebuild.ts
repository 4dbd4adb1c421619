import { copyOut } from '../../platform/copy-out.ts';
import type { Tx } from '../../platform/db.ts';
import { log } from '../../platform/log.ts';
import { olapStore } from '../../platform/olap.ts';
import { asSystem } from '../../platform/system.ts';
import { rebuildCells } from './cells.ts';
import { chunks, rows, uuid } from './clickhouse.ts';
import { rebuildCohorts } from './cohorts.ts';
import { exclusive } from './exclusive.ts';
import { FACT_COLUMNS, factsSelect, PICKED, PICKED_MOVES } from './facts-sql.ts';
import { noteApplied } from './reading.ts';
import { applyRound } from './round.ts';
import { writeCosts } from './costs.ts';
import { writeFifo } from './fifo.ts';
import { writeApplied, type Applied } from './state.ts';
import { FIRST_AMOUNT } from './worth.ts';
import { knownZone } from './zone.ts';

/** Orders read so far, of all; `seconds` since the start. */
export interface RebuildProgress {
	organizationId: string;
	step: 'reading orders' | 'summing days' | 'catching up' | 'done';
	done: number;
	total: number;
	seconds: number;
}

/** Orders in one COPY; two run side by side. */
const ORDERS_AT_ONCE = 40_000;
const STREAMS = 2;
const DAYS_AT_ONCE = 60;
/** Days that stand for amounts have people and nothing else. */
const AMOUNTS_AT_ONCE = 400;

/**
 * Reads an organization's orders from PostgreSQL into a new generation of facts and rollups, while readers see the present one and
 * it stays live; catches the new one up from the position it started at, and then swaps. A kill leaves the present one in place.
 */
export async function rebuildOrganization(
	organizationId: string,
	onProgress: (progress: RebuildProgress) => void = () => {}
): Promise<{ orders: number; seconds: number }> {
	const began = performance.now();
	const seconds = () => Math.round((performance.now() - began) / 10) / 100;
	let state = await nextGeneration(organizationId);
	const bounds = await boundsOf(organizationId);
	let done = 0;
	const tell = (step: RebuildProgress['step']) =>
		onProgress({ organizationId, step, done, total: bounds.total, seconds: seconds() });
	tell('reading orders');
	const ranges = bounds.ranges.values();
	await Promise.all(
		Array.from({ length: STREAMS }, async () => {
			for (const range of ranges) {
				await copyFacts(state, range);
				done += range.orders;
				tell('reading orders');
			}
		})
	);
	await copyAccountFacts(state);
	await noteDays(state);
	await copyPeople(state);
	await writeCosts([{ state, productIds: 'all', version: state.position }], 'rebuild');
	tell('summing days');
	const { rebuild, database } = olapStore();
	const days = await rows<{ day: string }>(
		rebuild,
		`select distinct day from (
			select day from ${database}.sales_facts where organization_id = ${uuid(organizationId)} and generation = ${state.generation}
			union all select day from ${database}.person_days where organization_id = ${uuid(organizationId)} and generation = ${state.generation}
		) order by day`
	);
	const ofAmounts = days.findIndex(({ day }) => day >= FIRST_AMOUNT);
	const split = ofAmounts < 0 ? days.length : ofAmounts;
	for (const part of [
		...chunks(days.slice(0, split), DAYS_AT_ONCE),
		...chunks(days.slice(split), AMOUNTS_AT_ONCE)
	])
		await rebuildCells(
			part.map(({ day }) => ({ ...state, day })),
			'rebuild'
		);
	await writeFifo([{ state, version: state.position, days: [], productIds: 'all' }], 'rebuild');
	tell('catching up');
	for (
		let last = await lastPosition(organizationId);
		last - state.position > 100;
		last = await lastPosition(organizationId)
	) {
		[state] = (await applyRound([state], new Map([[organizationId, last]]))) as [Applied];
	}
	await exclusive(async () => {
		for (
			let last = await lastPosition(organizationId);
			last > state.position;
			last = await lastPosition(organizationId)
		) {
			[state] = (await applyRound([state], new Map([[organizationId, last]]))) as [Applied];
		}
		await writeApplied([state]);
		noteApplied([state]);
	});
	tell('done');
	log.info(
		{ organizationId, orders: bounds.total, seconds: seconds(), generation: state.generation },
		'facts rebuilt'
	);
	return { orders: bounds.total, seconds: seconds() };
}

/** A generation no row has yet, starting at the outbox's present position. Rows of an earlier, killed rebuild stay unread. */
async function nextGeneration(organizationId: string): Promise<Applied> {
	const { rebuild, database } = olapStore();
	const [highest] = await rows<{ generation: number }>(
		rebuild,
		`
		select greatest(
			(select max(generation) from ${database}.sales_facts where organization_id = ${uuid(organizationId)}),
			(select max(generation) from ${database}.order_days where organization_id = ${uuid(organizationId)}),
			(select max(generation) from ${database}.cells where organization_id = ${uuid(organizationId)}),
			(select max(generation) from ${database}.customer_days where organization_id = ${uuid(organizationId)}),
			(select max(generation) from ${database}.customer_people where organization_id = ${uuid(organizationId)}),
			(select max(generation) from ${database}.customer_cohorts where organization_id = ${uuid(organizationId)}),
			(select max(generation) from ${database}.person_days where organization_id = ${uuid(organizationId)}),
			(select max(generation) from ${database}.product_costs where organization_id = ${uuid(organizationId)}),
			(select max(generation) from ${database}.fifo_takes where organization_id = ${uuid(organizationId)}),
			(select max(generation) from ${database}.applied where organization_id = ${uuid(organizationId)})) as generation`
	);
	const [row] = await asSystem(
		'rebuild: read all organizations',
		({ sql }) => sql<{ timeZone: string; currency: string; position: number }[]>`
		select o.time_zone, o.currency, coalesce(p.position, 0) as position
		from organizations o left join outbox_positions p on p.organization_id = o.id where o.id = ${organizationId}`
	);
	if (!row) throw new Error(`There is no organization ${organizationId}.`);
	return {
		organizationId,
		generation: (highest?.generation ?? 0) + 1,
		position: row.position,
		timeZone: await knownZone(row.timeZone),
		currency: row.currency
	};
}

interface Range {
	from: string | null;
	to: string | null;
	orders: number;
}

/** Ranges of placed_at with about the same number of orders. The ends are open: an order that arrives meanwhile is an event. */
async function boundsOf(organizationId: string): Promise<{ total: number; ranges: Range[] }> {
	return asSystem('rebuild: read all organizations', async ({ sql }) => {
		const marks = await sql<{ at: string; n: number }[]>`
			select placed_at::text as at, n from (
				select placed_at, row_number() over (order by placed_at, id) - 1 as n from orders where organization_id = ${organizationId}
			) numbered where n % ${ORDERS_AT_ONCE} = 0 and n > 0 order by n`;
		const [count] = await sql<
			{ total: number }[]
		>`select count(*) as total from orders where organization_id = ${organizationId}`;
		const edges = [null, ...marks.map((mark) => mark.at), null];
		const total = count!.total;
		return {
			total,
			ranges: edges.slice(1).map((to, index) => ({
				from: edges[index]!,
				to,
				orders: Math.min(ORDERS_AT_ONCE, total - index * ORDERS_AT_ONCE)
			}))
		};
	});
}

async function copyFacts(state: Applied, range: Range): Promise<void> {
	const picked = `select ${PICKED}, ${literal(state.timeZone)}::text as zone, ${Number(state.generation)} as generation, ${Number(state.position)} as version
		from orders o where o.organization_id = ${uuid(state.organizationId)}
		${range.from ? `and o.placed_at >= ${literal(range.from)}::timestamptz` : ''} ${range.to ? `and o.placed_at < ${literal(range.to)}::timestamptz` : ''}`;
	await insertFacts(factsSelect(picked, `${movesOf(state)} and false`));
}

/** What a channel booked to the account, or to orders that we do not have. */
async function copyAccountFacts(state: Applied): Promise<void> {
	const none = `select ${PICKED}, ''::text as zone, 0 as generation, 0 as version from orders o where false`;
	await insertFacts(factsSelect(none, movesOf(state)));
}

function movesOf(state: Applied): string {
	return `select ${PICKED_MOVES}, ${literal(state.timeZone)}::text as zone, ${Number(state.generation)} as generation, ${Number(state.position)} as version
		from channel_transactions t where t.organization_id = ${uuid(state.organizationId)}`;
}

async function insertFacts(query: string): Promise<void> {
	const tsv = await asSystem('rebuild: read all organizations', (tx) => copyFrom(tx, query));
	if (tsv.length > 0) await olapStore().insertTsv('rebuild', 'sales_facts', FACT_COLUMNS, tsv);
}

/** COPY takes no parameters: its literals are our own ids, numbers, instants and a checked zone. */
async function copyFrom({ sql }: Tx, query: string): Promise<Buffer> {
	await sql`set local jit = off`;
	await sql`set local work_mem = '64MB'`;
	return copyOut(sql, query);
}

function literal(text: string): string {
	if (!/^[\w+\-/: .]*$/.test(text)) throw new Error('not a time zone or instant');
	return `'${text}'`;
}

async function noteDays(state: Applied): Promise<void> {
	const { rebuild, database } = olapStore();
	await rebuild.command({
		query: `insert into ${database}.order_days (organization_id, generation, order_id, version, days, customers)
			select organization_id, generation, order_id, max(version), groupUniqArray(day),
				groupUniqArrayIf(customer_id, customer_id != toUUID('00000000-0000-0000-0000-000000000000'))
			from ${database}.sales_facts where organization_id = ${uuid(state.organizationId)} and generation = ${state.generation}
			group by organization_id, generation, order_id`
	});
}

/** Which people the customers are, and then all that they bought. */
async function copyPeople(state: Applied): Promise<void> {
	const query = `select c.organization_id, ${Number(state.generation)}, c.id, ${Number(state.position)},
			case when c.email_key is not null then coalesce(s.person_id, c.id) when position('@' in c.external_id) > 0 then '00000000-0000-0000-0000-000000000000' else c.id end
		from customers c left join (
			select email_key, min(id::text)::uuid as person_id from customers
			where organization_id = ${uuid(state.organizationId)} and email_key is not null group by email_key having count(*) > 1
		) s on s.email_key = c.email_key
		where c.organization_id = ${uuid(state.organizationId)}`;
	const tsv = await asSystem('rebuild: read all organizations', (tx) => copyFrom(tx, query));
	const columns = ['organization_id', 'generation', 'customer_id', 'version', 'person_id'];
	if (tsv.length > 0) await olapStore().insertTsv('rebuild', 'customer_people', columns, tsv);
	await rebuildCohorts(state);
}

async function lastPosition(organizationId: string): Promise<number> {
	const [row] = await asSystem(
		'rebuild: read all organizations',
		({ sql }) => sql<{ position: number }[]>`
		select position from outbox_positions where organization_id = ${organizationId}`
	);
	return row?.position ?? 0;
}
