// npm run train: forecasts trained now, while the app serves.
import fs from 'node:fs';
import { HORIZONS } from '#lib/contracts/forecasts.ts';
import { MODELS } from '#lib/contracts/forecast-views.ts';
import { trainCommand, type TrainedAll } from '#lib/server/forecasting/index.ts';
import { callAdmin } from '#lib/server/platform/admin-socket.ts';
import { bootPlatform } from '#lib/server/platform/boot.ts';
import { useRunning } from '#lib/server/platform/running.ts';
import { parseSettings } from '#lib/server/platform/settings.ts';
import { readOptions, wrongCall } from './command-line.ts';

const USAGE = `Usage: npm run train -- --all-products [--horizon 30|60|90] [--organization SLUG]
       npm run train -- --product SKU [--model ensemble|fixed|prophet|lstm|arima|ets|theta] [--horizon 30|60|90] [--organization SLUG]

--all-products trains every product of every organization (or of one), stores weights, ranges, accuracy and forecasts of 90 days, and
prints what is expected over the horizon. The forecasts of before stay until the new ones are complete; a run that is killed goes on.
--product fits one SKU anew and prints its days; nothing is stored.
While the app runs on DATA_DIR (default .data) the app does it, otherwise this command opens the stores. The work is done in a process
of its own at low priority.
Exit code 0 when done, 1 when it could not be done, 2 for a wrong call.`;

let shown = '';
const values = readOptions(USAGE, {
	'all-products': { type: 'boolean' },
	product: { type: 'string' },
	model: { type: 'string' },
	horizon: { type: 'string' },
	organization: { type: 'string' }
});
const wrong =
	(values['all-products'] === true) === (values.product !== undefined)
		? 'Say either --all-products or --product SKU.'
		: values['all-products'] && values.model !== undefined
			? '--model goes with --product: all products are trained with every model.'
			: values.model !== undefined && !(MODELS as readonly string[]).includes(values.model)
				? `--model is one of ${MODELS.join(', ')}.`
				: values.horizon !== undefined && !HORIZONS.map(String).includes(values.horizon)
					? `--horizon is ${HORIZONS.join(', ')} days.`
					: null;
if (wrong) wrongCall(wrong, USAGE);
if (fs.existsSync('.env')) process.loadEnvFile('.env');
process.env.LOG_LEVEL ??= 'warn';

try {
	const settings = parseSettings(process.env);
	const input = {
		...(values['all-products'] && { allProducts: true }),
		...(values.product !== undefined && { product: values.product }),
		...(values.model !== undefined && { model: values.model }),
		...(values.horizon !== undefined && { horizon: Number(values.horizon) }),
		...(values.organization !== undefined && { organization: values.organization })
	};
	const answer = await callAdmin<TrainedAll>(settings.DATA_DIR, 'train', input, show);
	report(answer ? answer.result : await alone());
	process.exit(0);

	async function alone(): Promise<TrainedAll> {
		const platform = await bootPlatform(settings);
		useRunning(platform);
		try {
			return await trainCommand(input, show);
		} finally {
			await platform.stop();
		}
	}
} catch (error) {
	console.error((error as Error).message);
	process.exit(1);
}

function show(progress: unknown): void {
	const { slug, step, done, total } = progress as { slug: string; step: string; done: number; total: number };
	const line = `${slug}  ${step}${total > 0 ? `  ${done} of ${total}` : ''}`;
	// each tenth is enough
	const tenth = `${slug} ${step} ${total > 0 ? Math.floor((10 * done) / total) : 0}`;
	if (tenth !== shown) console.log(line);
	shown = tenth;
}

function report({ runs, products }: TrainedAll): void {
	const days = values.horizon ?? '30';
	for (const { slug, series, units, cpuSeconds, peakMb, version } of runs)
		console.log(
			`${slug}  done: ${series.toLocaleString('en')} products, ${Math.round(units).toLocaleString('en')} units expected in ${days} days, ` +
				`version ${version}, ${Math.round(cpuSeconds ?? 0)} CPU seconds, ${peakMb ?? 0} MB`
		);
	for (const { slug, sku, model, from, horizon, units, point, lo80, hi80, milliseconds } of products) {
		console.log(
			`${slug}  ${sku}  ${model}: ${units.toFixed(1)} units in ${horizon} days from ${from}, ${milliseconds} ms`
		);
		point.forEach((value, day) => {
			const date = new Date(Date.parse(from) + day * 86_400_000).toISOString().slice(0, 10);
			console.log(
				`  ${date}  ${value.toFixed(1).padStart(9)}  80%: ${lo80[day]!.toFixed(1)} to ${hi80[day]!.toFixed(1)}`
			);
		});
	}
}
