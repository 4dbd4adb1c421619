import { percent } from '#lib/components/format/number.ts';
import type { AccuracyView } from '#lib/contracts/forecasts.ts';

/** A model's name for people, and what it believes in. */
const MODELS: Record<string, { name: string; idea: string }> = {
	ensemble: { name: 'Mixture', idea: 'several models together, each with the weight it earned' },
	fixed: { name: 'Fixed 40/40/20', idea: 'Prophet, LSTM and ARIMA in fixed shares' },
	prophet: { name: 'Prophet', idea: 'a bending trend with weekly and yearly seasons' },
	lstm: { name: 'LSTM', idea: 'a network that has seen all your SKUs' },
	'lstm-median': { name: 'LSTM median', idea: 'the network’s middle value' },
	arima: { name: 'ARIMA', idea: 'each day from the days and misses before it' },
	ets: { name: 'ETS', idea: 'a level that follows recent weeks, with weekdays' },
	theta: { name: 'Theta', idea: 'recent level plus half the long trend' },
	tsb: { name: 'TSB', idea: 'the chance of a sale times its usual size, for goods that sell now and then' },
	'weekday-smoothing': { name: 'Weekday smoothing', idea: 'a smoothed level spread over weekdays' },
	'weekday-robust': { name: 'Weekday, large orders capped', idea: 'the same without single large orders' },
	'pooled-smoothing': { name: 'Shop’s calendar', idea: 'its level moved as its category moves in the year' },
	'last-year': { name: 'Last year’s season', idea: 'its level moved as it moved a year ago' },
	'seasonal-naive': { name: 'Last week repeated', idea: 'the last week, again and again' }
};

export const modelName = (method: string) => MODELS[method]?.name ?? method;
export const modelIdea = (method: string) => MODELS[method]?.idea ?? 'a model';

/** Better than repeating last week by less than this is chance. */
export const WORTH = 0.02;

/** How the forecast compares with repeating last week, in a sentence. */
export function skillWords({ skill, wape, naiveWape }: AccuracyView, locale: string): string {
	const share = (value: number | null) => percent(value, locale, 0);
	if (skill === null)
		return 'Nothing was sold on the days that could be judged, so nothing can be said of it.';
	if (skill > WORTH)
		return `Forecasts missed by ${share(wape)} of what was sold; repeating the last week would have missed by ${share(naiveWape)}.`;
	if (skill >= -WORTH)
		return `No better than repeating the last week: both missed by about ${share(wape)} of what was sold. Treat the figure as a rough guess.`;
	return `Worse than repeating the last week: missed by ${share(wape)} against ${share(naiveWape)}. Do not rely on single days; the total and its range say more.`;
}

/** Whether the ranges kept their promise. */
export function coverWords({ cover80, days }: AccuracyView, locale: string): string {
	const held = `The 80% range held on ${percent(cover80, locale, 0)} of ${days} days`;
	if (cover80 < 0.7) return `${held}: less often than promised, so plan with more room.`;
	if (cover80 > 0.92) return `${held}: it is wider than it needs to be.`;
	return `${held}, about as promised.`;
}

/** Why this mixture, from the weights: the models that carry it. */
export function whyWords(weights: Record<string, number>): string {
	const [first, second] = Object.entries(weights).toSorted(([, a], [, b]) => b - a);
	if (!first) return 'No model had enough history to be judged: the usual weights of your shop are used.';
	const share = (value: number) => `${Math.round(value * 100)}%`;
	const lead = `${modelName(first[0])} (${modelIdea(first[0])}) did best on its past and has ${share(first[1])} of the say`;
	return second && second[1] > 0.1
		? `${lead}, then ${modelName(second[0])} (${modelIdea(second[0])}) with ${share(second[1])}.`
		: `${lead}.`;
}

/** The larger step of a change in units against the days before. */
export function trendOf(units: number, before: number | null): number | null {
	return before !== null && before > 0 ? units / before - 1 : null;
}
