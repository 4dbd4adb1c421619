import { parentPort, workerData } from 'node:worker_threads';
import type { Pool } from '../engines/engine.ts';
import type { Day, Series } from '../series.ts';
import { fitSeries, poolAt, type Said } from './fit.ts';

export interface FitData {
	/** All series of the set; the first `skus` of them are SKUs, from which the calendar is learned. */
	series: Series[];
	skus: number;
	origins: Day[];
}
export interface FitTask {
	index: number;
	safe: boolean;
}
export interface FitAnswer {
	index: number;
	/** By origin. */
	said: (Said | null)[];
}

const { series, skus, origins } = workerData as FitData;
const pools = new Map<Day, Pool>();

parentPort!.on('message', ({ index, safe }: FitTask) => {
	const said = origins.map((origin) => {
		if (series[index]!.start > origin) return null;
		if (!pools.has(origin)) pools.set(origin, poolAt(series.slice(0, skus), origin));
		return fitSeries(series[index]!, origin, pools.get(origin)!, safe);
	});
	parentPort!.postMessage({ index, said } satisfies FitAnswer);
});
