import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { dateOf, until, type Series } from '#lib/server/forecasting/series.ts';
import type { Row } from './rows.ts';

export const PEERS = ['prophet', 'ets', 'auto.arima', 'thetaf'] as const;

/**
 * The R peers on the same series and splits, in one child at nice 19.
 * @throws {Error} when R or its packages are missing: Debian's r-cran-prophet and r-cran-forecast.
 */
export async function runPeers(
	series: readonly Series[],
	origins: readonly number[],
	horizon: number,
	methods: readonly string[] = PEERS
): Promise<Row[]> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'forecast-peers-'));
	const tasks: { series: Series; origin: number }[] = [];
	const input = fs.createWriteStream(path.join(folder, 'units.csv'));
	input.write('task,date,units\n');
	for (const one of series)
		for (const origin of origins) {
			const known = until(one, origin).units;
			if (known.length === 0) continue;
			let text = '';
			known.forEach((value, i) => {
				text += `${tasks.length},${dateOf(one.start + i)},${Number.isFinite(value) ? value : 'NA'}\n`;
			});
			input.write(text);
			tasks.push({ series: one, origin });
		}
	await new Promise<void>((done) => input.end(done));
	const out = path.join(folder, 'out.csv');
	const script = path.join(import.meta.dirname, 'peers.R');
	try {
		const parameters = [script, path.join(folder, 'units.csv'), String(horizon), methods.join(','), out];
		await new Promise<void>((done, failed) => {
			const child = spawn('nice', ['-n', '19', 'Rscript', ...parameters], {
				stdio: ['ignore', 'ignore', 'inherit'],
				env: { ...process.env, TZ: 'UTC', OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' }
			});
			child.once('error', failed);
			child.once('exit', (code) =>
				code === 0
					? done()
					: failed(new Error('R peers failed: they need Rscript, r-cran-prophet and r-cran-forecast'))
			);
		});
		return rowsOf(fs.readFileSync(out, 'utf8'), tasks, horizon);
	} finally {
		fs.rmSync(folder, { recursive: true, force: true });
	}
}

function rowsOf(csv: string, tasks: { series: Series; origin: number }[], horizon: number): Row[] {
	const rows = new Map<string, Row>();
	for (const line of parse(csv, { columns: true }) as Record<string, string>[]) {
		const key = `${line.task} ${line.method}`;
		const { series, origin } = tasks[Number(line.task)]!;
		const bare = () => new Array<number>(horizon).fill(0);
		const row = rows.get(key) ?? {
			series_id: series.id,
			origin: dateOf(origin),
			method: `R ${line.method}`,
			point: bare(),
			lo80: bare(),
			hi80: bare(),
			lo95: bare(),
			hi95: bare()
		};
		rows.set(key, row);
		for (const name of ['point', 'lo80', 'hi80', 'lo95', 'hi95'] as const)
			row[name][Number(line.step) - 1] = Number(line[name]);
	}
	return [...rows.values()];
}
