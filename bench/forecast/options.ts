import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { ENGINES } from '#lib/server/forecasting/engines/index.ts';
import { SHARED_NAMES } from '#lib/server/forecasting/shared-models.ts';

export interface Options {
	data: string;
	/** Days to forecast. */
	horizon: number;
	/** Judged origins, `horizon` days apart. */
	origins: number;
	methods: string[] | null;
	peers: boolean;
	/** Lines of an earlier run of the peers on the same file and splits, so that they need not run again. */
	peersFrom: string | null;
	out: string | null;
	/** Of the network: the same seed gives the same bytes. */
	seed: number;
}

export const USAGE =
	'Usage: npm run bench -- forecast --data FILE.csv[.gz] [--horizon 30] [--origins 3] [--methods a,b] [--peers | --peers-from FILE.jsonl] [--seed 1] [--out FILE.jsonl]';

/** @throws {Error} that says which option is wrong and how it should be. */
export function forecastOptions(args: string[]): Options {
	const { values } = parseArgs({
		args,
		options: {
			data: { type: 'string' },
			horizon: { type: 'string', default: '30' },
			origins: { type: 'string', default: '3' },
			methods: { type: 'string' },
			peers: { type: 'boolean', default: false },
			'peers-from': { type: 'string' },
			out: { type: 'string' },
			seed: { type: 'string', default: '1' }
		}
	});
	if (!values.data) throw new Error('--data names a CSV file with the columns series_id, date and units.');
	if (!fs.existsSync(values.data)) throw new Error(`There is no file ${values.data}.`);
	const names = [...ENGINES.map(({ name }) => name), ...SHARED_NAMES, 'ensemble', 'fixed'];
	const methods = values.methods?.split(',').map((name) => name.trim()) ?? null;
	const unknown = methods?.find((name) => !names.includes(name));
	if (unknown !== undefined)
		throw new Error(`There is no method "${unknown}": there are ${names.join(', ')}.`);
	return {
		data: values.data,
		horizon: whole('horizon', values.horizon, 1, 90),
		origins: whole('origins', values.origins, 1, 24),
		methods,
		peers: values.peers,
		peersFrom: values['peers-from'] ?? null,
		out: values.out ?? null,
		seed: whole('seed', values.seed, 0, 2 ** 31)
	};
}

function whole(name: string, text: string, least: number, most: number): number {
	const value = Number(text);
	if (!Number.isInteger(value) || value < least || value > most)
		throw new Error(`--${name} is a whole number from ${least} to ${most}.`);
	return value;
}
