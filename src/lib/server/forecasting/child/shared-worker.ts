import { deserialize, serialize } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { lifted } from '../backtest.ts';
import { boostedTrees, growTrees } from '../boosting/train.ts';
import { withoutLift } from '../lift.ts';
import { networkFrom, roundsFor, trainLstm, weightsOf, type Lstm } from '../lstm/train.ts';
import { loadTensorflow } from '../lstm/tensorflow.ts';
import { HORIZON } from '../sales-set.ts';
import { cleaned, until, type Day, type Series } from '../series.ts';
import { NETWORK_NAMES, sideBySide, TREES_NAMES, untrained } from '../shared-models.ts';
import { poolAt, type SharedSaid } from './fit.ts';
import type { StoredModels } from './stored-models.ts';

export interface SharedData {
	series: Series[];
	skus: number;
	seed: number;
	mostRounds: number;
	/** Oldest first. */
	origins: Day[];
	/** Trained models: they are not trained any further. */
	trained: StoredModels | null;
	/** What an earlier try had trained, by origin. */
	done: Map<Day, Uint8Array>;
}
/** What the models of all SKUs said of each series at one origin, and these models. */
export interface SharedPart {
	said: SharedSaid[];
	models: StoredModels;
}

const { series, skus, seed, mostRounds, origins, trained, done } = workerData as SharedData;

/** The network is trained fully at the oldest origin, then carried on at each later one; trees are grown anew at each: no origin sees a day after itself. */
async function work(): Promise<void> {
	let network: Lstm | null = trained ? await networkFrom(trained.network, HORIZON) : null;
	for (const origin of origins) {
		const known = series.map((one) => ({ ...until(one, origin), units: cleaned(until(one, origin).units) }));
		const pool = poolAt(series.slice(0, skus), origin);
		const ordinary = known.map((one) => withoutLift(one, pool.lift));
		const members = ordinary.slice(0, skus);
		const before = network;
		const kept = done.get(origin);
		if (kept) {
			network = await networkFrom((deserialize(kept) as SharedPart).models.network, HORIZON);
			before?.dispose();
			continue;
		}
		if (!trained) {
			network = await trainLstm(members, {
				horizon: HORIZON,
				seed,
				rounds: Math.min(mostRounds, before ? Math.round(roundsFor(members) / 6) : roundsFor(members)),
				...(before && { from: before.weights() })
			});
			before?.dispose();
		}
		const trees = trained ? trained.trees : growTrees(members, HORIZON, seed);
		const said = sideBySide([
			network ?? untrained(NETWORK_NAMES),
			trees ? boostedTrees(trees, members) : untrained(TREES_NAMES)
		]).forecast(ordinary, HORIZON);
		const part: SharedPart = {
			said: said.map((all, i) =>
				all!.map((points) => points && Float32Array.from(lifted(points, known[i]!, pool)))
			),
			models: { network: network ? weightsOf(network) : [], trees }
		};
		parentPort!.postMessage({ origin, data: serialize(part), backend: await loadTensorflow() });
	}
	network?.dispose();
	parentPort!.close();
}

void work();
