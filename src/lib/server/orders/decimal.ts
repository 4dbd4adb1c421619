/** Amounts of money are counted in ten-thousandths, as PostgreSQL's numeric(20,4) holds them. */
const SCALE = 4;
/** A fraction without sign and without needless zeros before it. */
const FRACTION = /^(?:0|[1-9]\d*)\.\d+$/;

/** The shortest writing of a decimal, rounded half away from zero to `places`: '1.50' becomes '1.5', '-0.00' becomes '0'. */
export function decimal(value: string, places = SCALE): string {
	// most amounts need no rounding: at most zeros at their end fall
	if (FRACTION.test(value) && value.length - value.indexOf('.') <= places + 1) return withoutZeros(value);
	return format(parse(value, places), places);
}

/** Ten-thousandths of a decimal string, rounded half away from zero. The string must be a plain decimal. */
export function units(value: string): bigint {
	return parse(value, SCALE);
}

/** Decimal string of a number of ten-thousandths, without trailing zeros. */
export function fromUnits(value: bigint): string {
	return format(value, SCALE);
}

/** Exact sum of decimal strings. */
export function sum(values: Iterable<string>): string {
	let total = 0n;
	for (const value of values) total += parse(value, SCALE);
	return format(total, SCALE);
}

/** Without zeros at the end of its fraction, and without a point that nothing follows. */
function withoutZeros(value: string): string {
	let end = value.length;
	while (value.charCodeAt(end - 1) === 48) end--;
	if (value.charCodeAt(end - 1) === 46) end--;
	return value.slice(0, end);
}

function parse(value: string, places: number): bigint {
	return small(value, places) ?? exact(value, places);
}

/** Counts digits where they fit a number and nothing is rounded, which most amounts do; else null. */
function small(value: string, places: number): bigint | null {
	if (value.length > 11 || places > 4) return null;
	const negative = value.charCodeAt(0) === 45;
	let count = 0;
	let point = -1;
	for (let at = negative ? 1 : 0; at < value.length; at++) {
		const digit = value.charCodeAt(at) - 48;
		if (digit >= 0 && digit <= 9) count = count * 10 + digit;
		else if (digit === -2 && point < 0) point = at;
		else return null;
	}
	let missing = places - (point < 0 ? 0 : value.length - 1 - point);
	if (missing < 0) return null;
	for (; missing > 0; missing--) count *= 10;
	return BigInt(negative ? -count : count);
}

function exact(value: string, places: number): bigint {
	const negative = value.charCodeAt(0) === 45;
	const from = negative || value.charCodeAt(0) === 43 ? 1 : 0;
	const point = value.indexOf('.');
	const whole = point < 0 ? value.slice(from) : value.slice(from, point);
	const fraction = point < 0 ? '' : value.slice(point + 1);
	let result = BigInt(whole + fraction.slice(0, places).padEnd(places, '0'));
	if (fraction.length > places && fraction.charCodeAt(places) >= 53) result += 1n;
	return negative ? -result : result;
}

function format(value: bigint, places: number): string {
	const negative = value < 0n;
	const digits = (negative ? -value : value).toString().padStart(places + 1, '0');
	let fraction = digits.slice(-places);
	while (fraction.endsWith('0')) fraction = fraction.slice(0, -1);
	const text = digits.slice(0, -places) + (fraction && `.${fraction}`);
	return negative ? `-${text}` : text;
}
