/** What each level says by itself, from one origin. Arrays over the horizon; SKUs, categories and channels by position. */
export interface Unreconciled {
	skus: readonly Float64Array[];
	/** Position of each SKU's category. */
	categoryOf: readonly number[];
	/** Share of each channel in a SKU's units; each row sums to 1. */
	shares: readonly (readonly number[])[];
	shop: Float64Array;
	categories: readonly Float64Array[];
	channels: readonly Float64Array[];
}

/** How much of a level's own forecast is believed against the sum of its parts: 0 is the sum alone. */
export interface Belief {
	shop: number;
	category: number;
	channel: number;
}

export interface Reconciled {
	shop: Float64Array;
	categories: Float64Array[];
	channels: Float64Array[];
	skus: Float64Array[];
	/** By SKU, then channel. */
	pairs: Float64Array[][];
}

const ROUNDS = 12;
/** A sum moves its parts by at most this factor: one wild top-level forecast must not carry every SKU with it. */
const MOST = 1.25;

/** Sums of parts, for the levels that have forecasts of their own. */
export function sumsOfParts({ skus, categoryOf, shares, categories, channels, shop }: Unreconciled) {
	const horizon = shop.length;
	const make = (count: number) => Array.from({ length: count }, () => new Float64Array(horizon));
	const sums = {
		shop: new Float64Array(horizon),
		categories: make(categories.length),
		channels: make(channels.length)
	};
	skus.forEach((points, i) => {
		const category = sums.categories[categoryOf[i]!]!;
		points.forEach((value, h) => {
			sums.shop[h]! += value;
			category[h]! += value;
			shares[i]!.forEach((share, k) => (sums.channels[k]![h]! += value * share));
		});
	});
	return sums;
}

/**
 * Brings all levels to one set of figures: each SKU is the sum of its channels, each category of its SKUs, the shop of its categories and of its
 * channels, on every day, and nothing is below 0. Sums are weighed between what a level says and what its parts say (`belief`); then the
 * parts are scaled to them, SKUs within their category, SKUs by channel to both of their sums in turns.
 */
export function reconciled(given: Unreconciled, belief: Belief): Reconciled {
	const { skus, categoryOf, shares } = given;
	const horizon = given.shop.length;
	const parts = sumsOfParts(given);
	const weighed = (own: Float64Array, sum: Float64Array, share: number) =>
		sum.map((value, h) => within(share * own[h]! + (1 - share) * value, value));
	const shop = weighed(given.shop, parts.shop, belief.shop);
	const scaledToShop = (own: readonly Float64Array[], sums: readonly Float64Array[], share: number) => {
		const out = own.map((values, k) => weighed(values, sums[k]!, share));
		for (let h = 0; h < horizon; h++) {
			const sum = out.reduce((total, values) => total + values[h]!, 0);
			const factor = sum > 0 ? shop[h]! / sum : 0;
			for (const values of out) values[h]! *= factor;
		}
		return out;
	};
	const categories = scaledToShop(given.categories, parts.categories, belief.category);
	const wanted = scaledToShop(given.channels, parts.channels, belief.channel);
	const out: Reconciled = {
		shop: new Float64Array(horizon),
		categories: categories.map(() => new Float64Array(horizon)),
		channels: wanted.map(() => new Float64Array(horizon)),
		skus: skus.map(() => new Float64Array(horizon)),
		pairs: skus.map(() => wanted.map(() => new Float64Array(horizon)))
	};
	for (let h = 0; h < horizon; h++) {
		const rows = skus.map((points, i) => {
			const sum = parts.categories[categoryOf[i]!]![h]!;
			return sum > 0 ? (points[h]! * categories[categoryOf[i]!]![h]!) / sum : 0;
		});
		const cells = fitted(
			rows,
			wanted.map((values) => values[h]!),
			shares
		);
		cells.forEach((row, i) =>
			row.forEach((value, k) => {
				out.pairs[i]![k]![h] = value;
				out.skus[i]![h]! += value;
				out.channels[k]![h]! += value;
				out.categories[categoryOf[i]!]![h]! += value;
				out.shop[h]! += value;
			})
		);
	}
	return out;
}

