import { deserialize, serialize } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { lifted } from '../backtest.ts';
import { withoutLift } from '../lift.ts';
import { networkFrom, roundsFor, trainLstm, weightsOf, type Lstm } from '../lstm/train.ts';
import { loadTensorflow } from '../lstm/tensorflow.ts';
import { HORIZON } from '../sales-set.ts';
import { cleaned, until, type Day, type Series } from '../series.ts';
import { poolAt } from './fit.ts';

export interface NetworkData {
	series: Series[];
	skus: number;
	seed: number;
	mostRounds: number;
	/** Oldest first. */
	origins: Day[];
	/** A trained network: it is not trained any further. */
	trained: Uint8Array | null;
	/** What an earlier try had trained, by origin. */
	done: Map<Day, Uint8Array>;
}
/** Points of one origin, and the weights they come from. `said` by series: mean and median head, null where it can say nothing. */
export interface NetworkPart {
	said: (Float32Array[] | null)[];
	weights: Float32Array[];
}

const { series, skus, seed, mostRounds, origins, trained, done } = workerData as NetworkData;

/** Trained fully at the oldest origin, then carried on at each later one: no origin sees a day after itself. */
async function work(): Promise<void> {
	let network: Lstm | null = trained
		? await networkFrom(deserialize(trained) as Float32Array[], HORIZON)
		: null;
	for (const origin of origins) {
		const known = series.map((one) => ({ ...until(one, origin), units: cleaned(until(one, origin).units) }));
		const pool = poolAt(series.slice(0, skus), origin);
		const ordinary = known.map((one) => withoutLift(one, pool.lift));
		const before = network;
		const kept = done.get(origin);
		if (kept) {
			network = await networkFrom((deserialize(kept) as NetworkPart).weights, HORIZON);
			before?.dispose();
			continue;
		}
		if (!trained) {
			const members = ordinary.slice(0, skus);
			network = await trainLstm(members, {
				horizon: HORIZON,
				seed,
				rounds: Math.min(mostRounds, before ? Math.round(roundsFor(members) / 6) : roundsFor(members)),
				...(before && { from: before.weights() })
			});
			before?.dispose();
		}
		const part: NetworkPart = {
			said: network
				? network
						.forecast(ordinary, HORIZON)
						.map((heads, i) => heads?.map((head) => Float32Array.from(lifted(head, known[i]!, pool))) ?? null)
				: known.map(() => null),
			weights: network ? weightsOf(network) : []
		};
		parentPort!.postMessage({ origin, data: serialize(part), backend: await loadTensorflow() });
	}
	network?.dispose();
	parentPort!.close();
}

void work();
