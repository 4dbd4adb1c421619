import type { UsedRate } from '#lib/contracts/profit.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { ask, type Narrowing, type Snapshot } from './ask.ts';
import { currencySpan } from './queries/options.ts';

/**
 * Rates as the questions take them: each holds from its day until the currency's next one; the own currency at 1. Empty when nothing
 * needs converting, or no rate is known: then only the own currency is summed.
 */
export interface Rates {
	converts: boolean;
	rateCurrencies: string[];
	rateDays: string[];
	rates: string[];
	/** The days whose rates these are. */
	first: string;
	last: string;
	/** What was used for the range, for people: the newest rate of each foreign currency, and how far it moved. */
	used: UsedRate[];
}

interface Rate {
	currency: string;
	day: string;
	rate: string;
	source: 'manual' | 'provider';
}

const NO_RATES: Omit<Rates, 'first' | 'last'> = {
	converts: false,
	rateCurrencies: [],
	rateDays: [],
	rates: [],
	used: []
};
const EVERYTHING: Narrowing = { channels: [], categories: [], countries: [], regions: [] };

/**
 * The rates that the days from `from` to `to` need: money takes the rate of its order's day, which for a refund or a late fee may
 * lie long before. A rate entered by hand goes before the provider's of the same day.
 */
export async function ratesFor(ctx: Ctx, at: Snapshot, from: string, to: string): Promise<Rates> {
	const { id, currency } = ctx.organization;
	const known = await inOrganization(
		id,
		({ sql }) => sql<{ any: boolean; costs: string[] }[]>`
		select exists (select 1 from reference_rates) or exists (select 1 from exchange_rates where organization_id = ${id} and base = ${currency}) as any,
			array(select currency from product_costs where organization_id = ${id} union select currency from product_receipts where organization_id = ${id}) as costs`
	);
	if (!known[0]!.any) return { ...NO_RATES, first: from, last: to };
	const span = await ask(
		ctx,
		currencySpan,
		at,
		EVERYTHING,
		{ converts: false, granularity: 'day' },
		{ from, to }
	);
	const foreign = [
		...new Set([...span.map((row) => row.currency), ...known[0]!.costs].filter((one) => one !== currency))
	];
	const first = span.reduce((least, row) => (row.first < least ? row.first : least), span[0]?.first ?? from);
	const last = span.reduce((most, row) => (row.last > most ? row.last : most), to);
	const rows = foreign.length === 0 ? [] : await ratesOf(ctx.organization, foreign.sort(), first, last);
	if (rows.length === 0) return { ...NO_RATES, first, last };
	return {
		first,
		last,
		converts: true,
		rateCurrencies: [currency, ...rows.map((row) => row.currency)],
		rateDays: ['1970-01-01', ...rows.map((row) => row.day)],
		rates: ['1', ...rows.map((row) => row.rate)],
		used: [...Map.groupBy(rows, (row) => row.currency)].map(([name, own]) => {
			const inRange = own.filter(
				(row, index) => row.day >= from || own[index + 1] === undefined || own[index + 1]!.day > from
			);
			const sorted = inRange.map((row) => row.rate).sort((a, b) => Number(a) - Number(b));
			const last = inRange.at(-1)!;
			return {
				currency: name,
				rate: last.rate,
				day: last.day,
				source: last.source,
				lowest: sorted[0]!,
				highest: sorted.at(-1)!
			};
		})
	};
}

/**
 * Rates of some currencies from `from` to `to`, with the last one before, by currency and day. The provider's are against the euro
 * and are crossed to ten decimals; without the organization's own currency on a day there is none.
 */
export async function ratesOf(
	organization: Pick<Ctx['organization'], 'id' | 'currency'>,
	currencies: readonly string[],
	from: string,
	to: string
): Promise<Rate[]> {
	const { id, currency: base } = organization;
	return inOrganization(
		id,
		({ sql }) => sql<Rate[]>`
		with published as (
			select currency, day, per_euro from reference_rates where currency = any(${[...currencies, base]}::text[]) and day <= ${to}::date
			union all
			select 'EUR', day, 1 from (select distinct day from reference_rates where day <= ${to}::date) days
		), every_rate as (
			select currency, day, rate::text as rate, 'manual' as source, 1 as goes from exchange_rates
			where organization_id = ${id} and base = ${base} and currency = any(${[...currencies]}::text[]) and day <= ${to}::date
			union all
			select f.currency, f.day, round(b.per_euro / f.per_euro, 10)::text, 'provider', 2
			from published f join published b on b.currency = ${base} and b.day = f.day
			where f.currency = any(${[...currencies]}::text[]) and f.currency <> ${base}
		), chosen as (
			select distinct on (currency, day) currency, day, rate, source from every_rate order by currency, day, goes
		)
		select currency, day, rate, source from chosen c
		where day >= ${from}::date or day = (select max(day) from chosen e where e.currency = c.currency and e.day < ${from}::date)
		order by currency, day`
	);
}
