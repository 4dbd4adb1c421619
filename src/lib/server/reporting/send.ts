import type { Cadence } from '#lib/contracts/reporting.ts';
import { recipientCtx, publicOrigin } from '../identity/index.ts';
import { localDay } from '../orders/index.ts';
import { inOrganization } from '../platform/db.ts';
import { log } from '../platform/log.ts';
import { send } from '../platform/mail.ts';
import { enqueue } from '../platform/queue.ts';
import { asSystem } from '../platform/system.ts';
import { contentOf } from './content.ts';
import { reportJob } from './jobs.ts';
import { nextSending } from './schedule.ts';
import { unsubscribeToken } from './unsubscribe.ts';
import { reportWords } from './words.ts';

const AT_ONCE = 200;

interface Due {
	id: string;
	organizationId: string;
	cadence: Cadence;
	hour: number;
	timeZone: string;
	nextAt: Date;
	recipients: string[];
}

/**
 * Queues a mail for each recipient of the reports that are due at `now`, then sets when each report is due next. In this order: after
 * a crash in between, the mails are queued once more, and the second of each is dropped by its key or refused by the mail service.
 * Times that went by while the server was down are made up for once, not for each.
 */
export async function queueDueReports(now: Date, queue: typeof enqueue = enqueue): Promise<number> {
	const due = await asSystem(
		'sweep: due work of all organizations',
		({ sql }) => sql<Due[]>`
		select r.id, r.organization_id, r.cadence, r.hour, o.time_zone, r.next_at, coalesce((
			select array_agg(s.user_id::text) from report_recipients s
			join members m on m.user_id = s.user_id and m.organization_id = s.organization_id where s.report_id = r.id), '{}') as recipients
		from reports r join organizations o on o.id = r.organization_id where r.next_at <= ${now.toISOString()}
		order by r.next_at limit ${AT_ONCE}`
	);
	for (const report of due) {
		const dueAt = report.nextAt.toISOString();
		for (const userId of report.recipients) {
			const payload = { organizationId: report.organizationId, reportId: report.id, userId, dueAt };
			await queue(reportJob, payload, { key: `${report.id} ${userId} ${dueAt}` });
		}
		const next = nextSending(report.cadence, report.hour, report.timeZone, now).toISOString();
		await inOrganization(
			report.organizationId,
			({ sql }) => sql`update reports set next_at = ${next}, last_sent_at = ${now.toISOString()}
			where organization_id = ${report.organizationId} and id = ${report.id} and next_at = ${dueAt}`
		);
	}
	return due.length;
}

/** Sends one report to one member, with what they may see. Whoever has left, or stopped it meanwhile, gets none. */
export async function sendReport(
	{
		organizationId,
		reportId,
		userId,
		dueAt
	}: { organizationId: string; reportId: string; userId: string; dueAt: string },
	now = new Date()
): Promise<boolean> {
	const member = await recipientCtx(organizationId, userId);
	if (!member?.ctx.permissions.has('analytics.read')) return false;
	const [report] = await inOrganization(
		organizationId,
		({ sql }) => sql<{ id: string; name: string; cadence: Cadence; viewId: string | null }[]>`
		select r.id, r.name, r.cadence, r.view_id from reports r join report_recipients s on s.report_id = r.id
		where r.organization_id = ${organizationId} and r.id = ${reportId} and s.user_id = ${userId}`
	);
	if (!report) return false;
	const { ctx } = member;
	const content = await contentOf(ctx, report, localDay(dueAt, ctx.organization.timeZone), now);
	const unsubscribe = `${publicOrigin()}/unsubscribe/${unsubscribeToken(organizationId, reportId, userId)}`;
	const words = reportWords(content, {
		page: `${publicOrigin()}/${ctx.organization.slug}/trends`,
		unsubscribe
	});
	await send({
		to: member.email,
		...words,
		unsubscribe,
		idempotencyKey: `report-${reportId}-${userId}-${dueAt}`
	});
	log.info({ organizationId, reportId }, 'report sent');
	return true;
}
