/**
 * What cohorts will have spent some months after their first order: chain ladder, the method by which insurers complete run-off
 * triangles (T. Mack, "Distribution-free calculation of the standard error of chain ladder reserve estimates", ASTIN Bulletin 23, 1993).
 * Cumulative spending at age k + 1 is that at age k times a factor, which is the ratio of the sums over all cohorts that are old enough;
 * so a cohort is expected to go on as those before it did from its age on. Only whole months count. Pure; floats, since it is an estimate.
 */

/** One cohort: `spent[k]` in the k-th month after the first order's month, whole months only. `at`: months since year 0. */
export interface Triangle {
	at: number;
	customers: number;
	spent: readonly number[];
}

/** Months after the first order's month that a projection reaches. */
export const HORIZON = 12;
/** Cohorts that a factor must rest on. */
const LEAST = 3;
/** Younger cohorts say more about the present than older ones: factors rest on so many. */
const LOOK_BACK = 36;

/** Factors from age k to k + 1 for k = 0 to 11, as far as enough cohorts are that old. */
export function factorsOf(cohorts: readonly Triangle[]): number[] {
	const factors: number[] = [];
	for (let age = 0; age < HORIZON; age++) {
		const old = cohorts
			.filter((one) => one.spent.length > age + 1)
			.sort((a, b) => b.at - a.at)
			.slice(0, LOOK_BACK);
		const before = total(old, (one) => spentBy(one, age));
		if (old.length < LEAST || before <= 0) break;
		factors.push(total(old, (one) => spentBy(one, age + 1)) / before);
	}
	return factors;
}

/** What a cohort will have spent at `age`; its own spending where it is that old, null where the factors do not reach. */
export function projected(cohort: Triangle, factors: readonly number[], age = HORIZON): number | null {
	const last = cohort.spent.length - 1;
	if (last < 0) return null;
	if (age <= last) return spentBy(cohort, age);
	if (factors.length < age) return null;
	return factors.slice(last, age).reduce((sum, factor) => sum * factor, spentBy(cohort, last));
}

/** Mean spending per customer at each age from 0 to the horizon, over the cohorts of the last twelve whole months; null where unknown. */
export function expectedCurve(
	cohorts: readonly Triangle[]
): { month: number; perCustomer: number; cohorts: number }[] | null {
	const factors = factorsOf(cohorts);
	const recent = cohorts.filter(
		(one) => one.spent.length > 0 && one.spent.length <= HORIZON && one.customers > 0
	);
	const customers = total(recent, (one) => one.customers);
	if (factors.length < HORIZON || customers === 0) return null;
	return Array.from({ length: HORIZON + 1 }, (_, month) => ({
		month,
		perCustomer: total(recent, (one) => projected(one, factors, month) ?? 0) / customers,
		cohorts: recent.filter((one) => one.spent.length > month).length
	}));
}

/** How a projection made `months` ago would have done, over the cohorts that were then younger than the horizon. */
export interface Trial {
	cohorts: number;
	projected: number;
	actual: number;
	/** Sums of absolute errors over cohorts: of the projection, and of going on as in the last three months. */
	error: number;
	naiveError: number;
}

/** Hides the last `months` months, projects them, and compares; null where the shortened history is too short for a projection. */
export function backTest(cohorts: readonly Triangle[], months: number): Trial | null {
	const known = cohorts.map((one) => ({
		...one,
		spent: one.spent.slice(0, Math.max(0, one.spent.length - months))
	}));
	const factors = factorsOf(known);
	const trial: Trial = { cohorts: 0, projected: 0, actual: 0, error: 0, naiveError: 0 };
	known.forEach((then, index) => {
		const last = then.spent.length - 1;
		if (last < 0 || last >= HORIZON) return;
		const age = Math.min(HORIZON, last + months);
		const expected = projected(then, factors, age);
		if (expected === null) return;
		const base = spentBy(then, last);
		const actual = spentBy(cohorts[index]!, age) - base;
		const recent = then.spent.slice(1).slice(-3);
		const naive =
			recent.length === 0 ? 0 : (recent.reduce((a, b) => a + b, 0) / recent.length) * (age - last);
		trial.cohorts++;
		trial.projected += expected - base;
		trial.actual += actual;
		trial.error += Math.abs(expected - base - actual);
		trial.naiveError += Math.abs(naive - actual);
	});
	return trial.cohorts >= LEAST ? trial : null;
}

function spentBy({ spent }: Triangle, age: number): number {
	let sum = 0;
	for (let month = 0; month <= age && month < spent.length; month++) sum += spent[month]!;
	return sum;
}

function total<T>(list: readonly T[], of: (item: T) => number): number {
	return list.reduce((sum, item) => sum + of(item), 0);
}
