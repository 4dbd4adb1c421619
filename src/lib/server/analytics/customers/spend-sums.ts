import type { Channel } from '#lib/contracts/channels.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization } from '../../platform/db.ts';
import { exact } from '../exact.ts';
import { ratesOf } from '../rates.ts';

/** Ad spend of one day and channel, in 10^-14 of the organization's currency. */
export interface SpendOfDay {
	day: string;
	channel: Channel;
	amount: bigint;
}

/**
 * What was spent on ads from `from` to `to` (days of the organization, both included), converted at each day's rate; what has no rate
 * is in no sum and listed in its own currency. `rows` is empty where nothing was entered: spend is unknown then, not zero. The caller
 * has checked the permission; a scope's channels narrow it.
 */
export async function adSpendBetween(
	ctx: Ctx,
	from: string,
	to: string,
	channels: readonly Channel[] = []
): Promise<{ rows: SpendOfDay[]; unconverted: { currency: string; amount: string }[] }> {
	const { id, currency: own } = ctx.organization;
	const allowed = ctx.scope?.channels ?? null;
	const found = await inOrganization(
		id,
		({ sql }) => sql<{ day: string; channel: Channel; currency: string; amount: string }[]>`
		select day, channel, currency, sum(amount)::text as amount from ad_spend
		where organization_id = ${id} and day between ${from} and ${to}
			and (${channels.length === 0} or channel = any(${[...channels]}::text[]))
			and (${allowed}::text[] is null or channel = any(${allowed}::text[]))
		group by day, channel, currency order by day, channel`
	);
	const foreign = [...new Set(found.map((row) => row.currency))].filter((one) => one !== own);
	const rates = foreign.length === 0 ? [] : await ratesOf(ctx.organization, foreign, from, to);
	const byCurrency = Map.groupBy(rates, (rate) => rate.currency);
	const sums = new Map<string, SpendOfDay>();
	const left = new Map<string, bigint>();
	for (const row of found) {
		const rate =
			row.currency === own ? '1' : byCurrency.get(row.currency)?.findLast((one) => one.day <= row.day)?.rate;
		if (rate === undefined) {
			left.set(row.currency, (left.get(row.currency) ?? 0n) + exact(row.amount));
			continue;
		}
		const key = `${row.day} ${row.channel}`;
		const sum = sums.get(key) ?? { day: row.day, channel: row.channel, amount: 0n };
		sum.amount += times(row.amount, rate);
		sums.set(key, sum);
	}
	return {
		rows: [...sums.values()],
		unconverted: [...left].map(([currency, amount]) => ({ currency, amount: plain(amount) }))
	};
}

/** Four decimals times ten are fourteen: exact. */
function times(amount: string, rate: string): bigint {
	const [whole, fraction = ''] = amount.split('.') as [string, string?];
	const [units, decimals = ''] = rate.split('.') as [string, string?];
	return (
		BigInt(whole + fraction.slice(0, 4).padEnd(4, '0')) *
		BigInt(units + decimals.slice(0, 10).padEnd(10, '0'))
	);
}

function plain(value: bigint): string {
	const digits = value.toString().padStart(15, '0');
	return `${digits.slice(0, -14)}.${digits.slice(-14)}`.replace(/\.?0+$/, '');
}
