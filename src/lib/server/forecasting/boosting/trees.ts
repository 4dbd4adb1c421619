/**
 * Gradient boosting of regression trees under the Poisson loss, on histograms of binned features (Friedman, Greedy function approximation,
 * 2001; second-order leaves as in Chen and Guestrin, XGBoost, 2016). Rates, not counts, are predicted: a mean, so that totals add up.
 */

/** Rows of `features` numbers one after the other; NaN is unknown. */
export interface Sample {
	features: number;
	rows: Float32Array;
	/** What happened, 0 or more. */
	truth: Float32Array;
	/** How much a row counts. */
	weight: Float32Array;
	/** Log of the rate that is expected before any tree. */
	offset: Float32Array;
}

/** Trees one after the other in flat arrays. Plain data. */
export interface Forest {
	/** By feature, ascending: bin 0 is unknown, bin k lies from cut k - 1 on. */
	cuts: Float32Array[];
	/** The node each tree begins with. */
	roots: Int32Array;
	/** The feature a node asks for; -1 in a leaf. */
	feature: Int16Array;
	/** Bins up to this one go left. */
	bin: Uint8Array;
	/** The left child; the right one follows it. */
	left: Int32Array;
	/** What a leaf adds to the log of the rate. */
	value: Float32Array;
}

const TREES = 150;
const RATE = 0.06;
const DEPTH = 6;
const BINS = 48;
/** Expected counts a leaf needs on each side of a split, and what pulls its answer to 0. */
const LEAST = 100;
const PULL = 10;
/** Shares of rows and of features each tree looks at. */
const ROWS = 0.5;
const COLUMNS = 0.5;
/** A leaf never moves the rate further than this, in logs. */
const MOST = 2;
const NODES = 2 ** (DEPTH + 1);

/** Grows a forest. The same sample and the same draws give the same bytes. */
export function growForest(sample: Sample, random: () => number): Forest {
	const count = sample.truth.length;
	const cuts = cutsOf(sample);
	const bins = new Uint8Array(sample.rows.length);
	for (let at = 0; at < bins.length; at++) bins[at] = binOf(cuts[at % sample.features]!, sample.rows[at]!);
	const said = Float64Array.from(sample.offset);
	const slope = new Float64Array(count);
	const bend = new Float64Array(count);
	const grower = new Grower(bins, sample.features, slope, bend);
	for (let tree = 0; tree < TREES; tree++) {
		for (let i = 0; i < count; i++) {
			const rate = Math.exp(said[i]!);
			slope[i] = sample.weight[i]! * (rate - sample.truth[i]!);
			bend[i] = sample.weight[i]! * rate;
		}
		const root = grower.grow(random);
		for (let i = 0; i < count; i++) said[i]! += grower.leaf(root, i * sample.features);
	}
	return { cuts, ...grower.flat() };
}

/** Log of the rate that the trees add to the offset of a row. */
export function answer({ cuts, roots, feature, bin, left, value }: Forest, row: Float32Array): number {
	const bins = cuts.map((cut, f) => binOf(cut, row[f]!));
	let sum = 0;
	for (const root of roots) {
		let node = root;
		while (feature[node]! >= 0) node = left[node]! + (bins[feature[node]!]! <= bin[node]! ? 0 : 1);
		sum += value[node]!;
	}
	return sum;
}

/** Cuts between bins that hold about as many rows each. */
function cutsOf({ rows, features, truth }: Sample): Float32Array[] {
	const step = Math.max(1, Math.floor(truth.length / 20_000));
	return Array.from({ length: features }, (_, f) => {
		const values: number[] = [];
		for (let i = 0; i < truth.length; i += step) {
			const value = rows[i * features + f]!;
			if (!Number.isNaN(value)) values.push(value);
		}
		const sorted = Float32Array.from(values).sort();
		const at = Array.from({ length: BINS - 2 }, (_, k) => Math.floor(((k + 1) * sorted.length) / (BINS - 1)));
		return Float32Array.from(new Set(at.flatMap((i) => (i < sorted.length ? [sorted[i]!] : []))));
	});
}

function binOf(cuts: Float32Array, value: number): number {
	if (Number.isNaN(value)) return 0;
	let low = 0;
	let high = cuts.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (value >= cuts[middle]!) low = middle + 1;
		else high = middle;
	}
	return low + 1;
}

