import { beforeAll, describe, expect, test } from 'vitest';
import type { RunView } from '#lib/contracts/forecast-views.ts';
import { makeProduct } from '../../../../tests/factories/forecast.ts';
import { makeAnalyticsShop, type AnalyticsShop } from '../../../../tests/factories/olap.ts';
import { makeLine, makeOrder } from '../../../../tests/factories/order.ts';
import { inOrganization } from '../platform/db.ts';
import { Conflict, Invalid, NotFound } from '../platform/errors.ts';
import {
	accuracySummary,
	forecastAccuracy,
	generateForecast,
	getForecast,
	listForecasts,
	runProgress
} from './index.ts';
import { performRun, type Limits } from './perform.ts';
import { queueRun, type RunKind } from './runs.ts';
import { dateOf, dayOf } from './series.ts';
import { lastWholeDay } from './when.ts';

const now = new Date();
const today = dayOf(lastWholeDay(now, 'UTC')) + 1;
const DAYS = 130;
const QUICK: Limits = { mostRounds: 3 };
const quiet = new AbortController().signal;
let shop: AnalyticsShop;
let ids: Map<string, string>;

/** One order a day and channel: mugs every day, lamps on every third, a set of two mugs on Fridays, a vase since last week. */
beforeAll(async () => {
	shop = await makeAnalyticsShop();
	const orders = (channel: 'shopify' | 'amazon') =>
		Array.from({ length: DAYS }, (_, i) => today - DAYS + i).map((day, i) => {
			const at = `${dateOf(day)}T10:00:00Z`;
			const line = (sku: string, quantity: number, position: number) =>
				makeLine({
					externalId: `${position}`,
					position,
					sku,
					title: sku,
					quantity,
					gross: String(10 * quantity)
				});
			const lines = [line('MUG', 3 + (i % 7), 0)];
			if (i % 3 === 0) lines.push(line('LAMP', 1 + (i % 2), 1));
			if (channel === 'shopify' && i % 7 === 4) lines.push(line('SET', 1, 2));
			if (channel === 'shopify' && i >= DAYS - 7) lines.push(line('VASE', 2, 3));
			return makeOrder({
				externalId: `${channel}-${i}`,
				name: `#${channel}${i}`,
				placedAt: at,
				updatedAt: at,
				lines
			});
		});
	await shop.save(orders('shopify'));
	await shop.save(orders('amazon'), 'amazon');
	const organizationId = shop.organization.id;
	await makeProduct(organizationId, { sku: 'UNSOLD' });
	ids = await inOrganization(organizationId, async ({ sql }) => {
		await sql`update products set category = case when sku in ('MUG', 'SET') then 'Mugs' else 'Decor' end where organization_id = ${organizationId}`;
		const rows = await sql<
			{ id: string; sku: string }[]
		>`select id, sku from products where organization_id = ${organizationId}`;
		const ids = new Map(rows.map(({ id, sku }) => [sku, id]));
		await sql`insert into product_components (organization_id, bundle_id, component_id, quantity) values (${organizationId}, ${ids.get('SET')!}, ${ids.get('MUG')!}, 2)`;
		// two days without lamps on which none was sold
		await sql`insert into stock_history (organization_id, product_id, day, lowest, closing)
			values (${organizationId}, ${ids.get('LAMP')!}, ${dateOf(today - DAYS)}, 0, 0), (${organizationId}, ${ids.get('LAMP')!}, ${dateOf(today - DAYS + 3)}, 0, 90)`;
		return ids;
	});
	await shop.project();
}, 300_000);

async function run(kind: RunKind, signal = quiet, limits = QUICK): Promise<RunView> {
	const { id } = shop.organization;
	const runId = await queued(kind);
	await performRun({ organizationId: id, runId }, signal, () => {}, limits);
	return rowOf(runId);
}

/** A waiting run whose days are fixed: midnight may come while the test runs. */
function queued(kind: RunKind): Promise<string> {
	return inOrganization(shop.organization.id, async (tx) => {
		const runId = await queueRun(tx, shop.organization.id, kind, 'operator');
		await tx.sql`update forecast_runs set origin = ${dateOf(today - 1)}::date where id = ${runId}`;
		return runId;
	});
}

async function rowOf(runId: string): Promise<RunView> {
	const [row] = await inOrganization(
		shop.organization.id,
		({ sql }) => sql<RunView[]>`select * from forecast_runs where id = ${runId}`
	);
	return row!;
}

