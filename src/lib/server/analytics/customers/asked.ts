import type { Channel } from '#lib/contracts/channels.ts';
import { require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { Forbidden } from '../../platform/errors.ts';
import { olapStore } from '../../platform/olap.ts';
import { snapshotOf, type Narrowing, type Snapshot } from '../ask.ts';
import { localTime } from '../periods.ts';
import { kept } from '../projection/kept.ts';
import { worthRatesAt } from '../projection/worth.ts';
import { ratesFor, type Rates } from '../rates.ts';
import { numberOf, rateStamp, stampRates } from '../spans/known.ts';

/** What all questions about customers share. */
export interface Asked {
	ctx: Ctx;
	at: Snapshot;
	now: Date;
	/** The organization's day. */
	today: string;
	rates: Rates;
	money: {
		currency: string;
		rateCurrencies: string[];
		rateDays: string[];
		rates: string[];
	};
	shape: { converts: boolean; granularity: 'day' | 'week' | 'month' };
	/** What each person spent was added up with these rates. */
	addedUp: boolean;
}

/**
 * Opens the questions about customers: they are of people over all channels and products, so that a member with limits sees none.
 * @throws Forbidden without customers.read and analytics.read, or with limits
 */
export async function askAbout(
	ctx: Ctx,
	now: Date,
	granularity: 'day' | 'week' | 'month' = 'month'
): Promise<Asked> {
	mayAsk(ctx);
	const at = await snapshotOf(ctx);
	const { day: today } = localTime(now, at.timeZone);
	const rates = await ratesFor(ctx, at, '1970-01-01', today);
	return {
		ctx,
		at,
		now,
		today,
		rates,
		money: {
			currency: ctx.organization.currency,
			rateCurrencies: rates.rateCurrencies,
			rateDays: rates.rateDays,
			rates: rates.rates
		},
		shape: { converts: rates.converts, granularity },
		addedUp: await addedUpWith(ctx, at, rates)
	};
}

/** @throws Forbidden without customers.read and analytics.read, or with limits to channels, categories or locations */
export function mayAsk(ctx: Ctx): void {
	require(ctx, 'customers.read');
	require(ctx, 'analytics.read');
	if (ctx.scope)
		throw new Forbidden(
			'Figures about customers span all channels and products, so they are not shown to members with limits.'
		);
}

/** A position's rates do not change; how long they are worth keeping. */
const KEPT_MS = 60_000;

/** Whether the rates that people were summed with are those of now, for all money there is. */
async function addedUpWith(ctx: Ctx, at: Snapshot, rates: Rates): Promise<boolean> {
	const { id, currency } = ctx.organization;
	if (at.currency !== currency) return false;
	const { generation, position } = at;
	const made = await kept('worth rates', `${id} ${generation} ${position}`, KEPT_MS, () =>
		worthRatesAt(olapStore().reader(), id, generation, position)
	);
	if (!made) return true;
	const [from, to] = [numberOf(rates.first), numberOf(rates.last)];
	const stamp = (given: typeof made | Rates) => rateStamp(stampRates(given), made.currencies, from, to);
	return made.stands && stamp(made) === stamp(rates);
}

/** Narrowed to some channels; what that means (of the order, of the first order) is the question's own. */
export function within(channels: readonly Channel[]): Narrowing {
	return { channels, categories: [], countries: [], regions: [] };
}
