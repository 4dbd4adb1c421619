import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { addDays } from './periods.ts';

/** Rates per currency and day, as the questions take them. Empty without any rate: then only the own currency is summed. */
export interface Rates {
	converts: boolean;
	rateCurrencies: string[];
	rateDays: string[];
	rates: string[];
}

/** For each day of the range and each currency, the latest rate on or before that day; the own currency at 1. */
export async function ratesFor(ctx: Ctx, from: string, to: string): Promise<Rates> {
	const { id, currency } = ctx.organization;
	const known = await inOrganization(
		id,
		({ sql }) => sql<{ currency: string; day: string; rate: string }[]>`
		select currency, day, rate from exchange_rates
		where organization_id = ${id} and currency <> ${currency} and day <= ${to}::date order by currency, day`
	);
	const answer: Rates = { converts: known.length > 0, rateCurrencies: [], rateDays: [], rates: [] };
	if (!answer.converts) return answer;
	const byCurrency = Map.groupBy(known, (row) => row.currency);
	for (const [name, rows] of [[currency, [{ day: from, rate: '1' }]] as const, ...byCurrency]) {
		let next = 0;
		let rate: string | null = null;
		for (let day = from; day <= to; day = addDays(day, 1)) {
			while (next < rows.length && rows[next]!.day <= day) rate = rows[next++]!.rate;
			if (rate === null) continue;
			answer.rateCurrencies.push(name);
			answer.rateDays.push(day);
			answer.rates.push(rate);
		}
	}
	return answer;
}
