import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { SharedModel } from '../backtest.ts';
import { seeded } from '../random.ts';
import type { Series } from '../series.ts';
import { NETWORK_NAMES } from '../shared-models.ts';
import { buildNetwork, HEADS, loss } from './network.ts';
import { loadTensorflow } from './tensorflow.ts';
import { STATIC, STEP, targetsAt, WEEKS, windowAt, type Window } from './windows.ts';

export interface Training {
	horizon: number;
	seed: number;
	/** Batches of 256 windows. */
	rounds: number;
	/** Weights to go on from, such as last week's. */
	from?: tf.Tensor[];
}

const BATCH = 256;

/** Rounds in which a set's windows are seen about twice, bounded: beyond 400 nothing was gained, and a small set is soon known. */
export function roundsFor(set: readonly Series[]): number {
	const windows = set.reduce((sum, { units }) => sum + Math.max(0, units.length - LEAST), 0);
	return Math.round(Math.min(400, Math.max(60, (2 * windows) / BATCH)));
}

/** Days a series needs before a window may end in it. */
const LEAST = 28;

/** One network for all series of an organization; `names` says what its answers are. Call `dispose` when done. */
export interface Lstm extends SharedModel {
	weights(): tf.Tensor[];
	/** Mean loss of the last tenth of the rounds. */
	loss: number;
	dispose(): void;
}

/** Trains on windows that end at random days, all their targets within what is known. Null when no series is long enough. */
export async function trainLstm(
	set: readonly Series[],
	{ horizon, seed, rounds, from }: Training
): Promise<Lstm | null> {
	await loadTensorflow();
	const able = set.filter(({ units }) => units.length >= LEAST + 7 && units.some((value) => value > 0));
	if (able.length === 0) return null;
	const network = buildNetwork(horizon, seed);
	if (from) network.setWeights(from);
	const random = seeded(seed);
	const trainable = network.trainableWeights.map((weight) => weight.read() as tf.Variable);
	const rate = from ? 0.001 : 0.003;
	const optimizer = tf.train.adam(rate);
	let recent = 0;
	let counted = 0;
	for (let round = 0; round < rounds; round++) {
		// Towards the end by smaller steps, to settle.
		(optimizer as unknown as { learningRate: number }).learningRate =
			rate * (0.05 + 0.95 * 0.5 * (1 + Math.cos((Math.PI * round) / rounds)));
		const { windows, targets } = sample(able, horizon, random);
		const value = tf.tidy(() => {
			const [steps, statics] = inputs(windows);
			const truth = tf.tensor2d(targets, [windows.length, horizon]);
			const { value, grads } = tf.variableGrads(
				() => loss(truth, network.apply([steps, statics], { training: true }) as tf.Tensor2D),
				trainable.map((variable) => variable)
			);
			optimizer.applyGradients(grads as unknown as Parameters<typeof optimizer.applyGradients>[0]);
			return value.dataSync()[0]!;
		});
		if (round >= Math.floor(0.9 * rounds)) {
			recent += value;
			counted++;
		}
		// A long training shares its thread with its own messages.
		if (round % 20 === 19) await new Promise((go) => setImmediate(go));
	}
	optimizer.dispose();
	return answering(network, horizon, counted > 0 ? recent / counted : Number.NaN);
}

/** The weights as plain numbers, to be stored. */
export function weightsOf(network: Lstm): Float32Array[] {
	return network.weights().map((tensor) => Float32Array.from(tensor.dataSync()));
}

/** A network with stored weights; null where they are those of another shape, or of none. */
export async function networkFrom(weights: readonly Float32Array[], horizon: number): Promise<Lstm | null> {
	await loadTensorflow();
	const network = buildNetwork(horizon, 0);
	const shapes = network.getWeights().map(({ shape, size }) => ({ shape, size }));
	if (shapes.length !== weights.length || shapes.some(({ size }, i) => size !== weights[i]!.length)) {
		network.dispose();
		return null;
	}
	network.setWeights(weights.map((values, i) => tf.tensor(values, shapes[i]!.shape)));
	return answering(network, horizon, Number.NaN);
}

function answering(network: LayersModel, horizon: number, mean: number): Lstm {
	return {
		names: NETWORK_NAMES,
		loss: mean,
		forecast: (set, days) => {
			const windows = set.map((series) => windowAt(series, series.units.length, horizon));
			const usable = [...windows.keys()].filter((i) => windows[i]);
			const out: (Float64Array[] | null)[] = windows.map(() => null);
			for (let at = 0; at < usable.length; at += 1024) {
				const part = usable.slice(at, at + 1024);
				const said = tf.tidy(() =>
					(network.predict(inputs(part.map((i) => windows[i]!))) as tf.Tensor).dataSync()
				);
				part.forEach((i, row) => {
					const scale = windows[i]!.scale;
					const head = (k: number, back: (value: number) => number) =>
						Float64Array.from(
							{ length: days },
							(_, h) => scale * back(said[row * horizon * HEADS + k * horizon + Math.min(h, horizon - 1)]!)
						);
					out[i] = [
						head(0, (value) => Math.exp(Math.min(4, Math.max(-8, value)))),
						head(2, (value) => Math.max(0, Math.expm1(value)))
					];
				});
			}
			return out;
		},
		weights: () => network.getWeights(),
		dispose: () => network.dispose()
	};
}

function inputs(windows: readonly Window[]): [tf.Tensor3D, tf.Tensor2D] {
	const steps = new Float32Array(windows.length * WEEKS * STEP);
	const statics = new Float32Array(windows.length * STATIC);
	windows.forEach((window, i) => {
		steps.set(window.steps, i * WEEKS * STEP);
		statics.set(window.statics, i * STATIC);
	});
	return [tf.tensor3d(steps, [windows.length, WEEKS, STEP]), tf.tensor2d(statics, [windows.length, STATIC])];
}

/** Random series, random ends, newer ones more often; the last targets may be partly unknown. */
function sample(able: readonly Series[], horizon: number, random: () => number) {
	const windows: Window[] = [];
	const targets = new Float32Array(BATCH * horizon);
	for (let tries = 0; windows.length < BATCH && tries < 20 * BATCH; tries++) {
		const series = able[Math.floor(random() * able.length)]!;
		const latest = series.units.length - 7;
		const end = latest - Math.floor(random() ** 1.5 * (latest - LEAST + 1));
		const window = windowAt(series, end, horizon);
		if (!window) continue;
		targets.set(targetsAt(series, end, horizon, window.scale), windows.length * horizon);
		windows.push(window);
	}
	return { windows, targets: targets.subarray(0, windows.length * horizon) };
}
