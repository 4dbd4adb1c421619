import { hash } from 'node:crypto';

/** Below 2^53, so that two of them add up exactly. */
const MODULUS = 2 ** 52;

/** A number that stands for a text: 52 bits of its SHA-256. */
export function stampOf(text: string): number {
	return Number.parseInt(hash('sha256', text).slice(0, 13), 16);
}

/** Stamps by day (days since 1970, ascending), added up so that those of any days are one subtraction. */
export interface Stamps {
	days: number[];
	/** `sums[n]`: of the first n. */
	sums: number[];
}

/** `entries` in order of days. */
export function stampsOf(entries: readonly { day: number; text: string }[]): Stamps {
	const sums = [0];
	for (const { text } of entries) sums.push((sums.at(-1)! + stampOf(text)) % MODULUS);
	return { days: entries.map(({ day }) => day), sums };
}

/** The stamp of all from `from` to `to`. */
export function stampBetween(stamps: Stamps, from: number, to: number): number {
	return difference(stamps, firstAfter(stamps.days, from - 1), firstAfter(stamps.days, to));
}

/** The stamp of what held from `from` to `to`, where each holds until the next one: the last before `from` is of them. */
export function stampHolding(stamps: Stamps, from: number, to: number): number {
	return difference(stamps, Math.max(0, firstAfter(stamps.days, from) - 1), firstAfter(stamps.days, to));
}

/** Two stamps as one. */
export function together(one: number, other: number): number {
	return (one + other) % MODULUS;
}

function difference({ sums }: Stamps, from: number, to: number): number {
	return to <= from ? 0 : (sums[to]! - sums[from]! + MODULUS) % MODULUS;
}

/** The place of the first that is greater than `value`. */
function firstAfter(sorted: readonly number[], value: number): number {
	let low = 0;
	let high = sorted.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (sorted[middle]! > value) high = middle;
		else low = middle + 1;
	}
	return low;
}
