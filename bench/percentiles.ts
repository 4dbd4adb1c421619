/** The value that `share` (0..1) of the samples do not exceed: nearest rank, so it is always one that was measured. */
export function percentile(samples: readonly number[], share: number): number {
	if (samples.length === 0) return Number.NaN;
	const sorted = Float64Array.from(samples).sort();
	return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

export function median(samples: readonly number[]): number {
	return percentile(samples, 0.5);
}
