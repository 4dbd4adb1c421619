/** Unit prices are integers of 1/10,000 of the currency (replayed prices have three decimals); sums are cents. */
export const PRICE_SCALE = 10_000;

/** Nearest integer, halves away from zero. */
export function roundHalfUp(value: number): number {
	return value < 0 ? -Math.floor(-value + 0.5) : Math.floor(value + 0.5);
}

/** Cents of `quantity` units at a unit price, rounded half-up once, after the multiplication. */
export function lineCents(quantity: number, unitPrice: number): number {
	const product = quantity * unitPrice;
	const whole = Math.trunc(product / 100);
	const rest = product - whole * 100;
	if (rest >= 50) return whole + 1;
	// `+ 0` keeps a rounded-away negative from being -0.
	return rest <= -50 ? whole - 1 : whole + 0;
}

/** `1234` -> `12.34`: the form of webhook bodies. */
export function fixed(cents: number): string {
	const size = Math.abs(cents);
	const rest = size % 100;
	return `${cents < 0 ? '-' : ''}${(size - rest) / 100}.${rest < 10 ? '0' : ''}${rest}`;
}

/** `1230` -> `12.3`, `1200` -> `12.0`: the form of GraphQL decimals. */
export function decimal(cents: number): string {
	const text = fixed(cents);
	return text.endsWith('0') ? text.slice(0, -1) : text;
}

/** A unit price with as many decimals as it needs, at least one (GraphQL) or two (webhooks). */
export function priceDecimal(unitPrice: number, decimals: 1 | 2): string {
	if (unitPrice % 100 === 0) {
		return decimals === 1 ? decimal(unitPrice / 100) : fixed(unitPrice / 100);
	}
	const size = Math.abs(unitPrice);
	const fraction = String(size % PRICE_SCALE).padStart(4, '0');
	return `${unitPrice < 0 ? '-' : ''}${Math.floor(size / PRICE_SCALE)}.${fraction.replace(/0+$/, '')}`;
}
