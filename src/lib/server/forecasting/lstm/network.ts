import * as tf from '@tensorflow/tfjs-core';
import {
	initializers,
	input,
	layers,
	model as modelOf,
	type LayersModel,
	type SymbolicTensor
} from '@tensorflow/tfjs-layers';
import { STATIC, STEP, WEEKS } from './windows.ts';

/** Heads of each day: the mean, then these quantiles. */
export const QUANTILES = [0.1, 0.5, 0.9] as const;
export const HEADS = 1 + QUANTILES.length;
const CELLS = 40;

/** Weekly steps through an LSTM, what is known of the window beside it, then all days of the horizon at once: no recursion, no drift. */
export function buildNetwork(horizon: number, seed: number): LayersModel {
	const uniform = (k: number) => initializers.glorotUniform({ seed: seed + k });
	const steps = input({ shape: [WEEKS, STEP] });
	const statics = input({ shape: [STATIC] });
	const memory = layers
		.lstm({ units: CELLS, kernelInitializer: uniform(1), recurrentInitializer: uniform(2) })
		.apply(steps) as SymbolicTensor;
	// The last week goes past the memory: what a day sold is best said by itself.
	const joined = layers
		.concatenate()
		.apply([memory, layers.flatten().apply(steps) as SymbolicTensor, statics]);
	const hidden = layers.dense({ units: 64, activation: 'elu', kernelInitializer: uniform(3) }).apply(joined);
	const heads = layers
		.dense({
			units: horizon * HEADS,
			kernelInitializer: initializers.randomNormal({ stddev: 0.01, seed: seed + 4 })
		})
		.apply(hidden) as SymbolicTensor;
	return modelOf({ inputs: [steps, statics], outputs: heads });
}

/**
 * Poisson loss of the mean head, pinball losses of the quantile heads in log space (raw values get stuck on lumpy demand). `truth` are scaled units,
 * -1 where unknown.
 */
export function loss(truth: tf.Tensor2D, said: tf.Tensor2D): tf.Scalar {
	const horizon = truth.shape[1];
	const known = tf.cast(tf.greaterEqual(truth, 0), 'float32');
	const units = tf.mul(truth, known);
	const logs = tf.log1p(units);
	const head = (k: number) => tf.slice(said, [0, k * horizon], [-1, horizon]);
	const rate = tf.clipByValue(head(0), -8, 4);
	let total: tf.Tensor = tf.sub(tf.exp(rate), tf.mul(units, rate));
	QUANTILES.forEach((share, k) => {
		const miss = tf.sub(logs, head(k + 1));
		total = tf.add(total, tf.mul(2, tf.maximum(tf.mul(share, miss), tf.mul(share - 1, miss))));
	});
	return tf.div(tf.sum(tf.mul(total, known)), tf.add(tf.sum(known), 1e-6)) as tf.Scalar;
}
