/** A seeded source of randomness: the world is generated from this alone, never from the clock. */
export interface Random {
	/** Uniform in [0, 1). */
	next(): number;
	/** Uniform integer in [low, high], both included. */
	int(low: number, high: number): number;
	/** True with the given probability. */
	chance(probability: number): boolean;
	pick<T>(items: readonly T[]): T;
	/** Index drawn in proportion to a cumulative weight array. */
	cumulative(sums: ArrayLike<number>): number;
	/** Count of events when `mean` are expected. */
	poisson(mean: number): number;
	normal(mean: number, deviation: number): number;
	/** Waiting time with the given mean. */
	exponential(mean: number): number;
}

/** The same seed gives the same sequence on every machine (sfc32 seeded by a string hash). */
export function createRandom(seed: string | number): Random {
	let [a, b, c, d] = hashSeed(String(seed));
	function next(): number {
		const t = (((a + b) | 0) + d) | 0;
		d = (d + 1) | 0;
		a = b ^ (b >>> 9);
		b = (c + (c << 3)) | 0;
		c = (c << 21) | (c >>> 11);
		c = (c + t) | 0;
		return (t >>> 0) / 4294967296;
	}
	for (let i = 0; i < 12; i++) next();

	function normal(mean: number, deviation: number): number {
		const radius = Math.sqrt(-2 * Math.log(1 - next()));
		return mean + deviation * radius * Math.cos(2 * Math.PI * next());
	}
	return {
		next,
		int: (low, high) => low + Math.floor(next() * (high - low + 1)),
		chance: (probability) => next() < probability,
		pick: (items) => items[Math.floor(next() * items.length)]!,
		cumulative(sums) {
			const target = next() * (sums[sums.length - 1] ?? 0);
			let low = 0;
			let high = sums.length - 1;
			while (low < high) {
				const middle = (low + high) >> 1;
				if (sums[middle]! > target) high = middle;
				else low = middle + 1;
			}
			return low;
		},
		poisson(mean) {
			if (mean > 60) return Math.max(0, Math.round(normal(mean, Math.sqrt(mean))));
			const limit = Math.exp(-mean);
			let product = next();
			let count = 0;
			while (product > limit) {
				product *= next();
				count++;
			}
			return count;
		},
		normal,
		exponential: (mean) => -mean * Math.log(1 - next())
	};
}

/** Running sums of weights, for `Random.cumulative`. */
export function cumulate(weights: readonly number[]): Float64Array {
	const sums = new Float64Array(weights.length);
	let total = 0;
	for (let i = 0; i < weights.length; i++) sums[i] = total += weights[i]!;
	return sums;
}

function hashSeed(seed: string): [number, number, number, number] {
	let h = 1779033703 ^ seed.length;
	for (let i = 0; i < seed.length; i++) {
		h = Math.imul(h ^ seed.charCodeAt(i), 3432918353);
		h = (h << 13) | (h >>> 19);
	}
	function word(): number {
		h = Math.imul(h ^ (h >>> 16), 2246822507);
		h = Math.imul(h ^ (h >>> 13), 3266489909);
		return (h ^= h >>> 16) >>> 0;
	}
	return [word(), word(), word(), word()];
}
