import { inBackground, processEnds } from '../../platform/background.ts';
import { olapStore } from '../../platform/olap.ts';
import type { Shape, Snapshot } from '../ask.ts';
import { nextBuild } from '../projection/cells.ts';
import { rows, uuid } from '../projection/clickhouse.ts';
import { buildsBetween } from '../projection/reading.ts';
import { CURRENT_BUILDS, narrowed, rateTable, type RangeParams } from '../queries/parts.ts';
import { ofRest } from '../queries/spans.ts';
import { dayOf, forgetKept, rateStamp, readCosts, type Covered, type SpanKind } from './known.ts';
import { stampBetween } from './stamps.ts';

/** How sums of a kind are made: `sums` is SQL with a column `first`, `channel` and the further `columns` of span_sums, for spans of some days. */
export interface Keeping {
	kind: SpanKind;
	/** The rollup whose currencies and rate days they hold. */
	rollup: 'daily_sales_summary' | 'daily_profit';
	columns: readonly string[];
	sums(shape: Shape, days: number): string;
}

/** Spans made by one statement: bounds its memory. */
const AT_ONCE = 400;
const MAX_SECONDS = 120;

let last: Promise<void> = Promise.resolve();
const awaited = new Set<string>();

/**
 * Makes the spans that a question missed, after it was answered and one after the other: whoever asks next reads them. What they are made of
 * is looked at again before they count, since costs may have changed meanwhile. Nothing is lost when this is cut off.
 */
export function keepMissing(
	organizationId: string,
	at: Snapshot,
	keeping: Keeping,
	shape: Shape,
	given: RangeParams,
	found: Covered
): void {
	const keyOf = ({ first, days }: { first: number; days: number }) =>
		`${organizationId} ${keeping.kind} ${days} ${first}`;
	const missing = found.missing.filter((span) => !awaited.has(keyOf(span)));
	if (missing.length === 0 || given.currency !== at.currency) return;
	for (const span of missing) awaited.add(keyOf(span));
	const ends = processEnds();
	const work = last.then(async () => {
		try {
			for (const [days, spans] of Map.groupBy(missing, (span) => span.days))
				for (let from = 0; from < spans.length && !ends.aborted; from += AT_ONCE)
					await keep(organizationId, at, keeping, { ...shape, byCategory: false }, given, found, {
						days,
						firsts: spans.slice(from, from + AT_ONCE).map(({ first }) => first)
					});
		} finally {
			for (const span of missing) awaited.delete(keyOf(span));
		}
	});
	last = work.catch(() => {});
	inBackground('keeping sums of days', () => work);
}

async function keep(
	organizationId: string,
	at: Snapshot,
	keeping: Keeping,
	shape: Shape,
	given: RangeParams,
	{ builds, costs, rates }: Covered,
	{ days, firsts }: { days: number; firsts: readonly number[] }
): Promise<void> {
	const { database, rebuild } = olapStore();
	const [earliest, latest] = [firsts[0]!, firsts.at(-1)!];
	const made = nextBuild((latest - earliest) / days + 1);
	const [from, to] = [dayOf(earliest), dayOf(latest + days - 1)];
	const bound = {
		...given,
		...rateTable(given),
		...(await buildsBetween(organizationId, at, from, to)),
		organization: organizationId,
		generation: at.generation,
		from,
		to,
		channels: [],
		categories: [],
		products: [],
		rest: firsts.flatMap((first) => Array.from({ length: days }, (_, n) => dayOf(first + n)))
	};
	const within = (sql: string) => sql.replace(/\b(from|join) (daily_|product_costs)/g, `$1 ${database}.$2`);
	const limits = `settings max_threads = 1, max_execution_time = ${MAX_SECONDS}, log_comment = 'sums of days ${organizationId}'`;
	const rest = { spans: 'some' as const }; // these days alone
	const columns = ['first', 'channel', ...keeping.columns];
	await rebuild.command({
		query: `insert into ${database}.span_sums (organization_id, kind, made, ${columns.join(', ')})
			select ${uuid(organizationId)}, '${keeping.kind}', ${made} + intDiv(toUInt32(first) - ${earliest}, ${days}), ${columns.join(', ')} from (${within(keeping.sums({ ...shape, ...rest }, days))}) ${limits}`,
		query_params: bound
	});
	const held = new Map(
		(
			await rows<{ at: number; foreign: string[]; rateFrom: number }>(
				rebuild,
				within(`select intDiv(toUInt32(day), ${days}) * ${days} as at, groupUniqArray(currency) as foreign, toUInt32(min(rate_day)) as rateFrom
				from ${keeping.rollup} where ${narrowed({ byPlace: false })} and ${ofRest(rest)} and ${CURRENT_BUILDS} group by at ${limits}`),
				bound
			)
		).map((row) => [Number(row.at), row] as const)
	);
	if (keeping.kind !== 'sales' && (await readCosts(organizationId, at.generation)).stamp !== costs.stamp)
		return;
	await rebuild.insert({
		table: `${database}.spans`,
		values: firsts.map((first) => {
			const until = first + days - 1;
			const row = held.get(first);
			const currencies = [...new Set([...(row?.foreign ?? []), ...costs.currencies])]
				.filter((one) => one !== given.currency)
				.sort();
			const rateFrom = Math.min(row?.rateFrom ?? first, first);
			return {
				organization_id: organizationId,
				kind: keeping.kind,
				days,
				first: dayOf(first),
				made: String(made + BigInt((first - earliest) / days)),
				currency: given.currency,
				builds: stampBetween(builds.stamps, first, until),
				costs: costs.stamp,
				currencies,
				rate_from: dayOf(rateFrom),
				rates: rateStamp(rates, currencies, rateFrom, until)
			};
		}),
		format: 'JSONEachRow'
	});
	forgetKept(organizationId, keeping.kind);
}
