import { weekdayShares } from './engines/profile.ts';
import { holidayOf } from './holidays.ts';
import { meanOf, weekdayOf, type Day, type Series } from './series.ts';

/** Days to each side that say what an ordinary day sells there. */
const AROUND = 28;
/** Ordinary days needed around one that is not. */
const LEAST_AROUND = 8;
/** Days back whose middle price is the usual one: after as long a new price is the usual one itself. */
const PRICE_DAYS = 56;
/** Of logarithms: how far the set's answer to a promotion may lie from none, and a series' from the set's. */
const SPREAD_SET = 1;
const SPREAD_OWN = 0.35;
const SPREAD_HOLIDAY = 0.7;
const LEAST = 0.05;
const MOST = 8;

/** What a promotion and a price against the usual one do to the logarithm of a day's units. */
type Answer = [promo: number, price: number];

/** A day that is not ordinary: units and what was to be expected of an ordinary one, over the usual units; why it is not. */
interface Row {
	units: number;
	expected: number;
	why: Answer;
}

/**
 * How far known reasons lift a day above an ordinary one: promotions and prices of the series, learned of each and drawn to what the whole set
 * does; retail days, learned of the set. Learned from what is known in `set` only; 1 where there is no reason or nothing was learned of it.
 */
export function learnLift(set: readonly Series[]): (series: Series, day: Day) => number {
	const whys = new Map(set.map((series) => [series, whyOf(series)]));
	const single = new Map<string, { rows: Row[]; noise: number }>();
	for (const series of set) {
		const why = whys.get(series);
		if (why) single.set(series.id, rowsOf(series, why));
	}
	const all = [...single.values()];
	const rows = all.flatMap((one) => one.rows);
	const noise = all.length === 0 ? 1 : all.reduce((sum, one) => sum + one.noise, 0) / all.length;
	const whole = answerTo(rows, noise, [0, 0], SPREAD_SET);
	const own = new Map(
		[...single].map(([id, one]) => [id, answerTo(one.rows, one.noise, whole, SPREAD_OWN)] as const)
	);
	const cache = new WeakMap<object, ((i: number) => Answer) | null>();
	const reason = (series: Series, day: Day) => {
		const key = series.promo ?? series.price;
		if (!key) return 1;
		if (!cache.has(key)) cache.set(key, whyOf(series));
		const why = cache.get(key)?.(day - series.start);
		const answer = own.get(series.id) ?? whole;
		return why ? bounded(Math.exp(answer[0] * why[0] + answer[1] * why[1])) : 1;
	};
	const holidays = learnHolidays(set, reason);
	return (series, day) => {
		const holiday = holidayOf(day);
		return reason(series, day) * ((holiday && holidays.get(holiday)) || 1);
	};
}

/** A series with its lifts taken out: what it would have sold on ordinary days. Days that hardly sell for a known reason are unknown. */
export function withoutLift(series: Series, lift: (series: Series, day: Day) => number): Series {
	let touched = false;
	const units = series.units.map((value, i) => {
		const factor = lift(series, series.start + i);
		if (factor === 1) return value;
		touched = true;
		return factor < 0.2 ? Number.NaN : value / factor;
	});
	return touched ? { ...series, units } : series;
}

const bounded = (factor: number) => Math.min(MOST, Math.max(LEAST, factor));

/** Null where neither promotions nor prices are known. Prices count against the middle one of the weeks before. */
function whyOf({ promo, price }: Series): ((i: number) => Answer) | null {
	const changes = price?.some((value) => value !== price[0]);
	if (!promo?.some((value) => value !== 0) && !changes) return null;
	const usual = changes ? usualPrices(price!) : null;
	return (i) => {
		const against = usual && i >= 0 && i < usual.length ? Math.log(price![i]! / usual[i]!) : 0;
		return [promo?.[i] ?? 0, Math.min(0.5, Math.max(-1, Number.isFinite(against) ? against : 0))];
	};
}

function usualPrices(price: Float64Array): Float64Array {
	return price.map((value, i) => {
		const before = price.slice(Math.max(0, i - PRICE_DAYS), i).sort();
		return before.length < 14 ? value : before[before.length >> 1]!;
	});
}

const isOrdinary = ([promo, price]: Answer) => Math.abs(promo) < 0.05 && Math.abs(price) < 0.03;

