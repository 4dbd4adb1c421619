import type { AccuracyFigures } from '#lib/contracts/forecast-views.ts';

/** Sums of which the figures of any set of series are made. */
export interface FigureSums {
	days: number;
	units: number;
	absolute: number;
	signed: number;
	squared: number;
	/** Sum of squares of units, for deviations from the mean. */
	unitsSquared: number;
	weekUnits: number;
	weekAbsolute: number;
	in80: number;
	in95: number;
	naiveAbsolute: number;
	/** Days with sales, and the sum of their errors as shares. */
	soldDays: number;
	shares: number;
	/** Mean absolute error over that of repeating the last week in the history; summed over forecasts. */
	mase: number;
	maseCount: number;
}

/** One forecast of the past and what then happened; NaN is not known and not judged. */
export interface JudgedForecast {
	actual: ArrayLike<number>;
	point: ArrayLike<number>;
	lo80: ArrayLike<number>;
	hi80: ArrayLike<number>;
	lo95: ArrayLike<number>;
	hi95: ArrayLike<number>;
	/** The seasonal naive's points on the same days. */
	naive: ArrayLike<number>;
	/** Mean absolute error of repeating the last week within the known history; 0 when there is none. */
	naiveScale: number;
}

const NONE: FigureSums = {
	days: 0,
	units: 0,
	absolute: 0,
	signed: 0,
	squared: 0,
	unitsSquared: 0,
	weekUnits: 0,
	weekAbsolute: 0,
	in80: 0,
	in95: 0,
	naiveAbsolute: 0,
	soldDays: 0,
	shares: 0,
	mase: 0,
	maseCount: 0
};

/** Judges the first `days` days. */
export function judged(one: JudgedForecast, days = 30): FigureSums {
	const sums = { ...NONE };
	let week = { units: 0, said: 0, days: 0 };
	for (let h = 0; h < Math.min(days, one.actual.length); h++) {
		const y = one.actual[h]!;
		const said = one.point[h]!;
		week = { units: week.units + y, said: week.said + said, days: week.days + 1 };
		if (week.days === 7) {
			if (!Number.isNaN(week.units)) {
				sums.weekUnits += week.units;
				sums.weekAbsolute += Math.abs(week.units - week.said);
			}
			week = { units: 0, said: 0, days: 0 };
		}
		if (Number.isNaN(y)) continue;
		sums.days++;
		sums.units += y;
		sums.unitsSquared += y * y;
		sums.absolute += Math.abs(y - said);
		sums.signed += said - y;
		sums.squared += (y - said) ** 2;
		sums.naiveAbsolute += Math.abs(y - one.naive[h]!);
		if (y >= one.lo80[h]! - 1e-6 && y <= one.hi80[h]! + 1e-6) sums.in80++;
		if (y >= one.lo95[h]! - 1e-6 && y <= one.hi95[h]! + 1e-6) sums.in95++;
		if (y > 0) {
			sums.soldDays++;
			sums.shares += Math.abs(y - said) / y;
		}
	}
	if (one.naiveScale > 0 && sums.days > 0) {
		sums.mase = sums.absolute / sums.days / one.naiveScale;
		sums.maseCount = 1;
	}
	return sums;
}

export function addedFigures(all: readonly FigureSums[]): FigureSums {
	const out = { ...NONE };
	for (const one of all) for (const name of Object.keys(out) as (keyof FigureSums)[]) out[name] += one[name];
	return out;
}

/** Days below which an R2 says nothing. */
const R2_DAYS = 28;
/** Share of days that must have sales for a mean of percentages to mean anything. */
const MAPE_SHARE = 0.9;

/** Figures from sums; null where a figure has no meaning: nothing sold, too few days, hardly any variation. */
export function figuresOf(sums: FigureSums): AccuracyFigures {
	const { days, units } = sums;
	const share = (part: number, whole: number) => (whole > 0 ? part / whole : null);
	const deviations = days > 0 ? sums.unitsSquared - units ** 2 / days : 0;
	const varies = days >= R2_DAYS && deviations > 1e-6 * Math.max(1, sums.unitsSquared);
	return {
		wape: share(sums.absolute, units),
		wapeWeek: share(sums.weekAbsolute, sums.weekUnits),
		mae: share(sums.absolute, days),
		mape: days > 0 && sums.soldDays >= MAPE_SHARE * days ? sums.shares / sums.soldDays : null,
		r2: varies ? 1 - sums.squared / deviations : null,
		mase: share(sums.mase, sums.maseCount),
		bias: share(sums.signed, units),
		cover80: share(sums.in80, days),
		cover95: share(sums.in95, days),
		skill: sums.naiveAbsolute > 0 ? 1 - sums.absolute / sums.naiveAbsolute : null,
		days
	};
}
