/** What one forecast said and what then happened. Days whose truth is unknown (NaN) are not judged. */
export interface Judged {
	actual: Float64Array;
	point: ArrayLike<number>;
	lo80: ArrayLike<number>;
	hi80: ArrayLike<number>;
	lo95: ArrayLike<number>;
	hi95: ArrayLike<number>;
	/** Mean absolute seasonal-naive error within the known history: the unit of MASE. 0 when there is none. */
	naiveScale: number;
}

/** Figures over a set of forecasts. Shares, not percent; NaN where nothing can be said (no units sold at all). */
export interface Accuracy {
	/** Sum of absolute errors over the sum of units, per day and per full week. */
	wapeDay: number;
	wapeWeek: number;
	/** Mean absolute error in units a day. */
	mae: number;
	/** Absolute error against the seasonal naive's own error in the past, mean over forecasts. */
	mase: number;
	/** (forecast - actual) / actual of the totals: below 0 is too little. */
	bias: number;
	/** Mean pinball loss of the quantiles 2.5, 10, 50, 90 and 97.5% over mean units. */
	pinball: number;
	cover80: number;
	cover95: number;
	/** Coverage of each third of the horizon. */
	cover80Thirds: number[];
	cover95Thirds: number[];
}

/** Sums that make up the figures, kept per series so that a bootstrap over series adds them again. */
export interface Sums {
	units: number;
	absolute: number;
	signed: number;
	weekAbsolute: number;
	weekUnits: number;
	pinball: number;
	days: number;
	in80: number[];
	in95: number[];
	thirds: number[];
	mase: number;
	maseCount: number;
}

export function noSums(): Sums {
	return {
		units: 0,
		absolute: 0,
		signed: 0,
		weekAbsolute: 0,
		weekUnits: 0,
		pinball: 0,
		days: 0,
		in80: [0, 0, 0],
		in95: [0, 0, 0],
		thirds: [0, 0, 0],
		mase: 0,
		maseCount: 0
	};
}

function pinball(actual: number, quantile: number, share: number): number {
	return actual >= quantile ? share * (actual - quantile) : (1 - share) * (quantile - actual);
}

export function sumsOf({ actual, point, lo80, hi80, lo95, hi95, naiveScale }: Judged): Sums {
	const sums = noSums();
	const horizon = actual.length;
	for (let h = 0; h < horizon; h++) {
		const y = actual[h]!;
		if (Number.isNaN(y)) continue;
		const third = Math.min(2, Math.floor((3 * h) / horizon));
		sums.units += y;
		sums.absolute += Math.abs(y - point[h]!);
		sums.signed += point[h]! - y;
		sums.days++;
		sums.thirds[third]!++;
		if (y >= lo80[h]! - 1e-9 && y <= hi80[h]! + 1e-9) sums.in80[third]!++;
		if (y >= lo95[h]! - 1e-9 && y <= hi95[h]! + 1e-9) sums.in95[third]!++;
		sums.pinball +=
			(pinball(y, lo95[h]!, 0.025) +
				pinball(y, lo80[h]!, 0.1) +
				pinball(y, point[h]!, 0.5) +
				pinball(y, hi80[h]!, 0.9) +
				pinball(y, hi95[h]!, 0.975)) /
			5;
	}
	for (let week = 0; week + 7 <= horizon; week += 7) {
		let truth = 0;
		let said = 0;
		for (let h = week; h < week + 7; h++) {
			truth += actual[h]!;
			said += point[h]!;
		}
		if (Number.isNaN(truth)) continue;
		sums.weekAbsolute += Math.abs(truth - said);
		sums.weekUnits += truth;
	}
	if (naiveScale > 0 && sums.days > 0) {
		sums.mase = sums.absolute / sums.days / naiveScale;
		sums.maseCount = 1;
	}
	return sums;
}

export function added(all: readonly Sums[]): Sums {
	const out = noSums();
	for (const one of all)
		for (const [name, value] of Object.entries(one) as [keyof Sums, number | number[]][]) {
			const target = out as unknown as Record<string, number | number[]>;
			if (typeof value === 'number') (target[name] as number) += value;
			else value.forEach((v, i) => ((target[name] as number[])[i]! += v));
		}
	return out;
}

export function accuracyOf(sums: Sums): Accuracy {
	const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
	const shares = (values: number[]) => values.map((value, i) => value / sums.thirds[i]!);
	return {
		wapeDay: sums.units > 0 ? sums.absolute / sums.units : Number.NaN,
		wapeWeek: sums.weekUnits > 0 ? sums.weekAbsolute / sums.weekUnits : Number.NaN,
		mae: sums.absolute / sums.days,
		mase: sums.maseCount > 0 ? sums.mase / sums.maseCount : Number.NaN,
		bias: sums.units > 0 ? sums.signed / sums.units : Number.NaN,
		pinball: sums.units > 0 ? sums.pinball / sums.units : Number.NaN,
		cover80: total(sums.in80) / sums.days,
		cover95: total(sums.in95) / sums.days,
		cover80Thirds: shares(sums.in80),
		cover95Thirds: shares(sums.in95)
	};
}

/** Mean absolute error of the seasonal naive one week back over the known history. */
export function naiveScale(units: Float64Array): number {
	let sum = 0;
	let count = 0;
	for (let i = 7; i < units.length; i++) {
		const step = Math.abs(units[i]! - units[i - 7]!);
		if (Number.isNaN(step)) continue;
		sum += step;
		count++;
	}
	return count === 0 ? 0 : sum / count;
}
