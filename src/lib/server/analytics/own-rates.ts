import { z } from 'zod';
import { isCurrency } from '#lib/contracts/currency.ts';
import type { RatesView } from '#lib/contracts/profit.ts';
import { audit, require } from '../identity/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { Conflict, Invalid, NotFound } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { settings } from '../platform/running.ts';
import { enqueue } from '../platform/queue.ts';
import { fetchRatesJob } from './jobs.ts';
import { ratesOf } from './rates.ts';

const currency = z
	.string({ error: 'Choose a currency.' })
	.trim()
	.transform((value) => value.toUpperCase())
	.refine(isCurrency, { error: 'Use a currency code such as EUR.' });
const day = z.iso.date({ error: 'Use a day such as 2026-11-01.' });
const rate = z
	.string({ error: 'Enter a rate.' })
	.trim()
	.transform((value) => value.replace(',', '.'))
	.refine((value) => /^\d{1,9}(\.\d{1,10})?$/.test(value) && Number(value) > 0, {
		error: 'Enter a rate such as 1.0852, above zero.'
	});
const setSchema = z.strictObject({ currency, day, rate });
const removeSchema = z.strictObject({ currency, day });

/**
 * Enters the rate of a currency from a day on: units of the organization's currency for one unit. It holds until the next rate of
 * that currency; on its day it goes before the provider's. All figures follow at once.
 * @throws Forbidden without rates.manage, Invalid
 */
export async function setRate(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'rates.manage');
	const wanted = parse(setSchema, input);
	const { id, currency: base } = ctx.organization;
	if (wanted.currency === base)
		throw new Invalid({ currency: `${base} is the organization’s own currency: it needs no rate.` });
	await record(id, async (tx) => {
		await tx.sql`insert into exchange_rates (organization_id, currency, base, day, rate)
			values (${id}, ${wanted.currency}, ${base}, ${wanted.day}, ${wanted.rate})
			on conflict (organization_id, currency, base, day) do update set rate = excluded.rate`;
		await audit(tx, ctx, 'rate.set', undefined, { ...wanted, base });
		return { result: undefined, events: [changed(id)] };
	});
}

/**
 * Takes a rate back that was entered by hand.
 * @throws Forbidden without rates.manage, NotFound
 */
export async function removeRate(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'rates.manage');
	const wanted = parse(removeSchema, input);
	const { id, currency: base } = ctx.organization;
	await record(id, async (tx) => {
		const gone = await tx.sql`delete from exchange_rates
			where organization_id = ${id} and currency = ${wanted.currency} and base = ${base} and day = ${wanted.day} returning 1`;
		if (gone.length === 0) throw new NotFound('This rate');
		await audit(tx, ctx, 'rate.removed', undefined, { ...wanted, base });
		return { result: undefined, events: [changed(id)] };
	});
}

/**
 * Asks the provider now rather than at the next time of day it is asked by itself.
 * @throws Forbidden without rates.manage; Conflict where the operator has switched the provider off
 */
export async function refreshRates(ctx: Ctx): Promise<void> {
	require(ctx, 'rates.manage');
	if (settings().FX_API_URL === null)
		throw new Conflict(
			'No provider of exchange rates is set here. Enter rates by hand, or ask whoever runs this server.'
		);
	await enqueue(fetchRatesJob, {}, { key: 'now' });
}

function changed(organizationId: string) {
	const dimensions = { channel: null, categories: [], locations: [], country: null };
	return { kind: 'rates' as const, organizationId, subjectId: null, dimensions };
}

/**
 * Rates entered by hand, the newest rate of each currency that channels or costs use, and how far the provider's history reaches.
 * @throws Forbidden without analytics.read
 */
export async function listRates(ctx: Ctx, now = new Date()): Promise<RatesView> {
	require(ctx, 'analytics.read');
	const { id, currency: base } = ctx.organization;
	const today = now.toISOString().slice(0, 10);
	const found = await inOrganization(id, async ({ sql }) => ({
		own: await sql<RatesView['own'][number][]>`
			select currency, day, trim_scale(rate)::text as rate from exchange_rates where organization_id = ${id} and base = ${base} order by currency, day desc limit 500`,
		used: await sql<{ currency: string }[]>`
			select currency from connections where organization_id = ${id} and currency is not null
			union select currency from product_costs where organization_id = ${id} union select currency from exchange_rates where organization_id = ${id} order by 1`,
		provided: await sql<
			{ first: string | null; last: string | null }[]
		>`select min(day) as first, max(day) as last from reference_rates`
	}));
	const foreign = found.used.map((row) => row.currency).filter((one) => one !== base);
	const rates = await ratesOf(ctx.organization, foreign, today, today);
	return {
		base,
		own: [...found.own],
		current: foreign.map((one) => {
			const last = rates.findLast((row) => row.currency === one);
			return {
				currency: one,
				rate: last?.rate ?? null,
				day: last?.day ?? null,
				source: last?.source ?? null
			};
		}),
		provider: {
			enabled: settings().FX_API_URL !== null,
			first: found.provided[0]!.first,
			last: found.provided[0]!.last
		}
	};
}
