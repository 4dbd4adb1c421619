import { log } from '../../platform/log.ts';
import { ChannelError } from '../error.ts';
import { aborted, backoff, pause } from '../http.ts';
import { requiredText, text } from '../json.ts';
import type { AmazonClient } from './client.ts';
import { AmazonRefused } from './errors.ts';
import { openDocument, textOf, type ReportDocument } from './report-document.ts';

export interface ReportSpec {
	reportType: string;
	/** ISO 8601. */
	from: string;
	to: string;
	marketplaceIds: readonly string[];
	options?: Record<string, string>;
}

const MOST_TRIES = 5;
const LONGEST_MS = 3 * 3600_000;
/** As it is downloaded, packed. */
const MOST_BYTES = 512 * 1024 * 1024;

/**
 * Has a report made and answers it; null when Amazon has no data for it, which it says by cancelling it twice in a row.
 * A report that fails is ordered once more; one that fails again stops the run with Amazon's words.
 * @throws ChannelError
 */
export async function readReport(
	client: AmazonClient,
	spec: ReportSpec,
	signal: AbortSignal
): Promise<ReportDocument | null> {
	let cancelled = 0;
	let failed = 0;
	for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
		if (attempt > 0) {
			client.traffic.retries++;
			await pause(client.standIn === null ? 30_000 * attempt : 50, signal);
		}
		const { status, documentId } = await finished(client, spec, signal);
		if (status === 'DONE') return documentId === null ? null : await readDocument(client, documentId, signal);
		if (status === 'CANCELLED') {
			if (++cancelled >= 2) return null;
			continue;
		}
		cancelled = 0;
		const said =
			documentId === null ? null : await readDocument(client, documentId, signal).then(textOf, () => null);
		log.warn(
			{ reportType: spec.reportType, status, said: said?.slice(0, 500) },
			'Amazon could not make a report'
		);
		if (++failed >= 2)
			throw new ChannelError(
				'unavailable',
				`Amazon could not make the report ${spec.reportType} (${status}${said ? `: ${said.slice(0, 200)}` : ''}). Tidemark tries again later.`
			);
	}
	throw new ChannelError(
		'unavailable',
		`Amazon did not make the report ${spec.reportType}. Tidemark tries again later.`
	);
}

/** Orders a report and waits until it stands. */
async function finished(
	client: AmazonClient,
	{ reportType, from, to, marketplaceIds, options }: ReportSpec,
	signal: AbortSignal
): Promise<{ status: string; documentId: string | null }> {
	const made = await client.call('createReport', {
		body: {
			reportType,
			dataStartTime: from,
			dataEndTime: to,
			marketplaceIds,
			...(options && { reportOptions: options })
		}
	});
	const reportId = requiredText(made?.reportId, 'The report’s id');
	const deadline = Date.now() + LONGEST_MS;
	let wait = client.standIn === null ? 2000 : 50;
	while (Date.now() < deadline) {
		const report = await client.call('getReport', { path: { reportId } });
		const status = requiredText(report?.processingStatus, 'The report’s status');
		if (status !== 'IN_QUEUE' && status !== 'IN_PROGRESS')
			return { status, documentId: text(report?.reportDocumentId) };
		await pause(wait, signal);
		wait = Math.min(wait * 1.5, 30_000);
	}
	throw new ChannelError('unavailable', `Amazon did not finish the report ${reportType} within three hours.`);
}

/** Downloads a document; its address lives five minutes, so a dead one is asked for again. */
async function readDocument(
	client: AmazonClient,
	documentId: string,
	signal: AbortSignal
): Promise<ReportDocument> {
	for (let attempt = 0; ; attempt++) {
		const told = await client.call('getReportDocument', { path: { reportDocumentId: documentId } });
		const url = safeUrl(requiredText(told?.url, 'The document’s address'), client.standIn);
		try {
			const response = await fetch(url, { redirect: 'error', signal });
			if (!response.ok) {
				await response.body?.cancel();
				throw new Error(`HTTP ${response.status}`);
			}
			const bytes = await bytesOf(response);
			return await openDocument(bytes, response.headers.get('content-type'));
		} catch (error) {
			if (signal.aborted) throw aborted(error);
			if (error instanceof ChannelError || error instanceof AmazonRefused) throw error;
			if (attempt >= 3)
				throw new ChannelError('unavailable', 'A report of Amazon could not be downloaded.', null, {
					cause: error
				});
			client.traffic.retries++;
			await pause(client.standIn === null ? backoff(attempt + 1) : 50, signal);
		}
	}
}

async function bytesOf(response: Response): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of response.body ?? []) {
		size += chunk.byteLength;
		if (size > MOST_BYTES) throw new ChannelError('rejected', 'A report of Amazon is too large.');
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

/** A real document comes by https from Amazon's storage; a simulated one from the simulator itself. */
function safeUrl(value: string, standIn: string | null): URL {
	const url = URL.canParse(value) ? new URL(value) : null;
	const allowed =
		url !== null &&
		(standIn === null
			? url.protocol === 'https:' && /(^|\.)(amazonaws\.com|amazon\.com|cloudfront\.net)$/.test(url.hostname)
			: url.origin === new URL(standIn).origin);
	if (!allowed)
		throw new ChannelError('rejected', 'Amazon named a document at an address that we do not fetch from.');
	return url;
}
