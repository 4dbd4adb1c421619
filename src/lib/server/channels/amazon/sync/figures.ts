import { inOrganization } from '../../../platform/db.ts';
import { decimal, micros } from '../../amount.ts';
import { object, objects, requiredCount, text } from '../../json.ts';
import { missing } from '../../unparsable.ts';
import type { AmazonRun } from './orders.ts';

const DAY_MS = 86_400_000;
/** Amazon restates its own figures for some weeks. */
const DAYS = 35;

/** What Amazon itself says was sold, per day of the organization's time zone: an independent figure to hold ours against. */
export async function readFigures(context: AmazonRun): Promise<void> {
	const { client, connection, timeZone, progress } = context;
	const now = await client.serverNow();
	const from = startOfDay(new Date(now.getTime() - DAYS * DAY_MS), timeZone);
	const until = startOfDay(new Date(now.getTime() + DAY_MS), timeZone);
	for (const marketplaceId of client.marketplaceIds) {
		const answer = await client.call('getOrderMetrics', {
			query: {
				marketplaceIds: [marketplaceId],
				interval: `${withOffset(from, timeZone)}--${withOffset(until, timeZone)}`,
				granularity: 'Day',
				granularityTimeZone: timeZone
			}
		});
		const rows = objects(answer?.payload, 'The metrics').map((row) => {
			const sales = object(row.totalSales);
			const amount = micros(sales?.amount) ?? missing('The sales of a day');
			return {
				// the interval begins with the day as the time zone has it
				day: (text(row.interval) ?? missing('The interval')).slice(0, 10),
				currency: text(sales?.currencyCode) ?? missing('The currency of a day'),
				orders: requiredCount(row.orderCount, 'The orders of a day'),
				units: requiredCount(row.unitCount, 'The units of a day'),
				gross: decimal(amount)
			};
		});
		await inOrganization(
			connection.organizationId,
			({ sql }) => sql`
			insert into channel_figures (organization_id, connection_id, marketplace, day, time_zone, currency, orders, units, gross, read_at)
			select ${connection.organizationId}, ${connection.id}, ${marketplaceId}, day, ${timeZone}, currency, orders, units, gross, now()
			from json_to_recordset(${JSON.stringify(rows)}::text::json) as r (day date, currency text, orders int, units int, gross numeric)
			on conflict (connection_id, marketplace, day) do update set time_zone = excluded.time_zone, currency = excluded.currency, orders = excluded.orders,
				units = excluded.units, gross = excluded.gross, read_at = now()`
		);
		progress.add('figures', { done: rows.length, written: rows.length });
	}
}

/** The instant at which the local day of `at` begins. */
export function startOfDay(at: Date, timeZone: string): Date {
	const local = offsetMs(at, timeZone);
	const midnight = Math.floor((at.getTime() + local) / DAY_MS) * DAY_MS;
	const guess = new Date(midnight - local);
	// the clock may have been moved between midnight and now
	return new Date(midnight - offsetMs(guess, timeZone));
}

/** An instant as the time zone writes it: 2026-11-01T00:00:00-07:00. */
export function withOffset(at: Date, timeZone: string): string {
	const ms = offsetMs(at, timeZone);
	const minutes = Math.round(Math.abs(ms) / 60_000);
	const two = (n: number) => String(n).padStart(2, '0');
	const local = new Date(at.getTime() + ms).toISOString().slice(0, 19);
	return `${local}${ms < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function offsetMs(at: Date, timeZone: string): number {
	const parts = new Intl.DateTimeFormat('en-CA', {
		timeZone,
		hourCycle: 'h23',
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit'
	}).formatToParts(at);
	const of = (type: string) => Number(parts.find((part) => part.type === type)!.value);
	const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
	return local - Math.floor(at.getTime() / 1000) * 1000;
}
