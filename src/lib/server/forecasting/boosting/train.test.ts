import { expect, test } from 'vitest';
import { packModels, unpackModels } from '../child/stored-models.ts';
import { seeded } from '../random.ts';
import { dayOf, type Series } from '../series.ts';
import { boostedTrees, growTrees } from './train.ts';

const START = dayOf('2024-01-01');
const HORIZON = 28;

/** Units around a level, doubled in July, none on Sundays. */
function seasonal(id: string, level: number, days: number, random: () => number): Series {
	const units = Float64Array.from({ length: days }, (_, i) => {
		const month = new Date((START + i) * 86_400_000).getUTCMonth();
		const share = (START + i + 3) % 7 === 6 ? 0 : month === 6 ? 2 : 1;
		return Math.round(level * share * (0.7 + 0.6 * random()));
	});
	return { id, start: START, units };
}

function totalOf(points: Float64Array | null | undefined): number {
	return points!.reduce((sum, value) => sum + value, 0);
}

test('a season that the set has is found for each series, a closed weekday stays closed, levels are kept', () => {
	const known = dayOf('2025-06-28') - START + 1;
	const found: number[] = [];
	for (const seed of [3, 4, 5]) {
		const random = seeded(seed);
		const set = Array.from({ length: 30 }, (_, k) => seasonal(`s${k}`, 10 + 10 * k, known, random));
		const forest = growTrees(set, HORIZON, seed)!;
		const said = boostedTrees(forest).forecast(set, HORIZON);
		// four weeks of six open days; from the third day on it is July, when twice the level sells: half of it would be no season at all
		found.push(...said.map((answer, k) => totalOf(answer![0]) / ((10 + 10 * k) * 2 * 24)));
		for (const answer of said) expect(answer![0]![0]).toBe(0); // 2025-06-29 is a Sunday
	}
	// of one draw of sales and trees it is between 0.60 and 0.71: a July seen once
	expect(found.reduce((sum, value) => sum + value, 0) / found.length).toBeGreaterThan(0.64);
	expect(Math.min(...found)).toBeGreaterThan(0.56);
	expect(Math.max(...found)).toBeLessThan(1.1);
}, 60_000);

test('trees that were grown on other features say nothing', () => {
	const set = [seasonal('one', 20, 200, seeded(5))];
	const forest = growTrees(set, HORIZON, 1)!;
	expect(boostedTrees({ ...forest, cuts: forest.cuts.slice(1) }).forecast(set, HORIZON)).toEqual([null]);
});

test('the same seed grows the same bytes; stored trees answer as the ones that were stored', () => {
	const random = seeded(5);
	const set = Array.from({ length: 8 }, (_, k) => seasonal(`s${k}`, 4 + k, 200, random));
	const forest = growTrees(set, HORIZON, 1)!;
	expect(growTrees(set, HORIZON, 1)).toEqual(forest);
	expect(growTrees(set, HORIZON, 2)).not.toEqual(forest);
	const back = unpackModels(packModels({ network: [], trees: forest })).trees!;
	expect(boostedTrees(back).forecast(set, HORIZON)).toEqual(boostedTrees(forest).forecast(set, HORIZON));
});

test('odd series neither break it nor get an answer that is no number', () => {
	const odd: Series[] = [
		{ id: 'empty', start: START + 300, units: new Float64Array(0) },
		{ id: 'short', start: START + 290, units: new Float64Array(10).fill(3) },
		{ id: 'zero', start: START, units: new Float64Array(300) },
		{ id: 'unknown', start: START, units: new Float64Array(300).fill(Number.NaN) },
		{ id: 'constant', start: START, units: new Float64Array(300).fill(2) },
		{
			id: 'gaps',
			start: START,
			units: Float64Array.from({ length: 300 }, (_, i) => (i % 3 ? Number.NaN : 5))
		},
		{
			id: 'wild',
			start: START,
			units: Float64Array.from({ length: 300 }, (_, i) => (i === 150 ? 1e9 : i % 2))
		}
	];
	const forest = growTrees(odd, 90, 1)!;
	const said = boostedTrees(forest).forecast(odd, 90);
	expect(said.map((answer) => answer !== null)).toEqual([false, true, false, false, true, true, true]);
	for (const answer of said)
		for (const value of answer?.[0] ?? []) expect(Number.isFinite(value) && value >= 0).toBe(true);
	expect(totalOf(said[4]![0]) / 180).toBeGreaterThan(0.7);
	expect(totalOf(said[4]![0]) / 180).toBeLessThan(1.3);
	expect(growTrees([], 30, 1)).toBeNull();
	expect(growTrees(odd.slice(0, 4), 30, 1)).toBeNull();
});
