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
	const random = seeded(3);
	const known = dayOf('2025-06-28') - START + 1;
	const set = Array.from({ length: 30 }, (_, k) => seasonal(`s${k}`, 10 + 10 * k, known, random));
	const forest = growTrees(set, HORIZON, 1)!;
	const said = boostedTrees(forest).forecast(set, HORIZON);
	// four weeks of six open days; from the third day on it is July, when twice the level sells: half of it would be no season at all
	const shares = said.map((answer, k) => totalOf(answer![0]) / ((10 + 10 * k) * 2 * 24));
	expect(Math.min(...shares)).toBeGreaterThan(0.65);
	expect(Math.max(...shares)).toBeLessThan(1.1);
	for (const answer of said) expect(answer![0]![0]).toBe(0); // 2025-06-29 is a Sunday
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
