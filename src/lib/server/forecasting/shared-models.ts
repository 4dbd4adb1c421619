import type { SharedModel } from './backtest.ts';

/** Heads of the network: its mean, which is mixed, and its median, which is only shown. */
export const NETWORK_NAMES: readonly string[] = ['lstm', 'lstm-median'];
export const TREES_NAMES: readonly string[] = ['boosted-trees'];
/** Methods of the models that learn from all SKUs together, in the order in which their answers are kept. */
export const SHARED_NAMES: readonly string[] = [...NETWORK_NAMES, ...TREES_NAMES];

/** Stands in where there is nothing to train on: callers then use their fallback under the same names. */
export function untrained(names: readonly string[]): SharedModel {
	return { names, forecast: (set) => set.map(() => null) };
}

/** Several shared models as one: the names and answers of all, one after the other. */
export function sideBySide(models: readonly SharedModel[]): SharedModel {
	return {
		names: models.flatMap(({ names }) => names),
		forecast: (set, horizon) => {
			const said = models.map(({ names, forecast }) => ({ names, answers: forecast(set, horizon) }));
			return set.map((_, i) => said.flatMap(({ names, answers }) => answers[i] ?? names.map(() => null)));
		}
	};
}
