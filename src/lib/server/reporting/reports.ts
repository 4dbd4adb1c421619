import { reportSchema, type ReportView } from '#lib/contracts/reporting.ts';
import { audit, publicOrigin, require } from '../identity/index.ts';
import { localDay } from '../orders/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { Conflict, Invalid, NotFound } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';
import { authorOf } from './author.ts';
import { contentOf } from './content.ts';
import { nextSending } from './schedule.ts';
import { reportWords } from './words.ts';

const MOST = 20;

/**
 * Sets up a report by mail to members of the organization, from the next time of its cadence on.
 * @throws Forbidden without views.manage; Invalid, also for somebody who is no member; Conflict above 20 reports
 */
export async function createReport(ctx: Ctx, input: unknown, now = new Date()): Promise<string> {
	require(ctx, 'views.manage');
	const { name, cadence, hour, viewId, recipients } = parse(reportSchema, input);
	const { id: organizationId, timeZone } = ctx.organization;
	const id = newId();
	const people = [...new Set(recipients)];
	await inOrganization(organizationId, async (tx) => {
		const [held] = await tx.sql<{ reports: number; members: number; views: number }[]>`
			select (select count(*) from reports where organization_id = ${organizationId})::int as reports,
				(select count(*) from members where organization_id = ${organizationId} and user_id = any(${people}::uuid[]))::int as members,
				(select count(*) from saved_views where organization_id = ${organizationId} and id = ${viewId} and shared)::int as views`;
		if (held!.reports >= MOST) throw new Conflict(`There are ${MOST} reports already. Remove one first.`);
		if (held!.members < people.length)
			throw new Invalid({ recipients: 'Choose members of this organization.' });
		if (viewId && held!.views === 0) throw new Invalid({ viewId: 'Choose a view that all members see.' });
		await tx.sql`insert into reports (id, organization_id, name, cadence, hour, view_id, next_at, created_by)
			values (${id}, ${organizationId}, ${name}, ${cadence}, ${hour}, ${viewId}, ${nextSending(cadence, hour, timeZone, now).toISOString()}, ${authorOf(ctx)})`;
		await tx.sql`insert into report_recipients (organization_id, report_id, user_id)
			select ${organizationId}, ${id}, unnest(${people}::uuid[])`;
		await audit(tx, ctx, 'report.created', { kind: 'report', id }, { cadence, hour, recipients: people });
	});
	return id;
}

/** Ends a report for everyone. @throws Forbidden without views.manage, NotFound */
export async function removeReport(ctx: Ctx, id: string): Promise<void> {
	require(ctx, 'views.manage');
	await inOrganization(ctx.organization.id, async (tx) => {
		const gone =
			await tx.sql`delete from reports where organization_id = ${ctx.organization.id} and id::text = ${id} returning 1`;
		if (gone.length === 0) throw new NotFound('This report');
		await audit(tx, ctx, 'report.removed', { kind: 'report', id });
	});
}

/** Reports of the organization with who gets them. @throws Forbidden without members.read */
export async function listReports(ctx: Ctx): Promise<ReportView[]> {
	require(ctx, 'analytics.read');
	require(ctx, 'members.read');
	const rows = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<
			(Omit<ReportView, 'nextAt' | 'lastSentAt'> & { nextAt: Date; lastSentAt: Date | null })[]
		>`
		select r.id, r.name, r.cadence, r.hour, r.view_id, r.next_at, r.last_sent_at, coalesce((
			select json_agg(json_build_object('userId', s.user_id, 'name', u.name) order by lower(u.name)) from report_recipients s
			join users u on u.id = s.user_id join members m on m.user_id = s.user_id and m.organization_id = s.organization_id
			where s.report_id = r.id), '[]'::json) as recipients
		from reports r where r.organization_id = ${ctx.organization.id} order by lower(r.name), r.id limit ${MOST}`
	);
	return rows.map(({ nextAt, lastSentAt, ...row }) => ({
		...row,
		nextAt: nextAt.toISOString(),
		lastSentAt: lastSentAt?.toISOString() ?? null
	}));
}

/**
 * A report as it would go out today to whoever looks: its mail's subject, text and HTML. The link that stops it leads nowhere.
 * @throws Forbidden without analytics.read, NotFound, Unavailable
 */
export async function previewReport(
	ctx: Ctx,
	id: string,
	now = new Date()
): Promise<{ name: string; subject: string; text: string; html: string }> {
	require(ctx, 'analytics.read');
	const [report] = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<Pick<ReportView, 'id' | 'name' | 'cadence' | 'viewId'>[]>`
		select id, name, cadence, view_id from reports where organization_id = ${ctx.organization.id} and id::text = ${id}`
	);
	if (!report) throw new NotFound('This report');
	const content = await contentOf(ctx, report, localDay(now.toISOString(), ctx.organization.timeZone), now);
	const page = `${publicOrigin()}/${ctx.organization.slug}/trends`;
	return { name: report.name, ...reportWords(content, { page, unsubscribe: page }) };
}
