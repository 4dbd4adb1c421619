import { olapStore } from '../../platform/olap.ts';
import type { Snapshot } from '../ask.ts';
import { rows, uuid } from '../projection/clickhouse.ts';
import { forget, kept } from '../projection/kept.ts';
import { buildsAt, type Builds } from '../projection/reading.ts';
import { FIRST_AMOUNT } from '../projection/worth.ts';
import type { RangeParams } from '../queries/parts.ts';
import { cover, type Cover, type Span } from './cover.ts';
import { stampBetween, stampHolding, stampsOf, together, type Stamps } from './stamps.ts';

/** What sums are kept of: see clickhouse/0006_spans.sql. */
export type SpanKind = 'sales' | 'profit' | 'days' | 'categories';

/** Days of a span, the longest first: each four times the next, so that a range of a year is put together from about twenty. */
export const LENGTHS: Record<SpanKind, readonly number[]> = {
	sales: [64, 16, 4],
	profit: [64, 16, 4],
	days: [1],
	categories: [1]
};
/** Sums of a day that changed within this time are not worth keeping: it is likely to change again. */
const SETTLED_MS = 60_000;
/**
 * Rows of a range from which sums are worth keeping for it: with fewer, planning a statement with two sources takes longer than reading one.
 * Measured: profit by product breaks even at about 100,000 rows, profit by day at 20,000. Tests lower it.
 */
export const WORTH = { rows: 50_000 };
/** How long the size of an organization's rollup is taken for what it was. */
const SIZE_MS = 600_000;
/** How long a process without chDB of its own goes by what it has read. What was replaced stays longer (projection/sweep.ts). */
const KEPT_MS = 5000;

/** Sums that are kept, with stamps of what they were made of. */
interface KeptSpan {
	first: number;
	days: number;
	made: number;
	currency: string;
	builds: number;
	costs: number;
	currencies: string[];
	rateFrom: number;
	rates: number;
}

/** All costs per piece of a generation, and the currencies they are in. */
export interface Costs {
	stamp: number;
	currencies: string[];
}

/** What a range is made of: spans that are still true, the days that are in none, and spans worth keeping. */
export interface Covered extends Cover<KeptSpan> {
	builds: Builds;
	costs: Costs;
	rates: RateStamps;
}

type RateStamps = ReadonlyMap<string, Stamps>;
type Given = Pick<RangeParams, 'from' | 'to' | 'currency' | 'rateCurrencies' | 'rateDays' | 'rates'>;

/** Days since 1970 of a day. */
export const numberOf = (day: string) => Date.parse(day) / 86_400_000;
/** The day of a number of days since 1970. */
export const dayOf = (number: number) => new Date(number * 86_400_000).toISOString().slice(0, 10);

/** Puts the range of `given` together, null where it is too small. `rateStamps` are those of its rates. */
export async function covered(
	organizationId: string,
	at: Snapshot,
	kind: SpanKind,
	given: Given,
	rateStamps: RateStamps,
	settledMs = SETTLED_MS
): Promise<Covered | null> {
	const [builds, size] = await Promise.all([buildsAt(organizationId, at), sizeOf(organizationId)]);
	const days = builds.days.filter(({ day }) => day < FIRST_AMOUNT); // later ones stand for amounts
	const asked = days.filter(({ day }) => day >= given.from && day <= given.to).length;
	if (size * (asked / Math.max(1, days.length)) < WORTH.rows) return null;
	const [costs, known] = await Promise.all([
		kind === 'sales' ? NO_COSTS : costsAt(organizationId, at),
		keptOf(organizationId, kind)
	]);
	const settledBefore = (Date.now() - settledMs) * 1000;
	const isTrue = (one: KeptSpan) => {
		const last = one.first + one.days - 1;
		return (
			one.currency === given.currency &&
			one.builds === stampBetween(builds.stamps, one.first, last) &&
			one.costs === costs.stamp &&
			one.rates === rateStamp(rateStamps, one.currencies, one.rateFrom, last)
		);
	};
	const found = cover(
		numberOf(given.from),
		numberOf(given.to),
		LENGTHS[kind],
		({ first, days }) => {
			const one = known.get(`${days} ${first}`);
			return one && isTrue(one) ? one : undefined;
		},
		({ first, days }: Span) => {
			const newest = builds.newestBetween(first, first + days - 1);
			return newest > 0 && newest < settledBefore;
		}
	);
	const rest = found.rest.filter((day) => builds.newestBetween(day, day) > 0); // what has no build has no rows
	return { ...found, rest, builds, costs, rates: rateStamps };
}

