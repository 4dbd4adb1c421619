import { randomUUID } from 'node:crypto';
import { errorReply, type Reply } from './error.ts';
import type { Seller } from './seller.ts';
import { itemView } from './views/item.ts';

const READY_AFTER_MS = 1_500;
const URL_LIFE_MS = 5 * 60_000;
const TYPES = ['ITEM', 'INVENTORY', 'CANCELLATION', 'ITEM_PERFORMANCE', 'BUYBOX'];

/** POST /v3/reports/reportRequests. */
export function requestReport(seller: Seller, query: URLSearchParams): Reply {
	const type = query.get('reportType') ?? '';
	const version = query.get('reportVersion') ?? '';
	if (!TYPES.includes(type) || !version)
		return errorReply(
			400,
			'INVALID_REQUEST_PARAM.GMP_REPORT_API',
			'reportType or reportVersion is not valid',
			{ field: 'reportType' }
		);
	const report = { id: randomUUID(), type, version, at: seller.options.now() };
	seller.reports.set(report.id, report);
	return { status: 200, body: { ...described(report), requestStatus: 'RECEIVED' } };
}

/** GET /v3/reports/reportRequests/{requestId}. */
export function reportStatus(seller: Seller, id: string): Reply {
	const report = seller.reports.get(id);
	if (!report)
		return errorReply(404, 'CONTENT_NOT_FOUND.GMP_REPORT_API', `No report ${id}`, { field: 'requestId' });
	const ready = isReady(seller, report.at);
	return {
		status: 200,
		body: {
			...described(report),
			requestStatus: ready ? 'READY' : 'INPROGRESS',
			...(ready && { reportGenerationDate: new Date(report.at + READY_AFTER_MS).toISOString() })
		}
	};
}

/** GET /v3/reports/downloadReport: where the finished file is, for five minutes. */
export function downloadReport(seller: Seller, query: URLSearchParams, baseUrl: string): Reply {
	const report = seller.reports.get(query.get('requestId') ?? '');
	if (!report || !isReady(seller, report.at))
		return errorReply(404, 'CONTENT_NOT_FOUND.GMP_REPORT_API', 'The report is not ready', {
			field: 'requestId'
		});
	return {
		status: 200,
		body: {
			...described(report),
			requestStatus: 'READY',
			downloadURL: `${baseUrl}/walmart/files/${report.id}.csv`,
			downloadURLExpirationTime: new Date(seller.options.now() + URL_LIFE_MS).toISOString()
		}
	};
}

/** The file itself: for ITEM one line an item, in Walmart's columns. */
export function reportFile(seller: Seller, id: string): Reply {
	const report = seller.reports.get(id);
	if (!report) return errorReply(404, 'CONTENT_NOT_FOUND.GMP_REPORT_API', 'No such file');
	const quoted = (value: unknown) => `"${String(value ?? '').replaceAll('"', '""')}"`;
	const lines = [
		'SKU,ITEM ID,PRODUCT NAME,LIFECYCLE STATUS,PUBLISH STATUS,PRODUCT CATEGORY,PRICE,CURRENCY,GTIN,UPC,WPID'
	];
	for (const offer of seller.market.offers) {
		const item = itemView(seller, offer);
		lines.push(
			[item.sku, offer.itemId, item.productName, item.lifecycleStatus, item.publishedStatus, item.productType, item.price.amount, 'USD', item.gtin, item.upc, item.wpid]
				.map(quoted)
				.join(',')
		); // prettier-ignore
	}
	return {
		status: 200,
		body: `${lines.join('\r\n')}\r\n`,
		headers: { 'Content-Type': 'text/csv; charset=utf-8' }
	};
}

function isReady(seller: Seller, at: number): boolean {
	return seller.options.now() - at >= READY_AFTER_MS / seller.options.speed;
}

function described(report: { id: string; type: string; version: string; at: number }) {
	return {
		requestId: report.id,
		requestSubmissionDate: new Date(report.at).toISOString(),
		reportType: report.type,
		reportVersion: report.version
	};
}
