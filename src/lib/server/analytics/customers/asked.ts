import type { Channel } from '#lib/contracts/channels.ts';
import { require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { Forbidden } from '../../platform/errors.ts';
import { snapshotOf, type Narrowing, type Snapshot } from '../ask.ts';
import { localTime } from '../periods.ts';
import { ratesFor, type Rates } from '../rates.ts';

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
		shape: { converts: rates.converts, granularity }
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

/** Narrowed to some channels; what that means (of the order, of the first order) is the question's own. */
export function within(channels: readonly Channel[]): Narrowing {
	return { channels, categories: [], countries: [], regions: [] };
}
