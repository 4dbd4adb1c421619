import { beforeAll, expect, test } from 'vitest';
import { makeAnalyticsShop, type AnalyticsShop } from '../../../../tests/factories/olap.ts';
import { makeLine, makeOrder } from '../../../../tests/factories/order.ts';
import { inOrganization } from '../platform/db.ts';
import { addAnnotation } from '../reporting/index.ts';
import { generateForecast, getForecast } from './index.ts';
import { performRun } from './perform.ts';
import { queueRun } from './runs.ts';
import { dateOf, dayOf } from './series.ts';
import { lastWholeDay } from './when.ts';

const now = new Date();
const today = dayOf(lastWholeDay(now, 'UTC')) + 1;
const DAYS = 140;
/** First days of promotions of four days, the last one planned. */
const PROMOTIONS = [-120, -90, -61, -33, 12].map((offset) => today + offset);
const onPromotion = (day: number) => PROMOTIONS.some((from) => day >= from && day < from + 4);
let shop: AnalyticsShop;
let productId: string;

/** Some cups a day, thrice as many on promotion. */
beforeAll(async () => {
	shop = await makeAnalyticsShop();
	await shop.save(
		Array.from({ length: DAYS }, (_, i) => today - DAYS + i).map((day, i) => {
			const at = `${dateOf(day)}T10:00:00Z`;
			const quantity = (8 + (i % 3)) * (onPromotion(day) ? 3 : 1);
			return makeOrder({
				externalId: `${i}`,
				name: `#${i}`,
				placedAt: at,
				updatedAt: at,
				lines: [makeLine({ externalId: '1', position: 0, sku: 'CUP', title: 'Cup', quantity, gross: '10' })]
			});
		})
	);
	for (const from of PROMOTIONS)
		await addAnnotation(shop.ctx('owner'), {
			kind: 'promotion',
			title: 'Cup days',
			fromDay: dateOf(from),
			toDay: dateOf(from + 3)
		});
	const organizationId = shop.organization.id;
	productId = await inOrganization(organizationId, async ({ sql }) => {
		const [row] = await sql<
			{ id: string }[]
		>`select id from products where organization_id = ${organizationId} and sku = 'CUP'`;
		return row!.id;
	});
	await shop.project();
}, 300_000);

/** Mean units of the planned promotion's days over those of the other days; the days are those of the band. */
function liftOf({ from, point }: { from: string; point: number[] }): number {
	const mean = (promotion: boolean) => {
		const days = point.slice(0, 30).filter((_, h) => onPromotion(dayOf(from) + h) === promotion);
		return days.reduce((sum, value) => sum + value, 0) / days.length;
	};
	return mean(true) / mean(false);
}

test('promotions written down teach what the next one will do: in a run and on demand, for the SKU and the shop', async () => {
	const organizationId = shop.organization.id;
	const runId = await inOrganization(organizationId, async (tx) => {
		const id = await queueRun(tx, organizationId, 'train', 'operator');
		await tx.sql`update forecast_runs set origin = ${dateOf(today - 1)}::date where id = ${id}`;
		return id;
	});
	await performRun({ organizationId, runId }, new AbortController().signal, () => {}, { mostRounds: 3 });
	const said = [
		(await getForecast(shop.ctx('owner'), { level: 'product', productId })).band,
		(await getForecast(shop.ctx('owner'), { level: 'shop' })).band,
		(
			await generateForecast(
				shop.ctx('owner'),
				{ productId, horizon: 30, model: 'prophet', retrain: true },
				now
			)
		).band
	];
	for (const band of said) {
		expect(liftOf(band)).toBeGreaterThan(2);
		expect(liftOf(band)).toBeLessThan(4);
	}
}, 600_000);
