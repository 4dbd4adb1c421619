/** The vertical axis: its ends, its 3-5 lines, and where a value stands in percent from the top. */
export type Scale = { low: number; high: number; ticks: number[]; y: (value: number) => number };

/**
 * An axis from zero (or from below it, where a day of refunds is negative) to a round number above the highest
 * value, parted by steps of 1, 2, 2.5 or 5 times a power of ten.
 */
export function scaleFor(values: number[], wanted = 4, { whole = false } = {}): Scale {
	const highest = Math.max(0, ...values);
	const lowest = Math.min(0, ...values);
	// Nothing but zeros: the ground line alone says so.
	if (highest === lowest) return { low: 0, high: 1, ticks: [0], y: (value) => (1 - value) * 100 };
	const span = highest - lowest;
	const raw = span / wanted;
	const power = 10 ** Math.floor(Math.log10(raw));
	const multiple = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10;
	const step = whole ? Math.max(1, Math.ceil(multiple * power)) : multiple * power;
	const high = Math.ceil(highest / step - 1e-9) * step;
	// a day of a few refunds takes the room it needs, not that of a whole step
	const low = -lowest < step / 2 ? lowest : Math.floor(lowest / step + 1e-9) * step;
	const ticks: number[] = [];
	for (let at = Math.ceil(low / step - 1e-9); at <= Math.round(high / step); at++) ticks.push(at * step || 0);
	return { low, high, ticks, y: (value) => ((high - value) / (high - low)) * 100 };
}

/**
 * Which of `count` places carry a label, at most `most`: every n-th counted back from the last, so that the newest
 * is always named.
 */
export function axisLabels(count: number, most = 7): number[] {
	const step =
		[1, 2, 5, 7, 10, 14, 15, 30, 60, 90].find((each) => count / each <= most) ?? Math.ceil(count / most);
	const labels: number[] = [];
	for (let index = count - 1; index >= 0; index -= step) labels.unshift(index);
	// A label at the very edge would be cut off by it.
	if (labels.length > 2 && step > 2 && (labels[0] ?? 0) < 1) labels.shift();
	return labels;
}
