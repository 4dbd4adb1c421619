/** Amounts times rates have up to 14 decimals; sums are kept at that scale and rounded once, at the end. */
const SCALE = 14;
const SHOWN = 4;

/** A decimal string as a whole number of 10^-14. */
export function exact(text: string): bigint {
	const [whole, fraction = ''] = text.replace('-', '').split('.') as [string, string?];
	const value = BigInt(whole + fraction.slice(0, SCALE).padEnd(SCALE, '0'));
	return text.startsWith('-') ? -value : value;
}

/** Rounded half away from zero to four decimals, without trailing zeros. */
export function shown(value: bigint): string {
	return fromUnits(divide(value, 10n ** BigInt(SCALE - SHOWN)));
}

/** `value / count` rounded half away from zero to four decimals. */
export function average(value: bigint, count: number): string {
	return fromUnits(divide(value, BigInt(count) * 10n ** BigInt(SCALE - SHOWN)));
}

function divide(value: bigint, by: bigint): bigint {
	const size = value < 0n ? -value : value;
	const rounded = (2n * size + by) / (2n * by);
	return value < 0n ? -rounded : rounded;
}

function fromUnits(value: bigint): string {
	const digits = (value < 0n ? -value : value).toString().padStart(SHOWN + 1, '0');
	const fraction = digits.slice(-SHOWN).replace(/0+$/, '');
	const text = digits.slice(0, -SHOWN) + (fraction && `.${fraction}`);
	return value < 0n ? `-${text}` : text;
}
