import { inOrganization } from '../../../platform/db.ts';
import { object, objects, requiredText, text, type Json } from '../../json.ts';
import { textOf, type ReportDocument } from '../report-document.ts';
import { readReport } from '../reports.ts';
import type { AmazonRun } from './orders.ts';

const REPORT = 'GET_SALES_AND_TRAFFIC_REPORT';
const DAY_MS = 86_400_000;
const DAYS = 30;
/** Amazon's numbers of a day are whole two days later. */
const SETTLED_DAYS = 2;

interface Visit {
	day: string;
	item: string;
	sessions: number;
	page_views: number;
	units: number;
}

/** Sessions and page views: of the account for the last thirty days, and per item for the youngest day that is whole. */
export async function readTraffic(context: AmazonRun): Promise<void> {
	const { client } = context;
	const now = (await client.serverNow()).getTime();
	const day = (back: number) => new Date(now - back * DAY_MS).toISOString().slice(0, 10);
	const settled = day(SETTLED_DAYS);
	for (const marketplaceId of client.marketplaceIds) {
		await keep(context, marketplaceId, await visits(context, marketplaceId, day(DAYS), day(1)), null);
		await keep(context, marketplaceId, await visits(context, marketplaceId, settled, settled), settled);
	}
}

function visits(
	{ client, signal }: AmazonRun,
	marketplaceId: string,
	from: string,
	to: string
): Promise<ReportDocument | null> {
	return readReport(
		client,
		{
			reportType: REPORT,
			from: `${from}T00:00:00Z`,
			to: `${to}T00:00:00Z`,
			marketplaceIds: [marketplaceId],
			options: { dateGranularity: 'DAY', asinGranularity: 'CHILD' }
		},
		signal
	);
}

/** Writes the days of a report, or the items of the one day it covers. */
async function keep(
	{ connection, progress }: AmazonRun,
	marketplaceId: string,
	document: ReportDocument | null,
	only: string | null
): Promise<void> {
	if (document === null) return;
	const rows = readVisits(JSON.parse(await textOf(document)) as Json, only);
	await inOrganization(
		connection.organizationId,
		({ sql }) => sql`
		insert into channel_traffic (organization_id, connection_id, marketplace, day, item, sessions, page_views, units, read_at)
		select ${connection.organizationId}, ${connection.id}, ${marketplaceId}, day, item, sessions, page_views, units, now()
		from json_to_recordset(${JSON.stringify(rows)}::text::json) as r (day date, item text, sessions int, page_views int, units int)
		on conflict (connection_id, marketplace, day, item) do update set sessions = excluded.sessions, page_views = excluded.page_views,
			units = excluded.units, read_at = now()`
	);
	progress.add('traffic', { done: rows.length, written: rows.length });
}

/** The visits of a Sales and Traffic report: by day, or by item of the one day `only`. @throws Unparsable */
export function readVisits(report: Json, only: string | null): Visit[] {
	if (only === null) {
		return objects(report.salesAndTrafficByDate, 'The days').map((row) => ({
			day: requiredText(row.date, 'The day').slice(0, 10),
			item: '',
			...numbers(object(row.trafficByDate), object(row.salesByDate))
		}));
	}
	const byItem = new Map<string, Visit>();
	for (const row of objects(report.salesAndTrafficByAsin, 'The items')) {
		const item = text(row.childAsin) ?? text(row.parentAsin);
		if (item === null) continue;
		const told = numbers(object(row.trafficByAsin), object(row.salesByAsin));
		const known = byItem.get(item);
		byItem.set(item, {
			day: only,
			item,
			sessions: told.sessions + (known?.sessions ?? 0),
			page_views: told.page_views + (known?.page_views ?? 0),
			units: told.units + (known?.units ?? 0)
		});
	}
	return [...byItem.values()];
}

function numbers(traffic: Json | null, sales: Json | null): Pick<Visit, 'sessions' | 'page_views' | 'units'> {
	const count = (value: unknown) =>
		typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : 0;
	return {
		sessions: count(traffic?.sessions),
		page_views: count(traffic?.pageViews),
		units: count(sales?.unitsOrdered)
	};
}
