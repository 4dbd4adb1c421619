import { expect, test } from 'vitest';
import { makeConnection } from '../../../../../tests/factories/connection.ts';
import { makeProduct, ORIGIN, pastForecast, plantForecast } from '../../../../../tests/factories/forecast.ts';
import { makeOrganization } from '../../../../../tests/factories/organization.ts';
import { dayAfter } from '#lib/contracts/scenarios.ts';
import { inOrganization } from '../../platform/db.ts';
import { Forbidden, NotFound } from '../../platform/errors.ts';
import {
	accuracyReport,
	exportForecasts,
	exportProductForecast,
	forecastOverview,
	forecastProducts,
	productForecast
} from '../index.ts';

async function makeShop() {
	const made = await makeOrganization();
	const organizationId = made.organization.id;
	const connectionIds = [
		await makeConnection(organizationId),
		await makeConnection(organizationId, { channel: 'amazon', externalId: 'A1' })
	];
	const mug = await makeProduct(organizationId, {
		sku: 'MUG',
		title: 'Camp mug',
		category: 'Mugs',
		connectionIds
	});
	const lamp = await makeProduct(organizationId, {
		sku: '=LAMP',
		title: 'Brass lamp',
		category: 'Lamps',
		connectionIds: connectionIds.slice(0, 1)
	});
	const plant = (one: Parameters<typeof plantForecast>[1]) => plantForecast(organizationId, one);
	await plant({
		level: 'shop',
		point: 30,
		judged: { wape: 0.1, skill: 0.4, past: [pastForecast('2026-10-21', 30, 2)] }
	});
	await plant({ level: 'channel', channel: 'shopify', point: 20 });
	await plant({ level: 'channel', channel: 'amazon', point: 10 });
	await plant({ level: 'category', category: 'Mugs', point: 20, judged: { wape: 0.3, skill: 0.2 } });
	await plant({ level: 'category', category: 'Lamps', point: 10, judged: { wape: 0.5, skill: -0.1 } });
	await plant({
		level: 'product',
		productId: mug,
		category: 'Mugs',
		point: 20,
		judged: { wape: 0.3, skill: 0.2, past: [pastForecast('2026-10-21', 20, 4)] }
	});
	await plant({
		level: 'product',
		productId: lamp,
		category: 'Lamps',
		point: 10,
		sold: [...new Array<number>(110).fill(8), ...new Array<null>(10).fill(null)],
		judged: { wape: 0.5, skill: -0.1 }
	});
	await plant({ level: 'product_channel', productId: mug, channel: 'shopify', category: 'Mugs', point: 15 });
	await plant({ level: 'product_channel', productId: mug, channel: 'amazon', category: 'Mugs', point: 5 });
	return { ...made, organizationId, mug, lamp };
}

const all = async (pieces: AsyncIterable<string>) => {
	let text = '';
	for await (const piece of pieces) text += piece;
	return text;
};

test('the overview: the shop, its channels and categories, one of them drawn', async () => {
	const shop = await makeShop();
	const view = await forecastOverview(shop.ctx(), { level: 'category', key: 'Lamps', horizon: 60 });
	expect(view.levels.map(({ level, key, units }) => [level, key, units])).toEqual([
		['shop', '', 1800],
		['channel', 'shopify', 1200],
		['channel', 'amazon', 600],
		['category', 'Mugs', 1200],
		['category', 'Lamps', 600]
	]);
	expect(view).toMatchObject({ origin: ORIGIN, products: 2, noBetterThanNaive: 1 });
	expect(view.chosen).toMatchObject({ key: 'Lamps', total: { units: 600 } });
	expect(view.chosen!.said.point).toHaveLength(60);
	expect(view.chosen!.said.from).toBe('2026-11-21');
	expect(view.chosen!.total.lo80).toBeLessThan(600);
	// a category that is not there any more: the shop is drawn
	expect((await forecastOverview(shop.ctx(), { level: 'category', key: 'Gone' })).chosen!.level).toBe('shop');
});

