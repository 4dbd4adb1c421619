import type { ClickHouseClient } from '@clickhouse/client';
import { olapStore } from '../../platform/olap.ts';
import { rateOf, rateTable } from '../queries/parts.ts';
import { ratesOf } from '../rates.ts';
import { nextBuild } from './cells.ts';
import { chunks, currency, rows, uuid } from './clickhouse.ts';
import type { Applied } from './state.ts';

/*
 * What people spent in the organization's currency (`worth`) is made when they are, at the rates of that moment, which stand in
 * worth_rates: a reader with other rates knows, and adds up for itself. When rates change, the people whom this touches are made anew
 * by the round that reads the event; where these are too many, by a rebuild.
 */

/** The first of the days that stand for amounts: people are summed by what they spent in the same cells as by day. No sale is so late. */
export const FIRST_AMOUNT = '2120-01-01';
/** An octave (from an amount to twice of it) is cut into 128. */
const FINENESS = 128;
/** Amounts below 2^-7 share the first day, and so do those above 2^33 the last. */
const LEAST = -7;
const OCTAVES = 40;

/** The day of an amount. Days are in the order of amounts: both a float and its bits rise with the amount, however they are rounded. */
export function amountDay(worth: string): string {
	const bits = `toInt64(bitShiftRight(reinterpretAsUInt64(toFloat64(greatest(${worth}, toDecimal128(0, 14)))), ${52 - Math.log2(FINENESS)}))`;
	const place = `least(greatest(${bits} - ${(1023 + LEAST) * FINENESS}, 0), ${OCTAVES * FINENESS})`;
	return `toDate('${FIRST_AMOUNT}') + ${place}`;
}

/** People whom changed rates touch that a round makes anew; more are left to a rebuild. */
const AT_ONCE = 20_000;
const CUSTOMERS_AT_ONCE = 1200;
const RATES_KEPT = 20;

/** Rates by currency and day, as worth_rates has them. */
export interface WorthRates {
	position: number;
	stands: boolean;
	/** The currencies other than the organization's in which people paid. */
	currencies: string[];
	rateCurrencies: string[];
	rateDays: string[];
	rates: string[];
}

/** The newest rates that people were made with up to a position; null while nobody has paid in another currency. */
export async function worthRatesAt(
	client: ClickHouseClient,
	organizationId: string,
	generation: number,
	position?: number
): Promise<WorthRates | null> {
	const [row] = await rows<WorthRates & { at: string; held: number }>(
		client,
		`select toString(position) as at, stands as held, currencies, rate_currencies as rateCurrencies, rate_days as rateDays, rates
		from ${olapStore().database}.worth_rates where organization_id = ${uuid(organizationId)} and generation = ${Number(generation)}
			${position === undefined ? '' : `and position <= ${Number(position)}`}
		order by position desc, made desc limit 1`
	);
	if (!row) return null;
	const { at, held, ...rest } = row;
	return { ...rest, position: Number(at), stands: held === 1 };
}

/** `worth` of a row with `spent` and `foreign`, and the parameters its SQL takes. */
export function worthOf(state: Applied, given: WorthRates | null) {
	const own = 'toDecimal128(spent, 14)';
	if (!given || given.rates.length === 0) return { sql: own, params: {} };
	return {
		sql: `${own} + arraySum((day, code, net) -> net * ${rateOf('code', 'day')}, foreign.1, foreign.2, foreign.3)`,
		params: rateTable({ ...given, currency: state.currency })
	};
}

/** Organizations whose rates changed for more people than a round makes anew. */
const outdated = new Set<string>();

/** Organizations to rebuild, once each. */
export function takeOutdated(): string[] {
	const all = [...outdated];
	outdated.clear();
	return all;
}

/**
 * The rates that a round makes people with: those people have, unless a currency is new, rates have `changed`, or the round before was
 * killed over it; then PostgreSQL's of now, and `stale` are customers whose people are to be made anew for them. `applied`: the position
 * before the round.
 */
