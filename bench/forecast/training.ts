// node bench/forecast/training.ts --data FILE.csv[.gz] [--skus 1000]: a training and a refresh as the app runs them, in the child process: CPU seconds,
// memory, and one SKU by a stored model and trained on demand. Series are repeated with other ids where the file has fewer.
import { parseArgs } from 'node:util';
import { deserialize } from 'node:v8';
import type { Result } from '#lib/server/forecasting/child/pieces.ts';
import type { Told } from '#lib/server/forecasting/child/protocol.ts';
import { addedFigures, figuresOf } from '#lib/server/forecasting/figures.ts';
import { runChild } from '#lib/server/forecasting/run-child.ts';
import type { SalesSet, SkuSales } from '#lib/server/forecasting/sales-set.ts';
import { readSeries } from './read-series.ts';

const { values } = parseArgs({
	options: {
		data: { type: 'string' },
		skus: { type: 'string', default: '1000' },
		help: { type: 'boolean', short: 'h' }
	}
});
const USAGE = 'Usage: node bench/forecast/training.ts --data FILE.csv[.gz] [--skus 1000]';
if (values.help) {
	console.log(USAGE);
	process.exit(0);
}
if (!values.data || !(Number(values.skus) >= 1)) {
	console.error(
		`--data names a CSV file with the columns series_id, date and units; --skus is 1 or more.\n${USAGE}`
	);
	process.exit(2);
}
const { series, last } = await readSeries(values.data);
const CHANNELS = ['amazon', 'shopify', 'walmart'];
const skus = Array.from({ length: Number(values.skus) }, (_, i): SkuSales => {
	const one = series[i % series.length]!;
	// each day's units on one of three channels, so that SKUs by channel have something to say
	const byChannel = CHANNELS.map((_, k) =>
		one.units.map((value, day) => ((day + i) % 3 === k && value > 0 ? value : 0))
	);
	return {
		id: `${one.id}-${i}`,
		category: one.category ?? `category ${i % 12}`,
		start: one.start,
		units: one.units,
		byChannel
	};
});
const set: SalesSet = { origin: last, channels: CHANNELS, skus, promotions: [] };
const base = { seed: 1, set, mostMb: 1_500, parts: new Map<string, Uint8Array>() };
const never = new AbortController().signal;

async function timed(name: string, job: Parameters<typeof runChild>[0]): Promise<Told[]> {
	const answers: Told[] = [];
	const started = performance.now();
	const { cpuSeconds, peakMb } = await runChild(
		job,
		(told) => {
			if (told.type !== 'part' && told.type !== 'progress') answers.push(told);
		},
		never
	);
	const seconds = (performance.now() - started) / 1000;
	console.log(
		`${name}: ${cpuSeconds.toFixed(1)} CPU s, ${seconds.toFixed(1)} s by the clock, ${peakMb} MB at most`
	);
	return answers;
}

const told = await timed(`training of ${skus.length} SKUs`, { ...base, kind: 'train' });
const { trained } = told.find((one) => one.type === 'complete')!;
const { state, shared } = trained!;
const results = told
	.filter((one) => one.type === 'results')
	.flatMap(({ data }) => deserialize(data) as Result[]);
const models = new Map(
	results.flatMap(({ forecast, model }) => (model ? [[forecast.key, model] as const] : []))
);
const accuracy = results.flatMap((one) => one.accuracy ?? []);
for (const [level, keys] of [
	['shop', /^shop$/],
	['channel', /^channel:/],
	['category', /^category:/],
	['SKU', /^product:[^:]+$/],
	['SKU on a channel', /^product:[^:]+:/]
] as const) {
	const { wape, wapeWeek, bias, cover80, cover95, skill } = figuresOf(
		addedFigures(accuracy.filter(({ key }) => keys.test(key)).map(({ sums }) => sums))
	);
	const shown = Object.entries({ wape, wapeWeek, bias, cover80, cover95, skill });
	console.log(
		`  ${level}: ${shown.map(([name, value]) => `${name} ${value?.toFixed(3) ?? '-'}`).join(', ')}`
	);
}
console.log(`  belief in sums' own forecasts: ${JSON.stringify(state.belief)}`);
await timed('refresh by stored weights', {
	...base,
	kind: 'refresh',
	state,
	models,
	judged: new Map(),
	shared
});
for (const retrain of [false, true])
	await timed(retrain ? 'one SKU trained on demand' : 'one SKU by its stored weights', {
		...base,
		kind: 'one',
		set: { ...set, skus: skus.slice(0, 1) },
		shop: { start: skus[0]!.start, units: skus[0]!.units },
		retrain,
		state,
		model: models.get(`product:${skus[0]!.id}`) ?? null,
		shared
	});