/** Grows one tree after the other into flat arrays. */
class Grower {
	private readonly bins: Uint8Array;
	private readonly features: number;
	private readonly slope: Float64Array;
	private readonly bend: Float64Array;
	private readonly rows: Int32Array;
	private readonly slopes = new Float64Array(BINS);
	private readonly bends = new Float64Array(BINS);
	private readonly roots: number[] = [];
	private used = 0;
	private readonly feature = new Int16Array(TREES * NODES).fill(-1);
	private readonly bin = new Uint8Array(TREES * NODES);
	private readonly left = new Int32Array(TREES * NODES);
	private readonly value = new Float32Array(TREES * NODES);

	constructor(bins: Uint8Array, features: number, slope: Float64Array, bend: Float64Array) {
		this.bins = bins;
		this.features = features;
		this.slope = slope;
		this.bend = bend;
		this.rows = new Int32Array(slope.length);
	}

	/** Answers the tree's root. */
	grow(random: () => number): number {
		let count = 0;
		for (let i = 0; i < this.slope.length; i++) if (random() < ROWS) this.rows[count++] = i;
		const columns = Array.from({ length: this.features }, (_, f) => f).filter(() => random() < COLUMNS);
		const root = this.used++;
		this.roots.push(root);
		this.split(root, 0, count, 0, columns);
		return root;
	}

	leaf(root: number, row: number): number {
		let node = root;
		while (this.feature[node]! >= 0)
			node = this.left[node]! + (this.bins[row + this.feature[node]!]! <= this.bin[node]! ? 0 : 1);
		return this.value[node]!;
	}

	flat(): Omit<Forest, 'cuts'> {
		return {
			roots: Int32Array.from(this.roots),
			feature: this.feature.slice(0, this.used),
			bin: this.bin.slice(0, this.used),
			left: this.left.slice(0, this.used),
			value: this.value.slice(0, this.used)
		};
	}

	/** Splits the rows from `from` to before `to` where it gains most, and their parts in turn. */
	private split(node: number, from: number, to: number, depth: number, columns: readonly number[]): void {
		let slope = 0;
		let bend = 0;
		for (let i = from; i < to; i++) {
			slope += this.slope[this.rows[i]!]!;
			bend += this.bend[this.rows[i]!]!;
		}
		this.value[node] = RATE * Math.min(MOST, Math.max(-MOST, -slope / (bend + PULL)));
		if (depth === DEPTH || bend < 2 * LEAST) return;
		let best = (slope * slope) / (bend + PULL) + 1e-6;
		for (const column of columns) {
			this.collect(column, from, to);
			let leftSlope = 0;
			let leftBend = 0;
			for (let k = 0; k < BINS - 1; k++) {
				leftSlope += this.slopes[k]!;
				leftBend += this.bends[k]!;
				if (leftBend < LEAST) continue;
				const rightBend = bend - leftBend;
				if (rightBend < LEAST) break;
				const rightSlope = slope - leftSlope;
				const gain = leftSlope ** 2 / (leftBend + PULL) + rightSlope ** 2 / (rightBend + PULL);
				if (gain <= best) continue;
				best = gain;
				this.feature[node] = column;
				this.bin[node] = k;
			}
		}
		if (this.feature[node]! < 0) return;
		const middle = this.part(from, to, this.feature[node]!, this.bin[node]!);
		const left = this.used;
		this.used += 2;
		this.left[node] = left;
		this.split(left, from, middle, depth + 1, columns);
		this.split(left + 1, middle, to, depth + 1, columns);
	}

	private collect(column: number, from: number, to: number): void {
		const { bins, features, rows, slope, bend, slopes, bends } = this;
		slopes.fill(0);
		bends.fill(0);
		for (let i = from; i < to; i++) {
			const row = rows[i]!;
			const k = bins[row * features + column]!;
			slopes[k]! += slope[row]!;
			bends[k]! += bend[row]!;
		}
	}

	/** Brings rows up to `bin` to the front; answers where the others begin. */
	private part(from: number, to: number, column: number, bin: number): number {
		const { rows, bins, features } = this;
		let low = from;
		let high = to - 1;
		while (low <= high) {
			const row = rows[low]!;
			if (bins[row * features + column]! <= bin) low++;
			else {
				rows[low] = rows[high]!;
				rows[high--] = row;
			}
		}
		return low;
	}
}
