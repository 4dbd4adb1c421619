import type { Engine } from './engine.ts';

/** The last known value of the same weekday: the yardstick every other engine is measured against. */
export const seasonalNaive: Engine = {
	name: 'seasonal-naive',
	fit({ units }) {
		const week = new Float64Array(7);
		for (let ahead = 1; ahead <= 7; ahead++)
			for (let i = units.length - 1 + ahead - 7; i >= 0; i -= 7)
				if (!Number.isNaN(units[i]!)) {
					week[ahead - 1] = units[i]!;
					break;
				}
		return { forecast: (horizon) => Float64Array.from({ length: horizon }, (_, h) => week[h % 7]!) };
	}
};
