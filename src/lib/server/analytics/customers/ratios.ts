/** part / whole in percent, rounded half up to one decimal; null without a whole. */
export function percent(part: number, whole: number): string | null {
	if (whole <= 0) return null;
	const tenths = (2n * BigInt(part) * 1000n + BigInt(whole)) / (2n * BigInt(whole));
	return `${tenths / 10n}.${tenths % 10n}`;
}

/** a / b to two decimals, rounded half away from zero; null where b is not above zero. Both of one scale. */
export function ratio(a: bigint, b: bigint): string | null {
	if (b <= 0n) return null;
	const size = a < 0n ? -a : a;
	const hundredths = ((2n * size * 100n + b) / (2n * b)).toString().padStart(3, '0');
	return `${a < 0n && hundredths !== '000' ? '-' : ''}${hundredths.slice(0, -2)}.${hundredths.slice(-2)}`;
}

/** A count per count, to two decimals. */
export function perEach(count: number, each: number): string | null {
	return ratio(BigInt(count), BigInt(each));
}

/** An estimate in money, to the cent. */
export function estimate(value: number | null): string | null {
	return value === null || !Number.isFinite(value) ? null : value.toFixed(2);
}
