import {
	adSpendFileSchema,
	adSpendQuerySchema,
	adSpendRemovalSchema,
	adSpendSchema,
	type AdSpendPreview,
	type AdSpendQuery,
	type AdSpendRow,
	type AdSpendView
} from '#lib/contracts/ad-spend.ts';
import { audit, require } from '../../identity/index.ts';
import { record, type PendingEvent } from '../../live/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization, type Tx } from '../../platform/db.ts';
import { Forbidden, NotFound } from '../../platform/errors.ts';
import { parse } from '../../platform/parse.ts';
import { addDays, daysBetween } from '../periods.ts';
import { plus, readSpendFile, sharedOut, type SpendRow } from './spend-file.ts';

const PAGE = 50;
const SHOWN_ERRORS = 200;

/**
 * Enters what was spent on ads on a day, or over several days in equal parts. Profit and CAC follow at once.
 * @throws Forbidden without ads.manage, Invalid
 */
export async function setAdSpend(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'ads.manage');
	const { day, through = day, amount, ...rest } = parse(adSpendSchema, input);
	const amounts = sharedOut(amount, daysBetween(day, through));
	const rows = amounts.map((each, index) => ({ ...rest, day: addDays(day, index), amount: each }));
	await record(ctx.organization.id, async (tx) => {
		await writeSpend(tx, ctx, rows);
		await audit(tx, ctx, 'ad_spend.set', undefined, { day, through, amount, ...rest });
		return { result: undefined, events: announceSpend(ctx) };
	});
}

/**
 * Takes back what was entered for a day, or for all days to `through`, of a channel and platform.
 * @throws Forbidden without ads.manage, NotFound
 */
export async function removeAdSpend(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'ads.manage');
	const { day, through = day, channel, platform } = parse(adSpendRemovalSchema, input);
	await record(ctx.organization.id, async (tx) => {
		const gone = await tx.sql`
			delete from ad_spend where organization_id = ${ctx.organization.id} and day between ${day} and ${through} and channel = ${channel} and platform = ${platform} returning 1`;
		if (gone.length === 0) throw new NotFound('This ad spend');
		await audit(tx, ctx, 'ad_spend.removed', undefined, { day, through, channel, platform });
		return { result: undefined, events: announceSpend(ctx) };
	});
}

/**
 * What a file of ad spend would do, without doing it.
 * @throws Forbidden without ads.manage, Invalid
 */
export async function previewAdSpend(ctx: Ctx, input: unknown): Promise<AdSpendPreview> {
	require(ctx, 'ads.manage');
	const { csv } = parse(adSpendFileSchema, input);
	const { rows, errors } = readSpendFile(csv, ctx.organization.currency);
	return inOrganization(ctx.organization.id, async (tx) => {
		const changes = await changesOf(tx, ctx, rows);
		const totals = new Map<string, string>();
		for (const row of rows) totals.set(row.currency, plus(totals.get(row.currency) ?? '0', row.amount));
		return {
			rows: rows.length,
			added: changes.filter(({ known }) => !known).length,
			changed: changes.filter(({ known }) => known).length,
			same: rows.length - changes.length,
			errors: errors.slice(0, SHOWN_ERRORS),
			total: [...totals].map(([currency, amount]) => ({ currency, amount }))
		};
	});
}

/**
 * Takes the usable rows of a file over, in one transaction. The same file twice changes nothing.
 * @throws Forbidden without ads.manage, Invalid
 */
export async function importAdSpend(ctx: Ctx, input: unknown): Promise<{ changed: number; leftOut: number }> {
	require(ctx, 'ads.manage');
	const { csv } = parse(adSpendFileSchema, input);
	const { rows, errors } = readSpendFile(csv, ctx.organization.currency);
	return record(ctx.organization.id, async (tx) => {
		const changes = await changesOf(tx, ctx, rows);
		await writeSpend(
			tx,
			ctx,
			changes.map(({ row }) => row)
		);
		const result = { changed: changes.length, leftOut: errors.length };
		if (changes.length > 0) await audit(tx, ctx, 'ad_spend.imported', undefined, result);
		return { result, events: changes.length > 0 ? announceSpend(ctx) : [] };
	});
}