/** What the SQL takes of it: `spans`, and the days of `rest` where there are spans. */
export function boundSpans({ spans, rest }: Covered): { spans: number[]; rest: string[] } {
	return { spans: spans.map(({ made }) => made), rest: spans.length > 0 ? rest.map(dayOf) : [] };
}

const NO_COSTS: Costs = { stamp: 0, currencies: [] };

const stampsOfRates = new WeakMap<readonly string[], RateStamps>();

/** Rates by currency as stamps; made once for the questions of a page, which share `rates`. */
export function stampRates({
	rateCurrencies,
	rateDays,
	rates
}: Pick<Given, 'rateCurrencies' | 'rateDays' | 'rates'>): RateStamps {
	let made = stampsOfRates.get(rates);
	if (!made) {
		const all = rates.map((rate, index) => ({
			rate,
			day: rateDays[index]!,
			currency: rateCurrencies[index]!
		}));
		made = new Map(
			[...Map.groupBy(all, ({ currency }) => currency)].map(([currency, own]) => [
				currency,
				stampsOf(
					own
						.map(({ day, rate }) => ({ day: numberOf(day), text: `${currency} ${day} ${rate}` }))
						.sort((a, b) => a.day - b.day)
				)
			])
		);
		stampsOfRates.set(rates, made);
	}
	return made;
}

/** Stamp of the rates that days from `from` to `to` take. */
export function rateStamp(
	rates: RateStamps,
	currencies: readonly string[],
	from: number,
	to: number
): number {
	return currencies.reduce((sum, currency) => {
		const own = rates.get(currency);
		return own ? together(sum, stampHolding(own, from, to)) : sum;
	}, 0);
}

/** The newest sums of each span. Where ClickHouse is embedded no other process makes any, and `forgetKept` says when one was made. */
function keptOf(organizationId: string, kind: SpanKind): Promise<Map<string, KeptSpan>> {
	return kept(`spans ${kind}`, organizationId, olapStore().embedded ? Infinity : KEPT_MS, () =>
		readKept(organizationId, kind)
	);
}

/** Told when sums were made. */
export function forgetKept(organizationId: string, kind: SpanKind): void {
	forget(`spans ${kind}`, organizationId);
}

async function readKept(organizationId: string, kind: SpanKind): Promise<Map<string, KeptSpan>> {
	const found = await rows<Record<'days' | 'rateFrom', number> & Record<string, string>>(
		olapStore().reader(),
		`select days, toUInt32(first) as begins, toString(made) as id, currency, toString(builds) as b, toString(costs) as c,
			arrayStringConcat(currencies, ' ') as foreign, toUInt32(rate_from) as rateFrom, toString(rates) as r
		from ${olapStore().database}.spans where organization_id = ${uuid(organizationId)} and kind = '${kind}' order by made`
	);
	return new Map(
		found.map((row) => [
			`${row.days} ${row.begins}`,
			{
				first: Number(row.begins),
				days: row.days,
				made: Number(row.id),
				currency: row.currency!,
				builds: Number(row.b),
				costs: Number(row.c),
				currencies: row.foreign ? row.foreign.split(' ') : [],
				rateFrom: row.rateFrom,
				rates: Number(row.r)
			}
		])
	);
}

/** Rows of the rollup by product, of all days. */
function sizeOf(organizationId: string): Promise<number> {
	return kept('size', organizationId, SIZE_MS, async () => {
		const [row] = await rows<{ n: string }>(
			olapStore().reader(),
			`select toString(count()) as n from ${olapStore().database}.daily_profit where organization_id = ${uuid(organizationId)}`
		);
		return Number(row!.n);
	});
}

/** The costs that a snapshot joins; they move with its position. */
function costsAt(organizationId: string, { generation, position }: Snapshot): Promise<Costs> {
	return kept('costs', `${organizationId} ${generation} ${position}`, Infinity, () =>
		readCosts(organizationId, generation)
	);
}

/** The costs as they are now. */
export async function readCosts(organizationId: string, generation: number): Promise<Costs> {
	const [row] = await rows<{ stamp: string; currencies: string[] }>(
		olapStore().reader(),
		`select toString(bitAnd(groupBitXor(cityHash64(product_id, from_day, currency, unit_cost)), 0xfffffffffffff)) as stamp, groupUniqArray(currency) as currencies
		from ${olapStore().database}.product_costs final where organization_id = ${uuid(organizationId)} and generation = ${Number(generation)}`
	);
	return { stamp: Number(row!.stamp), currencies: row!.currencies.sort() };
}