function within(value: number, sum: number): number {
	return Math.min(sum * MOST, Math.max(sum / MOST, value));
}

/** Cells that follow `shares` and sum to `rows`, and to `columns` as far as zeros allow, by scaling in turns. */
function fitted(
	rows: readonly number[],
	columns: readonly number[],
	shares: readonly (readonly number[])[]
): number[][] {
	const cells = rows.map((row, i) => shares[i]!.map((share) => row * share));
	for (let round = 0; round < ROUNDS; round++) {
		const sums = columns.map((_, k) => cells.reduce((sum, row) => sum + row[k]!, 0));
		const factors = sums.map((sum, k) => (sum > 0 ? columns[k]! / sum : 1));
		if (factors.every((factor) => Math.abs(factor - 1) < 1e-6)) break;
		cells.forEach((row, i) => {
			let sum = 0;
			for (let k = 0; k < row.length; k++) sum += row[k]! *= factors[k]!;
			const back = sum > 0 ? rows[i]! / sum : 0;
			for (let k = 0; k < row.length; k++) row[k]! *= back;
		});
	}
	return cells;
}

/** Days that weigh as much as the assumption that both say the same. */
const TRUST_DAYS = 60;

/**
 * The belief that would have erred least in the past: of `own` forecasts, the sums of `parts` and what was sold, each over weeks, since a
 * total is what levels are for. Drawn to one half where there is little past.
 */
export function believed(
	past: readonly { own: Float64Array; parts: Float64Array; actual: Float64Array }[]
): number {
	let top = 0;
	let bottom = 0;
	let days = 0;
	for (const { own, parts, actual } of past)
		for (let from = 0; from + 7 <= actual.length; from += 7) {
			let [said, sum, sold] = [0, 0, 0];
			for (let h = from; h < from + 7; h++) {
				said += own[h]!;
				sum += parts[h]!;
				sold += actual[h]!;
			}
			if (!(sold > 0)) continue;
			// shares of what was sold: a big channel does not speak for a small one
			top += ((said - sum) * (sold - sum)) / sold ** 2;
			bottom += (said - sum) ** 2 / sold ** 2;
			days += 7;
		}
	if (bottom === 0) return 0.5;
	const best = Math.min(1, Math.max(0, top / bottom));
	return (days * best + TRUST_DAYS * 0.5) / (days + TRUST_DAYS);
}

/** Days of the past that say how a SKU's units fall to its channels. */
const SHARE_DAYS = 90;

/**
 * Share of each channel in each SKU's units over the last days, drawn to the shop's where a SKU sold little; 0 on channels that never sold it.
 * `units` by SKU, then channel, all ending at the origin; null where the channel never sold the SKU.
 */
export function channelShares(units: readonly (readonly (Float64Array | null)[])[]): number[][] {
	const recent = (values: Float64Array) =>
		values.subarray(-SHARE_DAYS).reduce((sum, value) => sum + (value > 0 ? value : 0), 0);
	const sold = units.map((row) => row.map((values) => (values ? recent(values) : 0)));
	const channels = units[0]?.length ?? 0;
	const all = Array.from({ length: channels }, (_, k) => sold.reduce((sum, row) => sum + row[k]!, 0));
	const total = all.reduce((sum, value) => sum + value, 0);
	return units.map((row, i) => {
		const drawn = row.map((values, k) =>
			values ? sold[i]![k]! + 3 * (total > 0 ? all[k]! / total : 1 / channels) + 1e-9 : 0
		);
		const sum = drawn.reduce((a, b) => a + b, 0);
		return drawn.map((value) => (sum > 0 ? value / sum : 1 / channels));
	});
}
