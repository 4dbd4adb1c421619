// npm run bench -- forecast-app: forecasts of the built app over HTTP, and its pages while it trains.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { rebuildOrganization } from '../../src/lib/server/analytics/projection/rebuild.ts';
import { callAdmin } from '../../src/lib/server/platform/admin-socket.ts';
import { bootPlatform } from '../../src/lib/server/platform/boot.ts';
import { useRunning } from '../../src/lib/server/platform/running.ts';
import { parseSettings } from '../../src/lib/server/platform/settings.ts';
import { median, percentile } from '../percentiles.ts';
import { startApp, temporaryFolder, type Child } from '../process.ts';
import { passes, table, type Line } from '../report.ts';
import { givePassword, signIn } from '../sign-in.ts';
import { openStore } from '../tenants.ts';
import { plantSeller, type Seller } from './seller.ts';

const USAGE = `Usage: npm run bench -- forecast-app [--skus 200] [--rounds 10] [--samples 40]
  The built app (npm run build) over a planted seller of --skus products and two years of orders, in one run:
  one SKU forecast before any training exists: trained on demand, 10 SKUs          gate: p95 <= 5 s
  pages quiet and while a training runs, --rounds times --samples of each in turn  gate: p95 while training <= 1.2x quiet
  the longest the server kept a request waiting while results came in              reported
  one SKU by the stored models                                                     gate: p95 <= 150 ms
  Exits with 0 when every gate passes, 1 when one fails, 2 for a wrong call.`;

export async function main(args: string[]): Promise<number> {
	let skus: number, rounds: number, samples: number;
	try {
		const { values } = parseArgs({
			args,
			options: {
				skus: { type: 'string', default: '200' },
				rounds: { type: 'string', default: '10' },
				samples: { type: 'string', default: '40' },
				help: { type: 'boolean', short: 'h' }
			}
		});
		if (values.help) {
			console.log(USAGE);
			return 0;
		}
		[skus, rounds, samples] = [values.skus, values.rounds, values.samples].map(Number) as [
			number,
			number,
			number
		];
		if (![skus, rounds, samples].every((value) => Number.isInteger(value) && value >= 1) || skus < 10)
			throw new Error('--skus is 10 or more, --rounds and --samples are 1 or more.');
	} catch (error) {
		console.error(`${(error as Error).message}\n${USAGE}`);
		return 2;
	}
	const folder = temporaryFolder('forecast');
	try {
		const seller = await fill(folder.path, skus);
		const app = await startApp({
			dataDir: folder.path,
			env: { JOBS: 'off', API_REQUESTS_PER_MINUTE: '1000000' }
		});
		try {
			const lines = await measure(app, folder.path, seller, rounds, samples);
			console.log(table({ bench: 'forecast-app', lines, facts: { skus, rounds, samples } }));
			return lines.every((line) => passes(line) !== false) ? 0 : 1;
		} finally {
			await app.stop();
		}
	} finally {
		await folder.remove();
	}
}

async function fill(dataDir: string, skus: number): Promise<Seller> {
	const platform = await bootPlatform(parseSettings({ DATA_DIR: dataDir, LOG_LEVEL: 'warn' }));
	useRunning(platform);
	const sql = openStore(dataDir, 2);
	try {
		console.error(`planting ${skus} SKUs`);
		const seller = await plantSeller(sql, skus);
		await givePassword(sql, seller.ownerId);
		await rebuildOrganization(seller.id);
		return seller;
	} finally {
		await sql.end({ timeout: 2 });
		await platform.stop();
	}
}

