import { deserialize, serialize } from 'node:v8';
import type { Forest } from '../boosting/trees.ts';

/** The models of all SKUs that a training leaves behind. */
export interface StoredModels {
	/** Weights of the network; empty where there was nothing to train on. */
	network: Float32Array[];
	trees: Forest | null;
}

export function packModels(models: StoredModels): Uint8Array {
	return serialize(models);
}

/** Reads what `packModels` wrote. Trainings until November 2026 left the network's weights alone. */
export function unpackModels(stored: Uint8Array): StoredModels {
	const models = deserialize(stored) as StoredModels | Float32Array[];
	return Array.isArray(models) ? { network: models, trees: null } : models;
}
