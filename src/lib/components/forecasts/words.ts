import { percent } from '#lib/components/format/number.ts';
import { channelLook } from '#lib/components/ui/channels.ts';
import type { ModelView } from '#lib/contracts/forecast-pages.ts';
import type { AccuracyFigures, ForecastNote } from '#lib/contracts/forecast-views.ts';

/** A model's name for people, and what it believes in. */
const MODELS: Record<string, { name: string; idea: string }> = {
	ensemble: { name: 'Mixture', idea: 'several models together, each with the weight it earned' },
	fixed: { name: 'Fixed 40/40/20', idea: 'Prophet, LSTM and ARIMA in fixed shares' },
	prophet: { name: 'Prophet', idea: 'a bending trend with weekly and yearly seasons' },
	lstm: { name: 'LSTM', idea: 'a network that has seen all your SKUs' },
	'lstm-median': { name: 'LSTM median', idea: 'the network’s middle value' },
	'boosted-trees': { name: 'Boosted trees', idea: 'many small decision trees that have seen all your SKUs' },
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
export function skillWords({ skill, wape }: AccuracyFigures, locale: string): string {
	const share = (value: number | null) => percent(value, locale, 0);
	const naiveWape = wape === null || skill === null || skill >= 1 ? null : wape / (1 - skill);
	if (skill === null)
		return 'Nothing was sold on the days that could be judged, so nothing can be said of it.';
	const both = `missed by ${share(wape)} of what was sold, repeating the last week by ${share(naiveWape)}`;
	if (skill > WORTH) return `Forecasts of its past ${both}.`;
	if (skill > 0)
		return `Hardly better than repeating the last week: forecasts ${both}. Treat the figure as a guess.`;
	if (skill >= -WORTH)
		return `No better than repeating the last week: forecasts ${both}. Treat the figure as a guess.`;
	return `Worse than repeating the last week: forecasts ${both}. Do not rely on single days; the total and its range say more.`;
}

/** Whether the ranges kept their promise. */
export function coverWords({ cover80, days }: AccuracyFigures, locale: string): string {
	if (cover80 === null) return '';
	const held = `The 80% range held on ${percent(cover80, locale, 0)} of ${days} days`;
	if (cover80 < 0.7) return `${held}: less often than promised, so plan with more room.`;
	if (cover80 > 0.9) return `${held}: it is wider than it needs to be.`;
	return `${held}, about as promised.`;
}

/** Why this mixture, from the weights: the models that carry it. */
export function whyWords(weights: Record<string, number>): string {
	const [first, second] = Object.entries(weights).toSorted(([, a], [, b]) => b - a);
	if (!first) return 'No model had enough history to be judged: the usual weights of your shop are used.';
	const share = (value: number) => `${Math.round(value * 100)}%`;
	const lead = `${modelName(first[0])} (${modelIdea(first[0])}) has the largest part of the mixture, ${share(first[1])}`;
	return second && second[1] > 0.1
		? `${lead}, then ${modelName(second[0])} (${modelIdea(second[0])}) with ${share(second[1])}.`
		: `${lead}.`;
}

/** What a series of a level is called. */
export function levelTitle({ level, key }: { level: string; key: string }): string {
	if (level === 'shop') return 'The whole shop';
	if (level === 'channel') return channelLook(key).name;
	return key === '' ? 'Without a category' : key;
}

/** Why a figure is not an ordinary one; what its past was worth is said by `skillWords`. */
export const NOTES: Partial<Record<ForecastNote, string>> = {
	no_sales: 'It has never been sold, so there is nothing to learn from: the figure is 0 until it sells.',
	short_history: 'Fewer than 60 days are known. Trust the range more than the days.',
	from_category:
		'It is too new to speak for itself: the figure follows what others of its category sold when they were new.'
};

/** Which single model won on the past days, and by how much the mixture differs from it. */
export function winWords(
	winner: string,
	models: readonly ModelView[],
	mixture: number | null,
	locale: string
): string {
	const best = models.find(({ method }) => method === winner)?.wape ?? null;
	const lead = `Of the single models ${modelName(winner)} was nearest on the judged days`;
	if (best === null || mixture === null) return `${lead}.`;
	const share = (value: number) => percent(value, locale);
	return mixture <= best
		? `${lead} (off by ${share(best)}); the mixture was nearer still (${share(mixture)}).`
		: `${lead} (off by ${share(best)}; the mixture ${share(mixture)}). Which one wins is known only afterwards, so the mixture is used.`;
}
