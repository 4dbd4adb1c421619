import fs from 'node:fs';
import { casesAt, originsBefore, type Case, type Cost } from '#lib/server/forecasting/backtest.ts';
import { ENGINES } from '#lib/server/forecasting/engines/index.ts';
import { FIXED, forecastSet } from '#lib/server/forecasting/forecast-set.ts';
import { boostedTrees, growTrees } from '#lib/server/forecasting/boosting/train.ts';
import { roundsFor, trainLstm, type Lstm } from '#lib/server/forecasting/lstm/train.ts';
import { learnLift, withoutLift } from '#lib/server/forecasting/lift.ts';
import { cleaned, dateOf, until, type Series } from '#lib/server/forecasting/series.ts';
import { NETWORK_NAMES, sideBySide, TREES_NAMES, untrained } from '#lib/server/forecasting/shared-models.ts';
import { judge } from './judge.ts';
import { judgeLevels } from './levels.ts';
import type { Options } from './options.ts';
import { runPeers } from './peers.ts';
import { readSeries } from './read-series.ts';
import type { Row } from './rows.ts';

/** Past origins the weights and intervals of each judged origin are learned from. */
const PAST = 4;

const NAIVE = 'seasonal-naive';

/** Whether an engine (or a model of all series) has to run for the methods asked for. */
function needed(methods: string[] | null, engine: string): boolean {
	if (!methods || methods.includes('ensemble') || methods.includes(engine) || engine === NAIVE) return true;
	return (
		(engine === 'lstm' && methods.includes('lstm-median')) || (methods.includes('fixed') && engine in FIXED)
	);
}

/** Forecasts the file's series at each origin from what was known there, judges all of it, prints the table. */
export async function runForecastBench(options: Options): Promise<void> {
	const { series, last, notes } = await readSeries(options.data);
	const started = process.cpuUsage();
	const engines = ENGINES.filter(({ name }) => needed(options.methods, name));
	const judged = originsBefore(last, options.horizon, options.origins);
	const all = originsBefore(last, options.horizon, options.origins + PAST);
	const cost: Cost = new Map();
	const cases = new Map<number, Case[]>();
	const withNetwork = needed(options.methods, 'lstm');
	const withTrees = needed(options.methods, 'boosted-trees');
	let network = null as Lstm | null;
	for (const origin of all) {
		// Trained fully at the oldest origin, then carried on at each later one: no origin sees a day after itself.
		const before = network;
		const known = ordinaryUntil(series, origin);
		const started = performance.now();
		network = withNetwork
			? await trainLstm(known, {
					horizon: options.horizon,
					seed: options.seed,
					rounds: before ? Math.round(roundsFor(known) / 6) : roundsFor(known),
					...(before && { from: before.weights() })
				})
			: null;
		before?.dispose();
		if (network) cost.set('lstm', (cost.get('lstm') ?? 0) + performance.now() - started);
		const grown = performance.now();
		const trees = withTrees ? growTrees(known, options.horizon, options.seed) : null;
		if (trees) cost.set('boosted-trees', (cost.get('boosted-trees') ?? 0) + performance.now() - grown);
		const shared = [
			...(withNetwork ? [network ?? untrained(NETWORK_NAMES)] : []),
			...(withTrees ? [trees ? boostedTrees(trees) : untrained(TREES_NAMES)] : [])
		];
		cases.set(
			origin,
			casesAt(series, origin, options.horizon, engines, cost, shared.length > 0 ? sideBySide(shared) : null)
		);
	}
	const newest = cases.get(all.at(-1)!)!;
	if (newest.length === 0)
		throw new Error(
			`no series begins before the last ${options.horizon} days of the file (until ${dateOf(last)})`
		);
	const names = [...newest[0]!.points.keys()];
	network?.dispose();
	const rows: Row[] = judged.flatMap((origin) => {
		const at = all.indexOf(origin);
		const past = all.slice(Math.max(0, at - PAST), at).flatMap((before) => cases.get(before)!);
		return forecastSet(past, cases.get(origin)!, names).map((one) => ({
			series_id: one.series,
			origin: dateOf(origin),
			method: one.method,
			...rounded(one)
		}));
	});
	const used = process.cpuUsage(started);
	const seconds = (used.user + used.system) / 1e6;
	const chosen = rows.filter(({ method }) => options.methods?.includes(method) ?? true);
	if (options.peersFrom) {
		for (const line of fs.readFileSync(options.peersFrom, 'utf8').split('\n'))
			if (line) chosen.push(JSON.parse(line) as Row);
	} else if (options.peers) chosen.push(...(await runPeers(series, judged, options.horizon)));
	if (options.out) {
		const file = fs.createWriteStream(options.out);
		for (const row of chosen)
			if (!file.write(`${JSON.stringify(row)}\n`))
				await new Promise((go) => file.once('drain', () => go(null)));
		await new Promise<void>((done) => file.end(done));
	}
	const late = judged.reduce((sum, origin) => sum + series.filter((one) => one.start > origin).length, 0);
	if (late > 0) notes.push(`${late} times a series had not begun at an origin: left out there`);
	for (const note of notes) console.log(`note: ${note}`);
	// The yardstick stands in every table.
	const naive = chosen.some(({ method }) => method === NAIVE)
		? []
		: rows.filter(({ method }) => method === NAIVE);
	console.log(judge(series, [...chosen, ...naive], options.horizon));
	const levels = judgeLevels(series, [...chosen, ...naive], options.horizon);
	if (levels) console.log(`\n${levels}`);
	const each = [...cost]
		.map(([name, ms]) => `${name} ${(ms / all.length / series.length).toFixed(1)}`)
		.join(', ');
	console.log(
		`${series.length} series, ${judged.length} origins of ${options.horizon} days (${judged.map(dateOf).join(', ')}), ${seconds.toFixed(0)} CPU s without peers, ${Math.round(process.resourceUsage().maxRSS / 1024)} MB; ms a fit: ${each}`
	);
}

/** What the network learns from: ordinary days. */
function ordinaryUntil(series: readonly Series[], origin: number): Series[] {
	const known = series.map((one) => ({ ...until(one, origin), units: cleaned(until(one, origin).units) }));
	const lift = learnLift(known);
	return known.map((one) => withoutLift(one, lift));
}

function rounded(one: {
	point: Float64Array;
	lo80: Float64Array;
	hi80: Float64Array;
	lo95: Float64Array;
	hi95: Float64Array;
}) {
	const short = (values: Float64Array) => Array.from(values, (value) => Number(value.toPrecision(7)));
	return {
		point: short(one.point),
		lo80: short(one.lo80),
		hi80: short(one.hi80),
		lo95: short(one.lo95),
		hi95: short(one.hi95)
	};
}
