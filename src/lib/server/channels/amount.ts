/** An exact amount in millionths: channels send decimal strings with up to six places, and BigInt adds them without error. */
export type Micros = bigint;

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const ONE = 1_000_000n;

/** Reads a decimal such as `12.5` or `-0.0333`. Null when it is no decimal; more than six places round half up. */
export function micros(value: unknown): Micros | null {
	const short = typeof value === 'string' ? shortMicros(value) : null;
	if (short !== null) return short;
	const match =
		typeof value === 'string'
			? DECIMAL.exec(value)
			: typeof value === 'number' && Number.isFinite(value)
				? DECIMAL.exec(String(value))
				: null;
	if (!match) return null;
	const fraction = match[3] ?? '';
	let digits = BigInt(match[2] + fraction.slice(0, 6).padEnd(6, '0'));
	if (fraction.length > 6 && fraction.charCodeAt(6) >= 53) digits += 1n;
	return match[1] ? -digits : digits;
}

/** Digits that stay exact as a number when they become millionths. */
const SHORT = 9;

/** Prices are short, and a number is read faster than a BigInt; null leaves the value to the exact reading. */
function shortMicros(value: string): Micros | null {
	if (value.length > SHORT) return null;
	const from = value.charCodeAt(0) === MINUS ? 1 : 0;
	let digits = 0;
	let point = -1;
	for (let at = from; at < value.length; at++) {
		const code = value.charCodeAt(at);
		if (code >= 48 && code <= 57) digits = digits * 10 + (code - 48);
		else if (code === POINT && point < 0 && at > from) point = at;
		else return null;
	}
	const places = point < 0 ? 0 : value.length - 1 - point;
	if (value.length === from || point === value.length - 1 || places > 6) return null;
	const scaled = digits * 10 ** (6 - places);
	return BigInt(from === 1 ? -scaled : scaled);
}

const MINUS = 45;
const POINT = 46;
/** Millionths below this are exact as a number. */
const EXACT = 10n ** 15n;

/** A decimal string with at least two places and no trailing zeros beyond them: `12.50`, `-0.0333`. */
export function decimal(amount: Micros): string {
	if (amount >= 0n && amount < EXACT) {
		const count = Number(amount);
		const cents = count / 10_000;
		if (Number.isInteger(cents)) {
			const rest = cents % 100;
			return `${(cents - rest) / 100}.${rest < 10 ? '0' : ''}${rest}`;
		}
	}
	const sign = amount < 0n ? '-' : '';
	const digits = (amount < 0n ? -amount : amount).toString().padStart(7, '0');
	const fraction = digits.slice(-6).replace(/0{1,4}$/, '');
	return `${sign}${digits.slice(0, -6)}.${fraction}`;
}

/** amount x numerator / denominator, rounded half up (away from zero) to the currency's places. */
export function share(amount: Micros, numerator: number, denominator: number, places: number): Micros {
	const step = 10n ** BigInt(6 - places);
	const divisor = BigInt(denominator) * step;
	const product = amount * BigInt(numerator);
	const size = product < 0n ? -product : product;
	const rounded = ((2n * size + divisor) / (2n * divisor)) * step;
	return product < 0n ? -rounded : rounded;
}

/** Minor digits of ISO 4217 currencies where it is not two. */
const PLACES: Record<string, number> = {
	BIF: 0,
	CLP: 0,
	DJF: 0,
	GNF: 0,
	ISK: 0,
	JPY: 0,
	KMF: 0,
	KRW: 0,
	PYG: 0,
	RWF: 0,
	UGX: 0,
	UYI: 0,
	VND: 0,
	VUV: 0,
	XAF: 0,
	XOF: 0,
	XPF: 0,
	BHD: 3,
	IQD: 3,
	JOD: 3,
	KWD: 3,
	LYD: 3,
	OMR: 3,
	TND: 3
};

/** Places after the point that the currency has: 2 for USD, 0 for JPY, 3 for KWD. */
export function currencyPlaces(currency: string): number {
	return PLACES[currency] ?? 2;
}

export const ZERO: Micros = 0n;
export { ONE as ONE_UNIT };