test('before the first training there is nothing, and that is no error', async () => {
	const empty = await makeOrganization();
	expect(await forecastOverview(empty.ctx())).toMatchObject({
		origin: null,
		levels: [],
		chosen: null,
		products: 0
	});
	expect(await forecastProducts(empty.ctx())).toMatchObject({ products: [], count: 0 });
	expect(await accuracyReport(empty.ctx())).toMatchObject({ rows: [], pooled: null, dots: [] });
	expect((await all(await exportForecasts(empty.ctx()))).trim().split('\r\n')).toHaveLength(1);
});

test('the list is searched, sorted and paged; what is unknown stands last', async () => {
	const shop = await makeShop();
	const skus = async (input: object) =>
		(await forecastProducts(shop.ctx(), input)).products.map(({ sku }) => sku);
	expect(await skus({})).toEqual(['MUG', '=LAMP']);
	expect(await skus({ sort: 'units', direction: 'asc' })).toEqual(['=LAMP', 'MUG']);
	expect(await skus({ sort: 'skill', direction: 'asc' })).toEqual(['=LAMP', 'MUG']);
	expect(await skus({ sort: 'wape', direction: 'desc' })).toEqual(['=LAMP', 'MUG']);
	expect(await skus({ sort: 'title', direction: 'asc' })).toEqual(['=LAMP', 'MUG']);
	expect(await skus({ search: 'camp' })).toEqual(['MUG']);
	expect(await skus({ search: 'mug%' })).toEqual([]);
	expect(await skus({ page: 2 })).toEqual([]);
	const {
		products: [, lamp]
	} = await forecastProducts(shop.ctx(), { horizon: 30 });
	expect(lamp).toMatchObject({ units: 300, before: 240, planned: null, wape: 0.5, skill: -0.1 });
	expect(lamp!.weeks.slice(-3)).toEqual([56, null, null]);
});

test('a product’s page: what was sold and is expected, what was said before, how its models did', async () => {
	const shop = await makeShop();
	const page = await productForecast(shop.ctx(), { productId: shop.mug, horizon: 30 });
	expect(page).toMatchObject({
		sku: 'MUG',
		forecast: { origin: ORIGIN, total: { units: 600 }, before: 600 }
	});
	const forecast = page.forecast!;
	expect(forecast.channels).toEqual([
		{ channel: 'shopify', units: 450 },
		{ channel: 'amazon', units: 150 }
	]);
	expect(forecast.models).toContainEqual({ method: 'prophet', weight: 0.6, wape: 0.27 });
	expect(forecast.past).toMatchObject([
		{ kind: 'replayed', origin: '2026-10-21', wape: 4 / 24, naiveWape: 4 / 24 }
	]);
	// the last known week at that origin, from the days that are kept
	expect(forecast.past[0]!.naive.every((value) => value === 20)).toBe(true);
	expect(forecast.stock).toBeNull();
});

test('forecasts that stood there before are held against the days since', async () => {
	const shop = await makeShop();
	await plantForecast(shop.organizationId, {
		level: 'product',
		productId: shop.mug,
		point: 15,
		origin: dayAfter(ORIGIN, -10),
		isCurrent: false
	});
	await plantForecast(shop.organizationId, {
		level: 'product',
		productId: shop.mug,
		point: 15,
		origin: dayAfter(ORIGIN, -3),
		isCurrent: false
	});
	const { forecast } = await productForecast(shop.ctx(), { productId: shop.mug });
	const said = forecast!.past.filter(({ kind }) => kind === 'said');
	expect(said.map(({ origin, sold, wape }) => [origin, sold.length, wape])).toEqual([
		['2026-11-10', 10, 0.25]
	]);
});

test('a product without a forecast has a page that says so; a merged one leads on', async () => {
	const shop = await makeShop();
	const fresh = await makeProduct(shop.organizationId, { sku: 'NEW' });
	expect(await productForecast(shop.ctx(), { productId: fresh })).toMatchObject({
		sku: 'NEW',
		forecast: null
	});
	await inOrganization(
		shop.organizationId,
		({ sql }) => sql`update products set merged_into = ${shop.mug} where id = ${fresh}`
	);
	expect((await productForecast(shop.ctx(), { productId: fresh })).productId).toBe(shop.mug);
});

