/** Exact sums of decimal strings with at most `PLACES` fraction digits, for the live changes of figures on screen. */
const PLACES = 6;

/** a + b, without trailing zeros. */
export function add(a: string, b: string): string {
	return written(scaled(a) + scaled(b));
}

/** a / count as a decimal string rounded half away from zero to four places; null for no count. */
export function divide(a: string, count: number): string | null {
	if (count <= 0) return null;
	const [top, bottom] = [scaled(a) / 100n, BigInt(count)];
	const half = (top < 0n ? -bottom : bottom) / 2n;
	return written(((top + half) / bottom) * 100n);
}

function scaled(value: string): bigint {
	const negative = value.startsWith('-');
	const [whole = '0', fraction = ''] = value.replace(/^[-+]/, '').split('.');
	const amount = BigInt(whole + fraction.slice(0, PLACES).padEnd(PLACES, '0'));
	return negative ? -amount : amount;
}

function written(amount: bigint): string {
	const digits = (amount < 0n ? -amount : amount).toString().padStart(PLACES + 1, '0');
	const fraction = digits.slice(-PLACES).replace(/0+$/, '');
	return `${amount < 0n ? '-' : ''}${digits.slice(0, -PLACES)}${fraction && `.${fraction}`}`;
}
