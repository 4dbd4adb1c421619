import fs from 'node:fs';
import { createRequire } from 'node:module';
import { Prophet, initSync } from '@bsull/augurs/prophet';
import { NotForThisSeries, type Engine } from './engine.ts';
import { optimizer } from './prophet-optimizer.ts';

let ready = false;

/** augurs' own loader fetches by URL, which Node's file URLs do not answer: the module is compiled from disk, once a thread. */
function load(): void {
	if (ready) return;
	const file = createRequire(import.meta.url)
		.resolve('@bsull/augurs/prophet')
		.replace(/\.js$/, '_bg.wasm');
	initSync({ module: new WebAssembly.Module(fs.readFileSync(file)) });
	ready = true;
}

/** Days of history Prophet looks at: its cost grows with them. */
const MEMORY = 1100;

/**
 * Prophet with weekly terms, and yearly ones of low order from two years on ('auto' is off at exactly two
 * years; below, one autumn's growth is taken for the season and errs by a fifth more). The trend is
 * damped by a stiff changepoint prior. Not for series under 60 days, where its trend is nonsense, nor all-zero ones, where it traps.
 */
export const prophet: Engine = {
	name: 'prophet',
	fit(series) {
		load();
		const offset = Math.max(0, series.units.length - MEMORY);
		const units = series.units.subarray(offset);
		const known = [...units.keys()].filter((i) => !Number.isNaN(units[i]!));
		if (known.length < 60) throw new NotForThisSeries('Prophet needs 60 known days');
		if (known.every((i) => units[i] === units[known[0]!]))
			throw new NotForThisSeries('a constant has nothing to fit');
		const second = (i: number) => (series.start + offset + i) * 86_400;
		const model = new Prophet({
			optimizer,
			weeklySeasonality: { type: 'manual', enabled: true },
			yearlySeasonality:
				units.length >= 730 ? { type: 'fourier', order: 6 } : { type: 'manual', enabled: false },
			dailySeasonality: { type: 'manual', enabled: false },
			uncertaintySamples: 0
		});
		try {
			model.fit({ ds: known.map(second), y: known.map((i) => units[i]!) });
			const end = units.length;
			// Predicted at once, for the longest horizon there is, so that the wasm memory is given back here.
			const all = model.predict({ ds: Array.from({ length: 90 }, (_, h) => second(end + h)) }).yhat.point;
			// its sums run in the order of a hash table as well: what differs is far behind the sixth decimal
			const points = all.map((value) => Math.round(value * 1e6) / 1e6);
			return {
				forecast: (horizon) => Float64Array.from({ length: horizon }, (_, h) => points[Math.min(h, 89)]!)
			};
		} finally {
			model.free();
		}
	}
};
