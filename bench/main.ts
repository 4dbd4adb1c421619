// npm run bench -- NAME [--rounds N] [--json FILE]
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import type { Options } from './options.ts';
import { passes, table, type Result } from './report.ts';

// The forecast bench reads a file and has options and a table of its own.
if (process.argv[2] === 'forecast') {
	const { main } = await import('./forecast/main.ts');
	process.exit(await main(process.argv.slice(3)));
}

if (process.argv[2] === 'forecast-app') {
	const { main } = await import('./forecast/app.ts');
	process.exit(await main(process.argv.slice(3)));
}

/** A bench: what it measures in a line, what passes, and how to run it. Loaded only when it is asked for. */
const BENCHES: Record<
	string,
	{
		measures: string;
		gate: string;
		load(): Promise<{ run(rounds: number, options: Options): Promise<Result> }>;
	}
> = {
	panels: {
		measures: 'the statements of all panels at --lines order lines, PostgreSQL on the raw rows beside them',
		gate: 'p95 <= 10x select 1; >= 15x (cohorts 100x) faster than PostgreSQL; P6 and P7, see bench/README.md',
		load: () => import('./panels/run.ts')
	},
	api: {
		measures: 'GET of /api/v1 over HTTP at --lines order lines, one after the other',
		gate: 'p95 <= 25 ms of each',
		load: () => import('./api.ts')
	},
	page: {
		measures: 'the dashboard in Chromium with a cold cache at --lines order lines',
		gate: 'LCP <= 2x the same bytes served as files; JS <= 110 KiB, <= 25 requests, CLS <= 0.02',
		load: () => import('./page.ts')
	},
	live: {
		measures: 'webhook to the first byte of its event on a stream, and to changed text in Chromium',
		gate: 'SSE byte p50 and p99 <= 3x the bare path; DOM p99 <= 150 ms',
		load: () => import('./live.ts')
	},
	agree: {
		measures:
			'a late refund, a changed order, a changed cost, until the last page, answer and export tells it',
		gate: 'p95 <= 1 s of each',
		load: () => import('./agree.ts')
	},
	hooks: {
		measures: 'webhooks a second, acknowledged after the commit, at 1 and at 200 organizations',
		gate: '>= 2x the same transaction run once per hook',
		load: () => import('./hooks.ts')
	},
	ingest: {
		measures: 'orders of a first sync a second, from JSON to committed rows',
		gate: '>= 0.60x COPY of the same rows into the same tables',
		load: () => import('./ingest.ts')
	}
};

const usage = [
	'Usage: npm run bench -- NAME [--rounds 5] [--json FILE]',
	'       panels, page, api: [--lines 10000000] [--data FOLDER, kept and used again] [--samples 1000] [--grow 10]',
	...Object.entries(BENCHES).map(
		([name, bench]) => `  ${name.padEnd(8)} ${bench.measures}\n  ${''.padEnd(8)} gate: ${bench.gate}`
	),
	'  forecast accuracy of every method on a CSV of daily units: npm run bench -- forecast --data FILE, see bench/README.md',
	'  forecast-app forecasts of one SKU over HTTP, pages while a training runs: npm run bench -- forecast-app --help',
	'Exits with 0 when every gate passes, 1 when one fails, 2 for a wrong call. See bench/README.md.'
].join('\n');

function wrongCall(message: string): never {
	console.error(`${message}\n${usage}`);
	process.exit(2);
}

function asked(): { name: string; rounds: number; json: string | undefined; options: Options } {
	let given;
	try {
		given = parseArgs({
			allowPositionals: true,
			options: {
				rounds: { type: 'string', default: '5' },
				json: { type: 'string' },
				lines: { type: 'string', default: '10000000' },
				data: { type: 'string' },
				samples: { type: 'string', default: '1000' },
				grow: { type: 'string', default: '10' },
				help: { type: 'boolean', short: 'h' }
			}
		});
	} catch (error) {
		wrongCall((error as Error).message);
	}
	const { values, positionals } = given;
	if (values.help) {
		console.log(usage);
		process.exit(0);
	}
	const [name, ...rest] = positionals;
	if (!name || !BENCHES[name] || rest.length > 0)
		wrongCall(name ? `There is no bench "${positionals.join(' ')}".` : 'Which bench?');
	const rounds = Number(values.rounds);
	if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100)
		wrongCall('--rounds is a whole number from 1 to 100.');
	const whole = (option: 'lines' | 'samples' | 'grow', least: number) => {
		const value = Number(values[option]);
		if (!Number.isInteger(value) || value < least)
			wrongCall(`--${option} is a whole number from ${least} on.`);
		return value;
	};
	const options = {
		lines: whole('lines', 30_000),
		data: values.data,
		samples: whole('samples', 5),
		grow: whole('grow', 0)
	};
	return { name, rounds, json: values.json, options };
}

const { name, rounds, json, options } = asked();
const result = await (await BENCHES[name]!.load()).run(rounds, options);
console.log(table(result));
if (json)
	fs.writeFileSync(
		json,
		JSON.stringify(
			{ ...result, lines: result.lines.map((line) => ({ ...line, passed: passes(line) })) },
			null,
			'\t'
		)
	);
process.exit(result.lines.some((line) => passes(line) === false) ? 1 : 0);