test('accuracy: series by series and all together, sums over sums', async () => {
	const shop = await makeShop();
	const report = await accuracyReport(shop.ctx(), { sort: 'skill', direction: 'asc' });
	expect(report.rows.map(({ sku, figures }) => [sku, figures.skill])).toEqual([
		['=LAMP', -0.1],
		['MUG', 0.2]
	]);
	expect(report).toMatchObject({ count: 2, noBetterThanNaive: 1, unjudged: 0, origins: ['2026-10-21'] });
	// 600 units off by 30% and 300 off by 50%
	expect(report.pooled!.wape).toBeCloseTo((0.3 * 600 + 0.5 * 300) / 900);
	expect(report.rows[1]!.naiveWape).toBeCloseTo(0.3 / 0.8);
	expect(report.dots).toHaveLength(2);
	const searched = await accuracyReport(shop.ctx(), { search: 'brass' });
	expect(searched.count).toBe(1);
	expect(searched.pooled!.wape).toBeCloseTo(report.pooled!.wape!);
	const channels = await accuracyReport(shop.ctx(), { level: 'channel' });
	expect(channels).toMatchObject({ rows: [], unjudged: 2, pooled: null });
});

test('the export: a row a product, formulas as text, and the days of one', async () => {
	const shop = await makeShop();
	const lines = (await all(await exportForecasts(shop.ctx('analyst'), { horizon: 30 }))).trim().split('\r\n');
	expect(lines).toHaveLength(3);
	expect(lines[1]).toMatch(/^MUG,Camp mug,Mugs,,2026-11-21,30,600\.0,/);
	expect(lines[2]).toMatch(/^'=LAMP,/);
	const days = (await exportProductForecast(shop.ctx(), { productId: shop.mug, horizon: 30 }))
		.trim()
		.split('\r\n');
	expect(days).toHaveLength(31);
	expect(days[1]).toBe('2026-11-21,20.0,14.0,26.0,10.0,30.0,');
	await expect(exportForecasts(shop.ctx('viewer'))).rejects.toThrow(Forbidden);
	await expect(exportProductForecast(shop.ctx('viewer'), { productId: shop.mug })).rejects.toThrow(Forbidden);
});

test('a scope shows its part: a channel its products on it, a category its own', async () => {
	const shop = await makeShop();
	const amazon = shop.ctx('manager', { channels: ['amazon'] });
	expect((await forecastOverview(amazon)).levels.map(({ level, key }) => [level, key])).toEqual([
		['channel', 'amazon']
	]);
	expect((await forecastProducts(amazon)).products).toMatchObject([
		{ sku: 'MUG', channel: 'amazon', units: 150 }
	]);
	expect((await productForecast(amazon, { productId: shop.mug })).forecast).toMatchObject({
		channel: 'amazon',
		total: { units: 150 },
		channels: []
	});
	await expect(productForecast(amazon, { productId: shop.lamp })).rejects.toThrow(NotFound);
	const lamps = shop.ctx('manager', { categories: ['Lamps'] });
	expect((await forecastOverview(lamps)).levels.map(({ key }) => key)).toEqual(['Lamps']);
	expect((await forecastProducts(lamps)).products.map(({ sku }) => sku)).toEqual(['=LAMP']);
	expect((await accuracyReport(lamps)).rows.map(({ sku }) => sku)).toEqual(['=LAMP']);
	await expect(productForecast(lamps, { productId: shop.mug })).rejects.toThrow(NotFound);
	const other = await makeOrganization();
	await expect(productForecast(other.ctx(), { productId: shop.mug })).rejects.toThrow(NotFound);
	await expect(exportProductForecast(other.ctx(), { productId: shop.mug })).rejects.toThrow(NotFound);
});