/**
 * What was entered in a year, newest first, and its sums by month.
 * @throws Forbidden without analytics.read, or with limits to categories or locations: spend has none; Invalid
 */
export async function listAdSpend(ctx: Ctx, query: AdSpendQuery = {}): Promise<AdSpendView> {
	require(ctx, 'analytics.read');
	if (ctx.scope) throw new Forbidden();
	const { year: wanted, month = null, page } = parse(adSpendQuerySchema, query);
	const { id } = ctx.organization;
	return inOrganization(id, async ({ sql }) => {
		const held = await sql<{ year: number }[]>`
			select distinct extract(year from day)::int as year from ad_spend where organization_id = ${id} order by 1 desc`;
		const years = held.map(({ year }) => year);
		const year = wanted ?? years[0] ?? null;
		if (year === null)
			return { year, month: null, years, rows: [], count: 0, page: 1, pageSize: PAGE, months: [] };
		const ofYear = sql`organization_id = ${id} and day between make_date(${year}, 1, 1) and make_date(${year}, 12, 31)`;
		const asked = month === null ? ofYear : sql`${ofYear} and extract(month from day) = ${month}`;
		const [rows, months, [about]] = await Promise.all([
			sql<AdSpendRow[]>`
				select day, channel, platform, trim_scale(amount)::text as amount, currency from ad_spend where ${asked}
				order by day desc, channel, platform limit ${PAGE} offset ${(page - 1) * PAGE}`,
			sql<AdSpendView['months']>`
				select to_char(day, 'YYYY-MM') as month, channel, currency, trim_scale(sum(amount))::text as amount from ad_spend
				where ${ofYear} group by 1, 2, 3 order by 1 desc, 2, 3`,
			sql<{ count: number }[]>`select count(*)::int as count from ad_spend where ${asked}`
		]);
		return {
			year,
			month,
			years,
			rows: [...rows],
			count: about!.count,
			page,
			pageSize: PAGE,
			months: [...months]
		};
	});
}

async function changesOf(
	{ sql }: Tx,
	ctx: Ctx,
	rows: readonly SpendRow[]
): Promise<{ row: SpendRow; known: boolean }[]> {
	const wanted = rows.map(({ day, channel, platform }) => ({ day, channel, platform }));
	const stored = await sql<AdSpendRow[]>`
		select s.day, s.channel, s.platform, s.amount, s.currency
		from json_to_recordset(${JSON.stringify(wanted)}::text::json) as w (day date, channel text, platform text)
		join ad_spend s on s.organization_id = ${ctx.organization.id} and s.day = w.day and s.channel = w.channel and s.platform = w.platform`;
	const key = (row: AdSpendRow) => `${row.day}\n${row.channel}\n${row.platform}`;
	const byKey = new Map(stored.map((row) => [key(row), row]));
	return rows.flatMap((row) => {
		const before = byKey.get(key(row));
		const same = before && before.currency === row.currency && Number(before.amount) === Number(row.amount);
		return same ? [] : [{ row, known: before !== undefined }];
	});
}

/** Writes rows over what stands for their days, channels and platforms. The caller has checked the permission. */
export async function writeSpend({ sql }: Tx, ctx: Ctx, rows: readonly AdSpendRow[]): Promise<void> {
	if (rows.length === 0) return;
	await sql`
		insert into ad_spend (organization_id, day, channel, platform, amount, currency)
		select ${ctx.organization.id}::uuid, r.* from json_to_recordset(${JSON.stringify(rows)}::text::json)
			as r (day date, channel text, platform text, amount numeric, currency text) order by 2, 3, 4
		on conflict (organization_id, day, channel, platform) do update set amount = excluded.amount, currency = excluded.currency`;
}

/** Pages ask anew. */
export function announceSpend(ctx: Ctx): PendingEvent[] {
	const dimensions = { channel: null, categories: [], locations: [], country: null };
	return [{ kind: 'rates', organizationId: ctx.organization.id, subjectId: null, dimensions }];
}
