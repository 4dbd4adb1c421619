import type { AccuracyFigures, RunView } from '#lib/contracts/forecast-views.ts';
import type { SeriesState, SetState } from '../learned.ts';
import type { AccuracyResult, ForecastResult } from '../results.ts';
import type { SalesSet } from '../sales-set.ts';

/** What the child is asked to do; one job, then it ends. Sent in parts by structured clone. */
export type Job = {
	seed: number;
	set: SalesSet;
	/** A child that holds more than this ends itself. */
	mostMb: number;
	/** Bounds each training of the network. */
	mostRounds?: number;
} & (
	| {
			kind: 'train';
			/** What an earlier try had done. */
			parts: Map<string, Uint8Array>;
	  }
	| {
			kind: 'refresh';
			parts: Map<string, Uint8Array>;
			state: SetState;
			models: Map<string, SeriesState>;
			judged: Map<string, AccuracyFigures>;
			shared: Uint8Array | null;
	  }
	| {
			/** One SKU: the set holds it alone. */
			kind: 'one';
			/** Units of the whole shop, for what weekdays and seasons look like. */
			shop: { start: number; units: Float64Array };
			/** Fit and weigh anew against the past; without it the stored weights are used. */
			retrain: boolean;
			state: SetState | null;
			model: SeriesState | null;
			shared: Uint8Array | null;
	  }
);

export interface OneResult {
	forecast: ForecastResult;
	/** By model, for ranges of models other than the mixture. */
	calibrations: SetState['skus']['calibrations'];
	own: SeriesState['own'];
	accuracy: AccuracyResult | null;
	spread: { usual: number; idle: number; closed: Uint8Array };
}

export type Told =
	| { type: 'progress'; progress: RunView['progress'] }
	| { type: 'part'; part: string; data: Uint8Array }
	/** Some of the series of a finished run, packed; see pieces.ts. */
	| { type: 'results'; data: Uint8Array }
	/** All of them were told; `trained` is what a training learned of the set. */
	| {
			type: 'complete';
			keys: string[];
			trained: { state: SetState; shared: Uint8Array | null } | null;
	  }
	| { type: 'one'; result: OneResult }
	| { type: 'failed'; message: string }
	| { type: 'used'; cpuSeconds: number; peakMb: number; backend: string | null };
