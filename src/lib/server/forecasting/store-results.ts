import { deserialize } from 'node:v8';
import type { Tx } from '../platform/db.ts';
import type { Result } from './child/pieces.ts';
import type { SetState } from './learned.ts';
import { partsOf } from './series-key.ts';

/** Trainings kept: the one in use and the one before. */
const KEPT_VERSIONS = 2;
/** Days a training's forecasts stay to be held against what happened. */
const KEPT_DAYS = 100;

export interface Written {
	organizationId: string;
	runId: string;
	version: number;
	seed: number;
	/** YYYY-MM-DD, the last day known. */
	origin: string;
	categoryOf: (productId: string) => string | null;
}

/** All that a run made. */
export interface RunResults {
	/** Of every series in `pieces`. */
	keys: readonly string[];
	/** Packed `Result[]`, each small enough to be unpacked and written between requests. */
	pieces: readonly Uint8Array[];
	/** What a training learned of the set; null for a refresh. */
	trained: { state: SetState; shared: Uint8Array | null } | null;
}

/**
 * Makes these the forecasts of the organization; series that are not among them lose theirs. Those of a training stay when newer ones come,
 * and its models and how far its forecasts of the past were off are written beside the version before.
 */
export async function storeResults(
	tx: Tx,
	written: Written,
	{ keys, pieces, trained }: RunResults
): Promise<void> {
	const { sql } = tx;
	const { organizationId, version, seed, origin } = written;
	await sql`
		delete from forecasts f where f.organization_id = ${organizationId} and (f.origin = ${origin}::date or f.origin < ${origin}::date - ${KEPT_DAYS}::int
			or (f.is_current and (not (f.series_key = any(${[...keys]})) or not exists (
				select 1 from forecast_runs r where r.id = f.run_id and r.kind = 'train'))))`;
	await sql`
		update forecasts set is_current = false, sold = '[]' where organization_id = ${organizationId} and is_current`;
	if (trained) {
		await sql`
			insert into forecast_sets (organization_id, version, seed, trained_at, origin, state, network)
			values (${organizationId}, ${version}, ${seed}, now(), ${origin}::date, ${sql.json(trained.state as never)}, ${trained.shared ? Buffer.from(trained.shared) : null})`;
		await sql`delete from forecast_sets where organization_id = ${organizationId} and version <= ${version - KEPT_VERSIONS}`;
		await sql`delete from forecast_models where organization_id = ${organizationId} and version <= ${version - KEPT_VERSIONS}`;
		await sql`delete from forecast_accuracy where organization_id = ${organizationId}`;
		await sql`delete from forecast_runs where organization_id = ${organizationId} and finished_at < now() - interval '1 year'`;
	}
	for (const piece of pieces) {
		const results = deserialize(piece) as Result[];
		await storeForecasts(tx, written, results);
		if (trained) await storeLearned(tx, written, results);
	}
}

async function storeForecasts(
	{ sql }: Tx,
	{ organizationId, runId, version, origin, categoryOf }: Written,
	results: readonly Result[]
): Promise<void> {
	const rows = results.map(({ forecast }) => ({ ...forecast, ...partsOf(forecast.key, categoryOf) }));
	await sql`
		insert into forecasts (organization_id, series_key, level, product_id, channel, category, origin, is_current, version, run_id, made_at,
			point, lo80, hi80, lo95, hi95, units30, units60, units90, sold30, sold, by_model, weights, notes)
		select ${organizationId}, r.key, r.level, r."productId", r.channel, r.category, ${origin}::date, true, ${version}, ${runId}, now(),
			r.point, r.lo80, r.hi80, r.lo95, r.hi95, r.units30, r.units60, r.units90, r.sold30, r.sold, r."byModel", r.weights, r.notes
		from json_to_recordset(${JSON.stringify(rows)}::text::json) as r (key text, level text, "productId" uuid, channel text, category text,
			point jsonb, lo80 jsonb, hi80 jsonb, lo95 jsonb, hi95 jsonb, units30 float8, units60 float8, units90 float8, sold30 float8, sold jsonb,
			"byModel" jsonb, weights jsonb, notes text[])
		where r."productId" is null or exists (select 1 from products p where p.id = r."productId" and p.organization_id = ${organizationId})`;
}

/** Weights and ranges of each series, and how far its forecasts of the past were off. */
async function storeLearned(
	{ sql }: Tx,
	{ organizationId, version, categoryOf }: Written,
	results: readonly Result[]
): Promise<void> {
	const models = results.flatMap(({ forecast: { key, weights }, model }) =>
		model ? [{ key, ...partsOf(key, categoryOf), weights, state: model }] : []
	);
	await sql`
		insert into forecast_models (organization_id, series_key, level, product_id, channel, category, version, weights, state, trained_at)
		select ${organizationId}, r.key, r.level, r."productId", r.channel, r.category, ${version}, r.weights, r.state, now()
		from json_to_recordset(${JSON.stringify(models)}::text::json) as r (key text, level text, "productId" uuid, channel text, category text, weights jsonb, state jsonb)
		where r."productId" is null or exists (select 1 from products p where p.id = r."productId" and p.organization_id = ${organizationId})`;
	const accuracy = results.flatMap(({ forecast: { weights, notes }, accuracy }) =>
		accuracy ? [{ ...accuracy, ...partsOf(accuracy.key, categoryOf), weights, notes }] : []
	);
	await sql`
		insert into forecast_accuracy (organization_id, series_key, level, product_id, channel, category, version, trained_at, figures, sums, by_model, winner, weights, past, notes)
		select ${organizationId}, r.key, r.level, r."productId", r.channel, r.category, ${version}, now(), r.figures, r.sums, r."byModel", r.winner, r.weights, r.past, r.notes
		from json_to_recordset(${JSON.stringify(accuracy)}::text::json) as r (key text, level text, "productId" uuid, channel text, category text,
			figures jsonb, sums jsonb, "byModel" jsonb, winner text, weights jsonb, past jsonb, notes text[])
		where r."productId" is null or exists (select 1 from products p where p.id = r."productId" and p.organization_id = ${organizationId})`;
}
