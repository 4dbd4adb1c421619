import { importAdSpend } from '../analytics/index.ts';
import { localDay } from '../orders/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { addAnnotation } from '../reporting/index.ts';
import type { SimulatorReady } from './simulator-process.ts';

const DAY_MS = 86_400_000;
const HISTORY_DAYS = 730;
/** What the made-up seller spends on an ordinary day, in the organization's currency. */
const ADS = [
	{ channel: 'shopify', platform: 'Meta', amount: 96 },
	{ channel: 'shopify', platform: 'Google', amount: 64 },
	{ channel: 'amazon', platform: 'Sponsored Products', amount: 88 },
	{ channel: 'walmart', platform: 'Walmart Connect', amount: 26 }
] as const;
/** Half as much again while the shop has a promotion. */
const PUSH = 1.5;

/** What no channel tells and a seller enters: the shop's promotions beside the figures, and what was spent on ads each day. */
export async function enterMarketing(ctx: Ctx, promotions: SimulatorReady['promotions']): Promise<void> {
	const dayOf = (at: number) => localDay(new Date(at).toISOString(), ctx.organization.timeZone);
	for (const { from, until, title } of promotions)
		await addAnnotation(ctx, {
			title,
			fromDay: dayOf(from),
			toDay: dayOf(until - 1),
			channel: 'shopify'
		});
	const now = Date.now();
	const rows = Array.from(
		{ length: HISTORY_DAYS },
		(_, back) => now - (HISTORY_DAYS - back) * DAY_MS
	).flatMap((at, index) => {
		const push = promotions.some(({ from, until }) => from <= at && at < until) ? PUSH : 1;
		// spending has weeks and drifts; the same on each start
		const sway = 1 + 0.18 * Math.sin((index * 2 * Math.PI) / 7) + 0.12 * Math.sin(index / 23);
		const growth = 0.7 + (0.3 * index) / HISTORY_DAYS;
		return ADS.map(({ channel, platform, amount }) =>
			[dayOf(at), channel, platform, (amount * push * sway * growth).toFixed(2)].join()
		);
	});
	await importAdSpend(ctx, { csv: ['day,channel,platform,amount', ...rows].join('\n') });
}
