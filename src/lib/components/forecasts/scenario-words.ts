import { percent } from '#lib/components/format/number.ts';
import type { Scenario } from '#lib/contracts/forecasts.ts';
import { dayRange } from '#lib/components/format/date.ts';

/** Demand as the model sees it, two weeks from order to shelf. */
export const PLAIN: Scenario = { uplift: 0, promotions: [], leadDays: 14, service: 0.95 };

/** "+10%"; "as forecast" for no change. */
export function shareWords(share: number, locale: string): string {
	if (Math.abs(share) < 0.0005) return 'as forecast';
	return `${share > 0 ? '+' : ''}${percent(share, locale, 0)}`;
}

/** True where the scenario changes demand; lead time and service only ask about it. */
export function changesDemand({ uplift, promotions }: Scenario): boolean {
	return uplift !== 0 || promotions.some(({ lift }) => lift !== 0);
}

/** A kept scenario in a line: "demand +10%, Nov 26 – 30 +50%, 24 days lead time". */
export function scenarioWords(
	{ uplift, promotions, leadDays, service }: Scenario,
	locale: string,
	thisYear: number
): string {
	return [
		uplift !== 0 && `demand ${shareWords(uplift, locale)}`,
		...promotions.map(
			({ fromDay, toDay, lift }) =>
				`${dayRange(fromDay, toDay, locale, thisYear)} ${shareWords(lift, locale)}`
		),
		`${leadDays} days lead time`,
		`${percent(service, locale, 0)} sure`
	]
		.filter(Boolean)
		.join(', ');
}
