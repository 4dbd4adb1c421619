import path from 'node:path';
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

let ready: Promise<void> | null = null;

/** TensorFlow.js on its wasm backend: plain JavaScript is too slow, the native package does not install on this Node. Once a thread. */
export function loadTensorflow(): Promise<void> {
	ready ??= (async () => {
		const file = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
		setWasmPaths(`${path.dirname(file)}/`);
		if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js could not start its wasm backend');
		await tf.ready();
	})();
	return ready;
}
