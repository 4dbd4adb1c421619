import { object, objects, text, type Json } from '../json.ts';
import type { WalmartClient } from './client.ts';
import { circle } from './listing.ts';
import { reportDay } from './parse-settlement.ts';

const ROWS_A_PAGE = 1000;
const REPORTS = '/v3/report/reconreport';

/** The settlements that can be read, oldest first, as Walmart names them: 11222026. */
export async function settlementDates(client: WalmartClient): Promise<string[]> {
	const { body } = await client.call(`${REPORTS}/availableReconFiles?reportVersion=v1`);
	const dates = Array.isArray(body.availableApReportDates) ? body.availableApReportDates.map(String) : [];
	return dates
		.filter((date) => reportDay(date) !== null)
		.sort((a, b) => (reportDay(a)! < reportDay(b)! ? -1 : 1));
}

/** The rows of a settlement, page by page. Offsets are Walmart's own count of bytes: each page tells the next one's. */
export async function* settlementPages(client: WalmartClient, date: string): AsyncGenerator<Json[]> {
	const seen = new Set<number>();
	for (let offset = 0; ;) {
		const query = new URLSearchParams({
			reportDate: date,
			offset: String(offset),
			noOfRecords: String(ROWS_A_PAGE)
		});
		const { status, body } = await client.call(`${REPORTS}/reconFileJson?${query}`);
		if (status === 404) return;
		const rows = objects(body.reportData, 'The rows of a settlement');
		yield rows;
		const next = Number(body.nextOffset ?? Number.NaN);
		if (rows.length === 0 || !Number.isFinite(next) || next <= offset) return;
		if (seen.has(next)) throw circle('settled rows');
		seen.add(next);
		offset = next;
	}
}

/** Who the seller is: the partner id and what the storefront is called. Null where these keys may not read payments. */
export async function paymentStatement(
	client: WalmartClient
): Promise<{ partnerId: string; storeFront: string | null } | null> {
	const { status, body } = await client.call('/v3/report/payment/statement');
	const partnerId = status === 200 ? text(body.partnerId) : null;
	if (partnerId === null) return null;
	const written = text(object(object(body.payload)?.sellerInfo)?.storeFrontUrl);
	return { partnerId, storeFront: written === null ? null : decoded(written) };
}

function decoded(written: string): string {
	try {
		return decodeURIComponent(written);
	} catch {
		return written;
	}
}
