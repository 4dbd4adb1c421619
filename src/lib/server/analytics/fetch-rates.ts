import { appendToOutbox, publish } from '../live/index.ts';
import { log } from '../platform/log.ts';
import { settings } from '../platform/running.ts';
import { asSystem } from '../platform/system.ts';
import { readRatesFile, type ReferenceRate } from './rates-file.ts';

/** The daily file holds one day, the second file 90 days; whoever has less needs all of history. */
const DAILY_GAP = 5;
const QUARTER_DAYS = 80;
/** Rates before this are not kept: no channel's history reaches back so far. */
const OLDEST = '2010-01-01';
const TIMEOUT_MS = 60_000;
const MAX_BYTES = 40_000_000;

/**
 * Brings the provider's reference rates up to date: the smallest of its three files that closes the gap, all of history the first
 * time. Organizations that work in several currencies are told. Doing it twice changes nothing.
 * @returns how many rates are new
 * @throws Error when the provider does not answer with such a file; the queue tries again
 */
export async function fetchRates(now = new Date(), signal?: AbortSignal): Promise<number> {
	const base = settings().FX_API_URL;
	if (base === null) return 0;
	const [newest] = await asSystem(
		'rates: write what the provider published',
		({ sql }) => sql<{ day: string | null }[]>`select max(day) as day from reference_rates`
	);
	const gap = newest?.day ? (now.getTime() - Date.parse(newest.day)) / 86_400_000 : Infinity;
	const file =
		gap <= DAILY_GAP
			? 'eurofxref-daily.xml'
			: gap <= QUARTER_DAYS
				? 'eurofxref-hist-90d.xml'
				: 'eurofxref-hist.xml';
	const { rates, leftOut } = readRatesFile(await download(`${base}/${file}`, signal));
	const added = await save(rates.filter((rate) => rate.day >= OLDEST));
	log.info({ file, added, leftOut }, 'exchange rates read');
	if (added > 0) await tell();
	return added;
}

async function download(url: string, signal?: AbortSignal): Promise<string> {
	const limits = [AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])];
	const response = await fetch(url, {
		signal: AbortSignal.any(limits),
		headers: { accept: 'application/xml, text/xml' }
	});
	if (!response.ok) throw new Error(`The provider of exchange rates answered ${response.status}.`);
	const bytes = await response.arrayBuffer();
	if (bytes.byteLength > MAX_BYTES)
		throw new Error('The provider of exchange rates sent more than any such file holds.');
	return new TextDecoder().decode(bytes);
}

async function save(rates: readonly ReferenceRate[]): Promise<number> {
	let added = 0;
	for (let from = 0; from < rates.length; from += 5_000) {
		const part = rates.slice(from, from + 5_000);
		added += await asSystem('rates: write what the provider published', async ({ sql }) => {
			const rows = await sql`
				insert into reference_rates as r (currency, day, per_euro)
				select * from unnest(${part.map((rate) => rate.currency)}::text[], ${part.map((rate) => rate.day)}::date[], ${part.map((rate) => rate.perEuro)}::numeric[])
				on conflict (currency, day) do update set per_euro = excluded.per_euro where r.per_euro <> excluded.per_euro returning 1`;
			return rows.length;
		});
	}
	return added;
}

/** Open pages of organizations whose channels sell in another currency than their own ask again. */
async function tell(): Promise<void> {
	const events = await asSystem('rates: write what the provider published', async (tx) => {
		const rows = await tx.sql<{ id: string }[]>`
			select distinct o.id from organizations o join connections c on c.organization_id = o.id where c.currency is not null and c.currency <> o.currency`;
		const dimensions = { channel: null, categories: [], locations: [], country: null };
		return appendToOutbox(
			tx,
			rows.map(({ id }) => ({ kind: 'rates' as const, organizationId: id, subjectId: null, dimensions }))
		);
	});
	for (const [organizationId, told] of events) publish(organizationId, told);
}