const points = () =>
	inOrganization(
		shop.organization.id,
		({ sql }) => sql<{ seriesKey: string; point: number[]; lo95: number[]; hi95: number[] }[]>`
		select series_key, point, lo95, hi95 from forecasts where is_current order by series_key`
	);

describe('a training', () => {
	beforeAll(async () => {
		expect(await run('train')).toMatchObject({ status: 'succeeded', error: null, version: 1 });
	}, 600_000);

	test('forecasts every level, and parts sum to totals on every day', async () => {
		const rows = new Map((await points()).map((row) => [row.seriesKey, row.point]));
		const keys = [...rows.keys()];
		const sum = (matching: RegExp) =>
			Array.from({ length: 90 }, (_, h) =>
				keys.filter((key) => matching.test(key)).reduce((total, key) => total + rows.get(key)![h]!, 0)
			);
		const whole = rows.get('shop')!;
		for (const matching of [/^channel:/, /^category:/, /^product:[^:]+$/, /^product:[^:]+:/])
			sum(matching).forEach((value, h) => expect(value).toBeCloseTo(whole[h]!, 3));
		const mug = ids.get('MUG')!;
		sum(new RegExp(`^product:${mug}:`)).forEach((value, h) =>
			expect(value).toBeCloseTo(rows.get(`product:${mug}`)![h]!, 3)
		);
		// mugs, lamps and vases; the set is taken apart, what never sold has no series
		expect(keys.filter((key) => /^product:[^:]+$/.test(key))).toHaveLength(3);
	});

	test('a forecast comes with what was sold: bundles in their pieces, days out of stock unknown', async () => {
		const ctx = shop.ctx();
		const mug = await getForecast(ctx, { level: 'product', productId: ids.get('MUG')! });
		expect(mug.origin).toBe(dateOf(today - 1));
		expect(mug.band.from).toBe(dateOf(today));
		expect(mug.sold.units).toHaveLength(DAYS);
		// day 4: 7 mugs on each channel, and a set of two
		expect(mug.sold.units[4]).toBe(7 + 7 + 2);
		expect(Object.values(mug.weights).reduce((a, b) => a + b)).toBeCloseTo(1, 2);
		for (let h = 0; h < 90; h++) {
			expect(mug.band.lo95[h]!).toBeLessThanOrEqual(mug.band.lo80[h]!);
			expect(mug.band.lo80[h]!).toBeLessThanOrEqual(mug.band.point[h]!);
			expect(mug.band.point[h]!).toBeLessThanOrEqual(mug.band.hi80[h]!);
			expect(mug.band.hi80[h]!).toBeLessThanOrEqual(mug.band.hi95[h]!);
		}
		const lamp = await getForecast(ctx, { level: 'product', productId: ids.get('LAMP')! });
		expect(lamp.sold.units.slice(0, 4)).toEqual([2, null, null, 4]);
		const vase = await getForecast(ctx, { level: 'product', productId: ids.get('VASE')! });
		expect(vase.notes).toContain('from_category');
		await expect(getForecast(ctx, { level: 'product', productId: ids.get('UNSOLD')! })).rejects.toThrow(
			NotFound
		);
		await expect(getForecast(ctx, { level: 'product' })).rejects.toThrow(Invalid);
	});

	test('its past is judged, level by level', async () => {
		const mug = await forecastAccuracy(shop.ctx(), { level: 'product', productId: ids.get('MUG')! });
		expect(mug.figures.days).toBeGreaterThanOrEqual(90);
		expect(mug.past.map(({ origin }) => origin)).toContain(dateOf(today - 1 - 30));
		expect(mug.figures.wape!).toBeLessThan(0.5);
		expect(mug.winner).not.toBeNull();
		const summary = await accuracySummary(shop.ctx());
		expect(summary.map(({ level }) => level)).toEqual([
			'shop',
			'channel',
			'category',
			'product',
			'product_channel'
		]);
	});

	test('a member limited to a channel sees that channel alone', async () => {
		const limited = shop.ctx('manager', { channels: ['amazon'] });
		expect((await listForecasts(limited, { level: 'product' })).count).toBe(0);
		const rows = (await listForecasts(limited, { level: 'product_channel' })).rows;
		expect(new Set(rows.map(({ series }) => series.channel))).toEqual(new Set(['amazon']));
		await expect(getForecast(limited, { level: 'shop' })).rejects.toThrow(NotFound);
	});

	test('the same seed gives the same bytes; a run that lost its process goes on and ends with them too', async () => {
		const before = await points();
		const stop = new AbortController();
		const { id } = shop.organization;
		const runId = await queued('train');
		// as a kill: the child is gone after some series, the row is left as it was
		await performRun(
			{ organizationId: id, runId },
			stop.signal,
			({ step, done }) => {
				if (step === 'series' && done >= 2) stop.abort(new Error('killed'));
			},
			QUICK
		);
		const parts = async () =>
			(await inOrganization(id, ({ sql }) => sql`select 1 from forecast_parts where run_id = ${runId}`))
				.length;
		expect(await rowOf(runId)).toMatchObject({ status: 'queued' });
		expect(await parts()).toBeGreaterThan(0);
		expect(await points()).toEqual(before);
		await inOrganization(
			id,
			({ sql }) =>
				sql`update forecast_runs set status = 'running', heartbeat_at = now() - interval '10 minutes' where id = ${runId}`
		);
		await performRun({ organizationId: id, runId }, quiet, () => {}, QUICK);
		expect(await rowOf(runId)).toMatchObject({ status: 'succeeded', version: 2 });
		expect(await parts()).toBe(0);
		expect(await points()).toEqual(before);
	}, 600_000);

	test('a run that cannot go on says so; the last good forecasts stay', async () => {
		const before = await points();
		const failed = await run('refresh', quiet, { mostMb: 1 });
		expect(failed.status).toBe('failed');
		expect(failed.error).toMatch(/memory.*stay/);
		expect(await points()).toEqual(before);
		expect((await runProgress(shop.ctx())).lastRefresh?.status).toBe('failed');
	}, 300_000);

	test('a refresh takes stored weights and says nearly the same of the same days', async () => {
		const before = await points();
		expect(await run('refresh')).toMatchObject({ status: 'succeeded', version: 2 });
		const after = new Map((await points()).map((row) => [row.seriesKey, row.point]));
		for (const { seriesKey, point } of before) {
			const sum = point.reduce((a, b) => a + b);
			expect(Math.abs(after.get(seriesKey)!.reduce((a, b) => a + b) - sum)).toBeLessThan(0.02 * sum + 0.1);
		}
	}, 600_000);

	test.each(['ensemble', 'fixed', 'prophet', 'lstm', 'arima', 'ets', 'theta'] as const)(
		'a stored model answers at once: %s',
		async (model) => {
			const view = await generateForecast(shop.ctx(), { productId: ids.get('MUG'), model, horizon: 60 }, now);
			expect(view).toMatchObject({ source: 'stored', model });
			expect(view.band.point).toHaveLength(60);
			view.band.point.forEach((value, h) => {
				expect(view.band.lo80[h]!).toBeLessThanOrEqual(value);
				expect(view.band.hi80[h]!).toBeGreaterThanOrEqual(value);
			});
		}
	);

	test('one SKU is trained while somebody waits, and leaves the stored forecasts alone', async () => {
		const before = await points();
		const view = await generateForecast(
			shop.ctx(),
			{
				productId: ids.get('MUG'),
				retrain: true,
				horizon: 30
			},
			now
		);
		expect(view.source).toBe('made');
		const stored = before
			.find(({ seriesKey }) => seriesKey === `product:${ids.get('MUG')}`)!
			.point.slice(0, 30);
		const sum = (values: number[]) => values.reduce((a, b) => a + b);
		expect(sum(view.band.point) / sum(stored)).toBeGreaterThan(0.6);
		expect(sum(view.band.point) / sum(stored)).toBeLessThan(1.6);
		expect(await points()).toEqual(before);
	}, 300_000);

	test('what never sold is expected not to, a bundle is its pieces, horizons are 30, 60 or 90', async () => {
		const ctx = shop.ctx();
		const unsold = await generateForecast(ctx, { productId: ids.get('UNSOLD') }, now);
		expect(unsold.notes).toEqual(['no_sales']);
		expect(unsold.band.point.every((value) => value === 0)).toBe(true);
		await expect(generateForecast(ctx, { productId: ids.get('SET') }, now)).rejects.toThrow(Conflict);
		for (const horizon of [0, -1, 31, 91, 1e9, Number.NaN, '30'])
			await expect(generateForecast(ctx, { productId: ids.get('MUG'), horizon }, now)).rejects.toThrow(
				Invalid
			);
	});
});
