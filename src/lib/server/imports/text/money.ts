import Big from 'big.js';

/** Exact sum of decimal strings. */
export function plus(...amounts: readonly string[]): string {
	return amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)).toFixed();
}

export function minus(amount: string, ...less: readonly string[]): string {
	return less.reduce((rest, one) => rest.minus(one), new Big(amount)).toFixed();
}

/** An amount of several pieces, rounded half up to four places as amounts are stored. */
export function times(amount: string, pieces: number): string {
	return new Big(amount).times(pieces).round(4).toFixed();
}

/** The price of one of several pieces, to six places. */
export function each(amount: string, pieces: number): string {
	return new Big(amount).div(pieces).round(6).toFixed();
}

export function isZero(amount: string): boolean {
	return new Big(amount).eq(0);
}

/** True when two amounts are the same but for a cent of rounding. */
export function close(a: string, b: string): boolean {
	return new Big(a).minus(b).abs().lte('0.011');
}

/** amount x part / whole to two places, half up; nothing of nothing. */
export function share(amount: string, part: string, whole: string): string {
	return isZero(whole) ? '0' : new Big(amount).times(part).div(whole).round(2).toFixed();
}

/** Parts an amount by weights, in cents, without losing one: the parts add up to it. By even parts where all weights are zero. */
export function allocate(amount: string, weights: readonly string[]): string[] {
	const even = weights.every(isZero);
	const sizes = weights.map((weight) => (even ? new Big(1) : new Big(weight).abs()));
	const whole = sizes.reduce((sum, size) => sum.plus(size), new Big(0));
	let seen = new Big(0);
	let given = new Big(0);
	return sizes.map((size, at) => {
		seen = seen.plus(size);
		const upTo = at === sizes.length - 1 ? new Big(amount) : new Big(amount).times(seen).div(whole).round(2);
		const part = upTo.minus(given);
		given = upTo;
		return part.toFixed();
	});
}
