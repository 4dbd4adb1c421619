import type { PastForecast } from '../../src/lib/contracts/forecast-views.ts';
import type { Level } from '../../src/lib/contracts/forecasts.ts';
import { dayAfter } from '../../src/lib/contracts/scenarios.ts';
import { inOrganization, type Tx } from '../../src/lib/server/platform/db.ts';
import { newId } from '../../src/lib/server/platform/ids.ts';

/** The last day that planted forecasts know. */
export const ORIGIN = '2026-11-20';

/** A product by itself, or with listings on connections. */
export async function makeProduct(
	organizationId: string,
	given: { sku?: string; title?: string; category?: string | null; connectionIds?: string[] } = {}
): Promise<string> {
	const id = newId();
	const sku = given.sku ?? `SKU-${id.slice(-8)}`;
	await inOrganization(organizationId, async ({ sql }) => {
		await sql`insert into products (id, organization_id, sku, title, category)
			values (${id}, ${organizationId}, ${sku}, ${given.title ?? `Title of ${sku}`}, ${given.category ?? null})`;
		for (const connectionId of given.connectionIds ?? [])
			await sql`insert into listings (id, organization_id, connection_id, product_id, external_id, sku, title)
				values (${newId()}, ${organizationId}, ${connectionId}, ${id}, ${newId()}, ${sku}, ${sku})`;
	});
	return id;
}

interface Planted {
	level: Level;
	productId?: string;
	channel?: string;
	category?: string;
	/** Units a day expected, and of each day before; null is unknown. */
	point?: number;
	sold?: (number | null)[];
	/** WAPE and skill of its past; absent: nothing was judged. */
	judged?: { wape: number; skill: number; past?: PastForecast[] };
	origin?: string;
	isCurrent?: boolean;
}

/** A stored forecast of 90 flat days with its accuracy, as a training leaves it. */
export async function plantForecast(organizationId: string, one: Planted): Promise<void> {
	await inOrganization(organizationId, async (tx) => {
		await insertForecast(tx, organizationId, one);
		if (one.judged) await insertAccuracy(tx, organizationId, one);
	});
}

function seriesOf(one: Planted) {
	const { level } = one;
	const [productId, channel, category] = [one.productId ?? null, one.channel ?? null, one.category ?? null];
	const key = [
		level.startsWith('product') ? 'product' : level,
		productId ?? (level === 'category' ? category : null),
		channel
	]
		.filter((part) => part !== null)
		.join(':');
	return { key, level, productId, channel, category };
}

async function insertForecast({ sql }: Tx, organizationId: string, one: Planted) {
	const { key, level, productId, channel, category } = seriesOf(one);
	const point = one.point ?? 10;
	const days = (value: number) => sql.json(new Array<number>(90).fill(value));
	const sold = one.sold ?? new Array<number>(120).fill(point);
	await sql`
		insert into forecasts (organization_id, series_key, level, product_id, channel, category, origin, is_current, version, made_at, point, lo80, hi80, lo95, hi95,
			units30, units60, units90, sold30, sold, by_model, weights, notes)
		values (${organizationId}, ${key}, ${level}, ${productId}, ${channel}, ${category}, ${one.origin ?? ORIGIN}, ${one.isCurrent ?? true}, 1, now(),
			${days(point)}, ${days(point * 0.7)}, ${days(point * 1.3)}, ${days(point * 0.5)}, ${days(point * 1.5)},
			${point * 30}, ${point * 60}, ${point * 90}, ${point * 30}, ${sql.json(sold)}, ${sql.json({})}, ${sql.json({ prophet: 0.6, theta: 0.4 })}, ${[]})`;
}

async function insertAccuracy({ sql }: Tx, organizationId: string, one: Planted) {
	const { key, level, productId, channel, category } = seriesOf(one);
	const { wape, skill, past = [] } = one.judged!;
	const units = (one.point ?? 10) * 30;
	const figures = {
		wape,
		wapeWeek: wape / 2,
		mae: (wape * units) / 30,
		mape: null,
		r2: null,
		mase: 1 - skill,
		bias: 0.1,
		cover80: 0.8,
		cover95: 0.95,
		skill,
		days: 30
	};
	const sums = {
		days: 30,
		units,
		absolute: wape * units,
		signed: 0.1 * units,
		squared: 1,
		unitsSquared: units ** 2,
		weekUnits: units,
		weekAbsolute: (wape * units) / 2,
		in80: 24,
		in95: 28.5,
		naiveAbsolute: (wape * units) / (1 - skill),
		soldDays: 30,
		shares: 1,
		mase: 1 - skill,
		maseCount: 1
	};
	await sql`
		insert into forecast_accuracy (organization_id, series_key, level, product_id, channel, category, version, trained_at, figures, sums, by_model, winner, weights, past, notes)
		values (${organizationId}, ${key}, ${level}, ${productId}, ${channel}, ${category}, 1, now(), ${sql.json(figures)}, ${sql.json(sums)},
			${sql.json({ prophet: wape * 0.9, theta: wape * 1.2 })}, 'prophet', ${sql.json({ prophet: 0.6, theta: 0.4 })}, ${sql.json(past as never)}, ${[]})`;
}

/** A flat forecast of the past that missed by `miss` each day. */
export function pastForecast(origin: string, point: number, miss: number): PastForecast {
	const days = (value: number) => new Array<number>(30).fill(value);
	return {
		origin,
		said: {
			from: dayAfter(origin, 1),
			point: days(point),
			lo80: days(point * 0.7),
			hi80: days(point * 1.3),
			lo95: days(point * 0.5),
			hi95: days(point * 1.5)
		},
		sold: days(point + miss)
	};
}
