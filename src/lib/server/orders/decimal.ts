/** Amounts of money are counted in ten-thousandths, as PostgreSQL's numeric(20,4) holds them. */
const SCALE = 4;
/** A fraction without sign and without zeros at either end. */
const SHORTEST = /^(?:0|[1-9]\d*)\.\d*[1-9]$/;

/** The shortest writing of a decimal, rounded half away from zero to `places`: '1.50' becomes '1.5', '-0.00' becomes '0'. */
export function decimal(value: string, places = SCALE): string {
	// most amounts are short already
	if (value.length <= 12 && SHORTEST.test(value) && value.length - value.indexOf('.') <= places + 1)
		return value;
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

function parse(value: string, places: number): bigint {
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
