import path from 'node:path';
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

/** The native package, where somebody has installed it; it is no dependency, since it does not run on Node 23 and later (tensorflow/tfjs#8609). */
const NATIVE = '@tensorflow/tfjs-node';
const require = createRequire(import.meta.url);

let ready: Promise<'tensorflow' | 'wasm'> | null = null;

/** TensorFlow.js, natively where it can be had, else on its wasm backend: plain JavaScript is too slow. Once a thread. Answers which it is. */
export function loadTensorflow(): Promise<'tensorflow' | 'wasm'> {
	ready ??= (async () => {
		if (await native()) return 'tensorflow';
		setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
		if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js could not start its wasm backend');
		await tf.ready();
		return 'wasm';
	})();
	return ready;
}

/** True when the native backend is there and computes; whatever it throws means that it is not. */
async function native(): Promise<boolean> {
	try {
		require.resolve(NATIVE);
		await import(NATIVE);
		if (!(await tf.setBackend('tensorflow'))) return false;
		return tf.tidy(() => tf.matMul(tf.ones([2, 2]), tf.ones([2, 2])).dataSync()[0] === 2);
	} catch {
		return false;
	}
}
