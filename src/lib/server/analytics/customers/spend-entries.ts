import { z } from 'zod';
import { adSpendEntriesSchema, adSpendListSchema, type AdSpendRow } from '#lib/contracts/ad-spend.ts';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { audit, require } from '../../identity/index.ts';
import { record } from '../../live/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization } from '../../platform/db.ts';
import { Forbidden, Invalid } from '../../platform/errors.ts';
import { parse } from '../../platform/parse.ts';
import { addDays, daysBetween } from '../periods.ts';
import { sharedOut } from './spend-file.ts';
import { announceSpend, writeSpend } from './spend.ts';

/** Days that one write may cover, over all its entries: as many as rows of a file. */
const MAX_DAYS = 30_000;

/**
 * Enters ad spend of many days, channels and platforms in one transaction, as `setAdSpend` does one: what was entered for them is
 * replaced. Answers how many days were written.
 * @throws Forbidden without ads.manage; Invalid, also where two entries are about the same day, channel and platform
 */
export async function setAdSpendEntries(ctx: Ctx, input: unknown): Promise<{ days: number }> {
	require(ctx, 'ads.manage');
	const { entries } = parse(adSpendEntriesSchema, input);
	const lengths = entries.map(({ day, through = day }) => daysBetween(day, through));
	if (lengths.reduce((sum, days) => sum + days, 0) > MAX_DAYS)
		throw new Invalid({ entries: `Send at most ${MAX_DAYS.toLocaleString('en-US')} days at a time.` });
	const rows = new Map<string, AdSpendRow & { entry: number }>();
	entries.forEach(({ day, through: _, amount, ...rest }, entry) => {
		sharedOut(amount, lengths[entry]!).forEach((each, index) => {
			const row = { ...rest, day: addDays(day, index), amount: each, entry };
			const key = `${row.day}\n${row.channel}\n${row.platform}`;
			const earlier = rows.get(key);
			if (earlier)
				throw new Invalid({
					[`entries.${entry}`]: `is about ${row.day}, ${row.channel} and the same platform as entry ${earlier.entry}: send one amount.`
				});
			rows.set(key, row);
		});
	});
	await record(ctx.organization.id, async (tx) => {
		await writeSpend(
			tx,
			ctx,
			[...rows.values()].map(({ entry: _, ...row }) => row)
		);
		const days = [...rows.values()].map(({ day }) => day).sort();
		await audit(tx, ctx, 'ad_spend.set', undefined, {
			entries: entries.length,
			from: days[0]!,
			to: days.at(-1)!
		});
		return { result: undefined, events: announceSpend(ctx) };
	});
	return { days: rows.size };
}

/**
 * Ad spend as entered, each in its own currency, the latest day first; `next` goes on behind the last one.
 * @throws Forbidden without analytics.read, or with limits to categories or locations: spend has none; Invalid for a query or cursor
 * that cannot be used
 */
export async function listAdSpendEntries(
	ctx: Ctx,
	query: z.input<typeof adSpendListSchema> = {}
): Promise<{ rows: AdSpendRow[]; next: string | null }> {
	require(ctx, 'analytics.read');
	if (ctx.scope) throw new Forbidden();
	const { from = null, to = null, channels, cursor, limit } = parse(adSpendListSchema, query);
	const after = cursor === undefined ? null : readCursor(cursor);
	const { id } = ctx.organization;
	const found = await inOrganization(
		id,
		({ sql }) => sql<AdSpendRow[]>`
			select day, channel, platform, trim_scale(amount)::text as amount, currency from ad_spend
			where organization_id = ${id} and (${from}::date is null or day >= ${from}::date) and (${to}::date is null or day <= ${to}::date)
				and (${channels.length === 0} or channel = any(${[...channels]}::text[]))
				${after ? sql`and (day < ${after[0]}::date or (day = ${after[0]}::date and (channel, platform) > (${after[1]}::text, ${after[2]}::text)))` : sql``}
			order by day desc, channel, platform limit ${limit + 1}`
	);
	const rows = found.slice(0, limit);
	const last = rows.at(-1);
	return { rows, next: found.length > limit && last ? writeCursor(last) : null };
}

const place = z.tuple([z.iso.date(), z.enum(CHANNELS), z.string().max(60)]);

function writeCursor({ day, channel, platform }: AdSpendRow): string {
	return Buffer.from(JSON.stringify([day, channel, platform])).toString('base64url');
}

function readCursor(text: string): z.output<typeof place> {
	try {
		const read = place.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
		if (!read[2].includes('\0') && read[2].isWellFormed()) return read;
	} catch {
		// said below
	}
	throw new Invalid({ cursor: 'is no cursor of this list. Start again without one.' });
}
