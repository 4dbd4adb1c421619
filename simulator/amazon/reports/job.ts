import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { isoUtc } from '../../world/time.ts';
import { siteOf } from '../marketplaces.ts';
import { instantIn, listIn, numberIn } from '../query.ts';
import { invalid, ok, Refused, type Reply } from '../reply.ts';
import type { AmazonSeller } from '../seller.ts';
import { hasOrders, ORDER_REPORTS, orderReport } from './orders.ts';
import { listSettlements, SETTLEMENT } from './settlement.ts';
import { SALES_AND_TRAFFIC, salesAndTraffic } from './traffic.ts';

export type Outcome = 'DONE' | 'CANCELLED' | 'FATAL';

export interface ReportJob {
	id: string;
	type: string;
	marketplaceIds: string[];
	from: number;
	until: number;
	options: Record<string, string>;
	createdAt: number;
	/** Milliseconds in the queue, then the same at work. */
	delay: number;
	outcome: Outcome;
	documentId: string | null;
	/** Made when it is first read; a report does not change afterwards. */
	text: string | null;
	/** F12: the first link is dead on arrival. */
	deadLinks: number;
	latin1: boolean;
}

const MOST_DAYS = 31;
const LINK_LIFE = 300_000;
const DAY = 86_400_000;

/** Documents by their id, and when their links die. */
const links = new WeakMap<AmazonSeller, Map<string, { job: ReportJob; expiresAt: number }>>();

/** POST /reports/2021-06-30/reports. Settlements cannot be asked for: Amazon makes them. */
export function createReport(seller: AmazonSeller, body: Record<string, unknown>): Reply {
	const type = String(body.reportType ?? '');
	const marketplaceIds = Array.isArray(body.marketplaceIds) ? body.marketplaceIds.map(String) : [];
	const market = seller.market();
	if (marketplaceIds.length === 0 || marketplaceIds.some((id) => !siteOf(market, id))) {
		throw invalid('marketplaceIds is missing or not of this seller');
	}
	if (type === SETTLEMENT) throw invalid('The report type cannot be requested');
	if (!ORDER_REPORTS.includes(type) && type !== SALES_AND_TRAFFIC)
		throw invalid(`reportType "${type}" is not known`);
	const now = seller.now();
	const instant = (name: string, fallback: number) => {
		return instantIn(new URLSearchParams(body[name] ? { [name]: String(body[name]) } : {}), name) ?? fallback;
	};
	const until = instant('dataEndTime', now);
	const from = instant('dataStartTime', until - DAY);
	if (from > until) throw invalid('dataStartTime is after dataEndTime');
	const turn = seller.faults.has('F12') ? seller.turns.next('F12') % 3 : -1;
	const tooLong = type !== SALES_AND_TRAFFIC && until - from > MOST_DAYS * DAY;
	const nothing = ORDER_REPORTS.includes(type) && !hasOrders(seller, { type, from, until, marketplaceIds });
	const outcome: Outcome =
		turn === 1 || (nothing && !tooLong) ? 'CANCELLED' : turn === 2 || tooLong ? 'FATAL' : 'DONE';
	const id = String(900_000 + seller.reports.size * 7 + 50_000_000_000);
	const job: ReportJob = {
		id,
		type,
		marketplaceIds,
		from,
		until,
		options: (body.reportOptions as Record<string, string> | undefined) ?? {},
		createdAt: now,
		delay: seller.reportDelay,
		outcome,
		documentId: outcome === 'CANCELLED' ? null : `amzn1.spdoc.1.4.na.${randomUUID()}.${id}`,
		text: null,
		deadLinks: turn === 0 ? 1 : 0,
		latin1: turn >= 0
	};
	seller.reports.set(id, job);
	return { status: 202, body: { reportId: id } };
}

function statusOf(job: ReportJob, now: number): string {
	const age = now - job.createdAt;
	if (age < job.delay) return 'IN_QUEUE';
	return age < 2 * job.delay ? 'IN_PROGRESS' : job.outcome;
}

function view(job: ReportJob, now: number) {
	const processingStatus = statusOf(job, now);
	const ended = processingStatus === job.outcome;
	return {
		reportType: job.type,
		reportId: job.id,
		marketplaceIds: job.marketplaceIds,
		dataStartTime: isoUtc(job.from),
		dataEndTime: isoUtc(job.until),
		createdTime: isoUtc(job.createdAt),
		processingStatus,
		...(processingStatus !== 'IN_QUEUE' && { processingStartTime: isoUtc(job.createdAt + job.delay) }),
		...(ended && { processingEndTime: isoUtc(job.createdAt + 2 * job.delay) }),
		...(ended && job.documentId && { reportDocumentId: job.documentId })
	};
}