async function measure(
	app: Child,
	dataDir: string,
	seller: Seller,
	rounds: number,
	samples: number
): Promise<Line[]> {
	const token = await signIn(app.url, seller.ownerId);
	const forecast = (productId: string, model = 'ensemble') =>
		timed(`${app.url}/api/v1/forecast/generate`, {
			method: 'POST',
			headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
			body: JSON.stringify({ product_id: productId, horizon_days: 30, model })
		});
	const page = (name: string) =>
		timed(`${app.url}/${seller.slug}/${name}`, { headers: { cookie: seller.cookie, accept: 'text/html' } });
	const PAGES = ['dashboard', 'orders'];

	console.error('one SKU on demand, before any training');
	const onDemand: number[] = [];
	for (const id of seller.productIds.slice(0, 10)) onDemand.push(await forecast(id));

	console.error('pages, quiet and while training in turn');
	for (let n = 0; n < samples; n++) for (const name of PAGES) await page(name);
	let ended = false;
	const training = callAdmin<{ runs: { cpuSeconds: number; peakMb: number }[] }>(
		dataDir,
		'train',
		{ allProducts: true },
		() => {}
	).finally(() => (ended = true));
	training.catch(() => {});
	const child = await trainerOf(app.pid);
	const quiet: number[] = [];
	const busy: number[] = [];
	let inTurn = 0;
	for (; inTurn < rounds && !ended; inTurn++) {
		// the trainer stands still: the same machine in the same minute, with and without it
		process.kill(child, 'SIGSTOP');
		await sleep(200);
		for (let n = 0; n < samples; n++) for (const name of PAGES) quiet.push(await page(name));
		process.kill(child, 'SIGCONT');
		await sleep(200);
		const round: number[] = [];
		for (let n = 0; n < samples; n++) for (const name of PAGES) round.push(await page(name));
		if (!ended) busy.push(...round);
	}
	console.error('the training goes on to its end');
	const waits: number[] = [];
	while (!ended) {
		waits.push(await timed(`${app.url}/healthz`, {}));
		await sleep(10);
	}
	const run = (await training)!.result.runs[0]!;

	console.error('one SKU by the stored models');
	const stored: number[] = [];
	const single: number[] = [];
	const some = seller.productIds.slice(0, 50);
	for (const id of some.slice(0, 10)) await forecast(id);
	for (let n = 0; n < 4; n++)
		for (const id of some) {
			stored.push(await forecast(id));
			single.push(await forecast(id, ['prophet', 'arima', 'lstm', 'fixed'][n]));
		}
	const at = (values: number[]) =>
		`p50 ${median(values).toFixed(1)}, longest ${Math.max(...values).toFixed(1)}, n ${values.length}`;
	const absolute = { reference: null, unit: 'ms' };
	return [
		{
			name: 'one SKU trained on demand: p95',
			candidate: percentile(onDemand, 0.95),
			...absolute,
			gate: { atMost: 5000 },
			note: at(onDemand)
		},
		{
			name: 'one SKU, stored ensemble: p95',
			candidate: percentile(stored, 0.95),
			...absolute,
			gate: { atMost: 150 },
			note: at(stored)
		},
		{
			name: 'one SKU, stored single models: p95',
			candidate: percentile(single, 0.95),
			...absolute,
			gate: { atMost: 150 },
			note: at(single)
		},
		{
			name: 'pages while training against quiet: p95',
			candidate: percentile(busy, 0.95),
			reference: percentile(quiet, 0.95),
			unit: 'ms',
			gate: { atMost: 1.2 },
			note: `p50 ${median(busy).toFixed(1)} against ${median(quiet).toFixed(1)}, ${busy.length} of each over ${inTurn} turns`
		},
		{
			name: 'a request while results come in: longest',
			candidate: waits.length > 0 ? Math.max(...waits) : Number.NaN,
			...absolute,
			gate: null,
			note: `p50 ${median(waits).toFixed(1)}, n ${waits.length}`
		},
		{ name: 'training: CPU', candidate: run.cpuSeconds, reference: null, unit: 's', gate: null },
		{ name: 'training: memory', candidate: run.peakMb, reference: null, unit: 'MB', gate: null },
		{
			name: 'app: memory at most',
			candidate: app.peakMemory() / 2 ** 20,
			reference: null,
			unit: 'MB',
			gate: null
		}
	];
}

/** Milliseconds until the last byte. @throws Error when it is not answered with success */
async function timed(url: string, init: RequestInit): Promise<number> {
	const began = performance.now();
	const response = await fetch(url, { ...init, redirect: 'manual' });
	const text = await response.text();
	if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`);
	return performance.now() - began;
}

/** The app's child that trains, as soon as it has begun to fit (Linux). */
async function trainerOf(app: number): Promise<number> {
	for (let waited = 0; waited < 120_000; waited += 100) {
		for (const name of fs.readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
			try {
				const parent = fs
					.readFileSync(path.join('/proc', name, 'stat'), 'utf8')
					.split(') ')[1]!
					.split(' ')[1];
				const command = fs.readFileSync(path.join('/proc', name, 'cmdline'), 'utf8');
				if (Number(parent) === app && command.includes('forecasting/child/main.ts')) {
					await sleep(3000);
					return Number(name);
				}
			} catch {
				// gone meanwhile
			}
		}
		await sleep(100);
	}
	throw new Error('No training was seen.');
}