/** Days with a reason beside what ordinary days around them sold, and how noisy ordinary days are (variance over mean). */
function rowsOf(series: Series, why: (i: number) => Answer): { rows: Row[]; noise: number } {
	const { units } = series;
	const reasons = Array.from(units, (_, i) => why(i));
	const ordinary = units.map((value, i) => (isOrdinary(reasons[i]!) ? value : Number.NaN));
	const shares = weekdayShares({ ...series, units: ordinary });
	const share = (i: number) => shares[weekdayOf(series.start + i)]!;
	const usual = meanOf(ordinary);
	if (!(usual > 0)) return { rows: [], noise: 1 };
	const [sums, counts] = [new Float64Array(units.length + 1), new Float64Array(units.length + 1)];
	ordinary.forEach((value, i) => {
		const known = !Number.isNaN(value) && share(i) > 0.05;
		sums[i + 1] = sums[i]! + (known ? value / share(i) : 0);
		counts[i + 1] = counts[i]! + (known ? 1 : 0);
	});
	const rows: Row[] = [];
	let noise = 0;
	let seen = 0;
	units.forEach((value, i) => {
		const [from, to] = [Math.max(0, i - AROUND), Math.min(units.length, i + AROUND + 1)];
		const around = counts[to]! - counts[from]!;
		const expected = (share(i) * (sums[to]! - sums[from]!)) / around;
		if (Number.isNaN(value) || around < LEAST_AROUND || !(expected > 0)) return;
		if (isOrdinary(reasons[i]!)) {
			noise += (value - expected) ** 2 / expected / usual;
			seen++;
		} else rows.push({ units: value / usual, expected: expected / usual, why: reasons[i]! });
	});
	return { rows, noise: seen >= 28 ? Math.max(0.02, noise / seen) : 1 };
}

/**
 * Poisson regression of units on reasons with the expected units as exposure, by Newton steps, drawn to `prior`: lumpy series say little of
 * their own, zeros need no care. Lower prices never sell less.
 */
function answerTo(rows: readonly Row[], noise: number, prior: Answer, spread: number): Answer {
	const hold = 1 / spread ** 2;
	let [promo, price] = prior;
	for (let round = 0; rows.length > 0 && round < 12; round++) {
		let [g0, g1] = [-hold * (promo - prior[0]), -hold * (price - prior[1])];
		let [h00, h01, h11] = [hold, 0, hold];
		for (const { units, expected, why } of rows) {
			const said = (expected * bounded(Math.exp(promo * why[0] + price * why[1]))) / noise;
			const miss = units / noise - said;
			g0 += miss * why[0];
			g1 += miss * why[1];
			h00 += said * why[0] ** 2;
			h01 += said * why[0] * why[1];
			h11 += said * why[1] ** 2;
		}
		const determinant = h00 * h11 - h01 * h01;
		const step = (value: number) => Math.min(0.7, Math.max(-0.7, value));
		promo += step((h11 * g0 - h01 * g1) / determinant);
		price = Math.min(0, Math.max(-4, price + step((h00 * g1 - h01 * g0) / determinant)));
	}
	return [promo, price];
}

/** The set's lift on each retail day seen in its past, where it stands out from what days differ by anyway. */
function learnHolidays(
	set: readonly Series[],
	reason: (series: Series, day: Day) => number
): Map<string, number> {
	const out = new Map<string, number>();
	const start = set.reduce((least, series) => Math.min(least, series.start), Infinity);
	const end = set.reduce((most, series) => Math.max(most, series.start + series.units.length), -Infinity);
	if (!(end - start >= 2 * AROUND)) return out;
	const [sold, counted] = [new Float64Array(end - start), new Float64Array(end - start)];
	for (const series of set) {
		const usual = meanOf(series.units);
		if (!(usual > 0)) continue;
		series.units.forEach((value, i) => {
			if (Number.isNaN(value)) return;
			// one wholesale order must not make a holiday
			sold[series.start + i - start]! += Math.min(5, value / usual / reason(series, series.start + i));
			counted[series.start + i - start]!++;
		});
	}
	const index = sold.map((value, i) => (counted[i]! > 0 ? value / counted[i]! : Number.NaN));
	const differences: number[] = [];
	const seen = new Map<string, number[]>();
	index.forEach((value, i) => {
		if (Number.isNaN(value)) return;
		// the same weekday of the weeks around it
		const around: number[] = [];
		for (let back = -4; back <= 4; back++) {
			const j = i + 7 * back;
			if (back !== 0 && index[j] !== undefined && !Number.isNaN(index[j]) && !holidayOf(start + j))
				around.push(index[j]);
		}
		if (around.length < 3) return;
		const usual = around.sort((a, b) => a - b)[around.length >> 1]!;
		if (!(usual > 0.05)) return;
		const difference = Math.log(Math.max(value, 0.02 * usual) / usual);
		const name = holidayOf(start + i);
		if (name) seen.set(name, [...(seen.get(name) ?? []), difference]);
		else differences.push(difference);
	});
	if (differences.length < 56) return out;
	const noise = differences.reduce((sum, value) => sum + value ** 2, 0) / differences.length;
	for (const [name, values] of seen) {
		const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
		if (Math.abs(mean) < 2 * Math.sqrt(noise / values.length)) continue;
		const trust = SPREAD_HOLIDAY ** 2 / (SPREAD_HOLIDAY ** 2 + noise / values.length);
		out.set(name, bounded(Math.exp(trust * mean)));
	}
	return out;
}