function jobOf(seller: AmazonSeller, id: string): ReportJob {
	const job = seller.reports.get(id) ?? listSettlements(seller).find((one) => one.id === id);
	if (!job) throw new Refused(404, { code: 'NotFound', message: 'Report not found', details: '' });
	return job;
}

export function getReport(seller: AmazonSeller, id: string): Reply {
	return ok(view(jobOf(seller, id), seller.now()));
}

export function cancelReport(seller: AmazonSeller, id: string): Reply {
	const job = jobOf(seller, id);
	if (statusOf(job, seller.now()) !== 'IN_QUEUE') throw invalid('The report cannot be cancelled any more');
	job.outcome = 'CANCELLED';
	job.documentId = null;
	job.delay = 0;
	return ok({});
}

/** GET /reports/2021-06-30/reports: newest first; of the last 90 days. */
export function getReports(seller: AmazonSeller, query: URLSearchParams): Reply {
	const text = query.get('nextToken');
	const asked = text ? new URLSearchParams(Buffer.from(text, 'base64url').toString()) : query;
	const types = listIn(asked, 'reportTypes');
	if (types.length === 0) throw invalid('reportTypes is missing');
	const statuses = listIn(asked, 'processingStatuses');
	const size = numberIn(asked, 'pageSize', 10, 1, 100);
	const offset = Number(asked.get('offset') ?? 0);
	const now = seller.now();
	const since = instantIn(asked, 'createdSince') ?? now - 90 * DAY;
	const until = instantIn(asked, 'createdUntil') ?? now;
	const found = [...seller.reports.values(), ...listSettlements(seller)]
		.filter(
			(job) =>
				types.includes(job.type) && job.createdAt >= Math.max(since, now - 90 * DAY) && job.createdAt <= until
		)
		.filter((job) => statuses.length === 0 || statuses.includes(statusOf(job, now)))
		.sort((a, b) => b.createdAt - a.createdAt);
	const more = new URLSearchParams(asked);
	more.set('offset', String(offset + size));
	return ok({
		reports: found.slice(offset, offset + size).map((job) => view(job, now)),
		...(found.length > offset + size && { nextToken: Buffer.from(more.toString()).toString('base64url') })
	});
}

/** GET /reports/2021-06-30/documents/{reportDocumentId}: a link that lives five minutes. */
export function getReportDocument(seller: AmazonSeller, documentId: string): Reply {
	const job = jobOf(seller, documentId.split('.').at(-1)!);
	const now = seller.now();
	if (job.documentId !== documentId || statusOf(job, now) !== job.outcome) {
		throw new Refused(404, { code: 'NotFound', message: 'Document not found', details: '' });
	}
	const key = randomUUID();
	let open = links.get(seller);
	if (!open) links.set(seller, (open = new Map()));
	for (const [old, { expiresAt }] of open) if (expiresAt < now - LINK_LIFE) open.delete(old);
	open.set(key, { job, expiresAt: job.deadLinks-- > 0 ? now - 1 : now + LINK_LIFE });
	return ok({
		reportDocumentId: documentId,
		url: `${seller.baseUrl()}/documents/${key}?X-Amz-Expires=300`,
		compressionAlgorithm: 'GZIP'
	});
}

/** What stands behind a link: GZIP, without authorization; null when the link is not this seller's. */
export function readDocument(seller: AmazonSeller, key: string): Reply | null {
	const link = links.get(seller)?.get(key);
	if (!link) return null;
	if (link.expiresAt < seller.now()) {
		const body = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'; // prettier-ignore
		return { status: 403, body, headers: { 'Content-Type': 'application/xml' } };
	}
	const { job } = link;
	job.text ??= job.outcome === 'FATAL' ? failure() : textOf(seller, job);
	const json = job.type === SALES_AND_TRAFFIC;
	const charset = job.latin1 ? 'ISO-8859-1' : 'UTF-8';
	const bytes = Buffer.from(job.text, job.latin1 ? 'latin1' : 'utf8');
	const type = json ? 'application/json' : 'text/plain';
	return { status: 200, body: gzipSync(bytes), headers: { 'Content-Type': `${type};charset=${charset}` } };
}

function failure(): string {
	return 'We could not generate your report. The requested date range is not supported or an internal error happened.\n';
}

function textOf(seller: AmazonSeller, job: ReportJob): string {
	if (job.type === SALES_AND_TRAFFIC) return salesAndTraffic(seller, job);
	return orderReport(seller, job);
}