export async function settleRates(
	client: ClickHouseClient,
	state: Applied,
	applied: number,
	customerIds: readonly string[],
	changed: boolean,
	most = AT_ONCE
): Promise<{ rates: WorthRates | null; stale: string[] }> {
	const known = await worthRatesAt(client, state.organizationId, state.generation);
	const found = new Set(known?.currencies);
	for (const some of chunks(customerIds, CUSTOMERS_AT_ONCE))
		for (const one of await currenciesOf(client, state, `customer_id in (${some.map(uuid).join(',')})`))
			found.add(one);
	if (found.size === 0) return { rates: null, stale: [] };
	const isSure = known !== null && known.position <= applied && found.size === known.currencies.length;
	if (isSure && !changed) return { rates: known, stale: [] };
	const rates = await writeRates(client, state, [...found], true);
	const stale = known ? await staleCustomers(client, state, rates, most) : [];
	if (stale.length < most) return { rates, stale: stale.flat() };
	outdated.add(state.organizationId);
	return { rates: await writeRates(client, state, [...found], false), stale: [] };
}

/** The rates of a new generation. */
export async function firstRates(client: ClickHouseClient, state: Applied): Promise<WorthRates | null> {
	const found = await currenciesOf(client, state, '1');
	return found.length === 0 ? null : writeRates(client, state, found, true);
}

async function currenciesOf(client: ClickHouseClient, state: Applied, which: string): Promise<string[]> {
	const found = await rows<{ code: string }>(
		client,
		`select distinct toString(currency) as code from ${olapStore().database}.customer_days where ${ownOf(state)} and currency != ${currency(state.currency)} and ${which}`
	);
	return found.map(({ code }) => code);
}

async function writeRates(
	client: ClickHouseClient,
	state: Applied,
	currencies: string[],
	stands: boolean
): Promise<WorthRates> {
	const { organizationId: id, generation, position } = state;
	const found = await ratesOf(
		{ id, currency: state.currency },
		currencies.sort(),
		'1970-01-01',
		'9999-12-31'
	);
	const rates: WorthRates = {
		position,
		stands,
		currencies,
		rateCurrencies: found.map((row) => row.currency),
		rateDays: found.map((row) => row.day),
		rates: found.map((row) => row.rate)
	};
	await client.insert({
		table: `${olapStore().database}.worth_rates`,
		values: [
			{
				organization_id: id,
				generation,
				position,
				made: String(nextBuild()),
				stands: stands ? 1 : 0,
				currencies,
				rate_currencies: rates.rateCurrencies,
				rate_days: rates.rateDays,
				rates: rates.rates
			}
		],
		format: 'JSONEachRow'
	});
	return rates;
}

/** The customers of each person whose worth is another one at these rates; at most `most` people. */
async function staleCustomers(
	client: ClickHouseClient,
	state: Applied,
	rates: WorthRates,
	most: number
): Promise<string[][]> {
	const { sql, params } = worthOf(state, rates);
	const found = await rows<{ members: string[] }>(
		client,
		`select arrayMap(c -> toString(c), customers) as members from ${olapStore().database}.customer_cohorts final
		where ${ownOf(state)} and notEmpty(foreign) and worth != ${sql} limit ${Number(most)}`,
		params
	);
	return found.map(({ members }) => members);
}

/** Drops rates that newer ones have replaced, but for some that a reader may still look at. */
export async function dropReplacedRates(client: ClickHouseClient, state: Applied): Promise<void> {
	const table = `${olapStore().database}.worth_rates`;
	const [oldest] = await rows<{ first: string }>(
		client,
		`select toString(position) as first from ${table} where ${ownOf(state)} and position <= ${Number(state.position)}
		order by position desc, made desc limit 1 offset ${RATES_KEPT}`
	);
	if (!oldest) return;
	await client.command({
		query: `delete from ${table} where ${ownOf(state)} and position < ${BigInt(oldest.first)}`
	});
}

function ownOf({ organizationId, generation }: Applied): string {
	return `organization_id = ${uuid(organizationId)} and generation = ${Number(generation)}`;
}
