import type { Model } from '#lib/contracts/forecast-views.ts';
import type { BandView } from '#lib/contracts/forecasts.ts';
import { Conflict } from '../platform/errors.ts';
import { FIXED } from './forecast-set.ts';
import type { Bands } from './intervals.ts';
import { plain } from './results.ts';
import { HORIZON } from './sales-set.ts';

/** What a model says, from what each engine said. @throws Conflict where the model, or a part of it, said nothing */
export function pointsOf(said: Record<string, number[]>, model: Model): Float64Array {
	if (model !== 'fixed') {
		if (!said[model]) throw new Conflict(missing(model));
		return Float64Array.from(said[model]);
	}
	const point = new Float64Array(HORIZON);
	for (const [name, share] of Object.entries(FIXED)) {
		if (!said[name]) throw new Conflict(missing(name));
		said[name].forEach((value, h) => (point[h]! += share * value));
	}
	return point;
}

function missing(model: string): string {
	return model === 'lstm'
		? 'The network learns from all products together and has not been trained yet. Start a training, or choose another model.'
		: `The model ${model} cannot say anything of this product.`;
}

/** Points and ranges from a day on (YYYY-MM-DD), as plain numbers. */
export function bandView(from: string, point: Float64Array, bands: Bands): BandView {
	return {
		from,
		point: plain(point),
		lo80: plain(bands.lo80),
		hi80: plain(bands.hi80),
		lo95: plain(bands.lo95),
		hi95: plain(bands.hi95)
	};
}
