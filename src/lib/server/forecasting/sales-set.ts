import type { Day, Series } from './series.ts';

/** Longest horizon; shorter ones are its beginning. */
export const HORIZON = 90;
/** Past origins that weights and intervals are learned from, `STEP` days apart: the newest has seen 30 days of its horizon, the oldest all. */
export const PAST = 4;
export const STEP = 30;

/** Units of one SKU up to the origin, bundles taken apart. */
export interface SkuSales {
	id: string;
	/** '' where it has none. */
	category: string;
	/** The day of the first value. */
	start: Day;
	/** NaN on days that were out of stock. */
	units: Float64Array;
	/** By channel of the set: the same days; null where the channel never sold it. */
	byChannel: (Float64Array | null)[];
}

/** Everything a run forecasts from, for one organization. Nothing in it lies after `origin`. */
export interface SalesSet {
	origin: Day;
	channels: string[];
	skus: SkuSales[];
	/** Past ones and those that are planned. */
	promotions: Promotion[];
}

/** Days, both included, on which a channel, or all of them where it is null, had a promotion or will have one. */
export interface Promotion {
	from: Day;
	to: Day;
	channel: string | null;
}

/** SKUs as series, then the sums over them: the shop, each channel, each category. */
export interface SetSeries {
	skus: Series[];
	sums: Series[];
	categories: string[];
	/** Position of each SKU's category. */
	categoryOf: number[];
}

export function seriesOf(set: SalesSet): SetSeries {
	const categories = [...new Set(set.skus.map(({ category }) => category))].sort();
	const skus = set.skus.map((sku) => skuSeries(set, sku));
	const add = (
		id: string,
		units: (sku: SkuSales) => Float64Array | null,
		members = set.skus,
		channel?: string
	): Series => {
		const start = members.reduce((least, sku) => Math.min(least, sku.start), set.origin);
		const sum = new Float64Array(set.origin - start + 1);
		for (const sku of members) {
			const values = units(sku);
			if (!values) continue;
			values.forEach((value, i) => {
				// what was sold was sold, also on the day it ran out
				if (value > 0) sum[sku.start + i - start]! += value;
			});
		}
		return withPromotions({ id, start, units: sum }, set, channel ?? members);
	};
	const sums = [
		add('shop', all),
		...set.channels.map((channel, k) =>
			add(`channel:${channel}`, (sku) => sku.byChannel[k] ?? null, set.skus, channel)
		),
		...categories.map((category) =>
			add(
				`category:${category}`,
				all,
				set.skus.filter((sku) => sku.category === category)
			)
		)
	];
	return { skus, sums, categories, categoryOf: set.skus.map(({ category }) => categories.indexOf(category)) };
}

/** A SKU as a series with the promotions it takes part in. */
export function skuSeries(set: SalesSet, sku: SkuSales): Series {
	const { id, category, start, units } = sku;
	return withPromotions({ id: `product:${id}`, category, start, units }, set, [sku]);
}

/**
 * Each day's part of what is sold on channels with a promotion, up to the end of the horizon. `of` is the one channel that the series is, or
 * the SKUs that make it up, whose channels count by what they sold.
 */
function withPromotions(series: Series, set: SalesSet, of: string | readonly SkuSales[]): Series {
	if (set.promotions.length === 0) return series;
	const sold = set.channels.map((channel, k) =>
		typeof of === 'string'
			? Number(channel === of)
			: of.reduce((sum, sku) => sum + unitsOf(sku.byChannel[k]), 0)
	);
	const whole = sold.reduce((sum, value) => sum + value, 0);
	const promo = new Float64Array(set.origin + HORIZON - series.start + 1);
	for (const { from, to, channel } of set.promotions) {
		const part = channel === null ? 1 : (sold[set.channels.indexOf(channel)] ?? 0) / (whole || 1);
		for (let day = Math.max(from, series.start); day <= Math.min(to, set.origin + HORIZON); day++)
			promo[day - series.start] = Math.min(1, promo[day - series.start]! + part);
	}
	return { ...series, promo };
}

function unitsOf(units: Float64Array | null | undefined): number {
	return units?.reduce((sum, value) => sum + (value > 0 ? value : 0), 0) ?? 0;
}

/** Units over all channels, stock-outs or not. */
function all({ byChannel, units }: SkuSales): Float64Array {
	const sum = new Float64Array(units.length);
	for (const values of byChannel) values?.forEach((value, i) => (sum[i]! += value));
	return sum;
}

/** Past origins, oldest first; the set's origin itself is not one of them. */
export function pastOrigins(origin: Day): Day[] {
	return Array.from({ length: PAST }, (_, k) => origin - STEP * (PAST - k));
}
