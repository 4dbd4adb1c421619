import type { Bucket, Totals } from '#lib/contracts/analytics.ts';
import { money, type MoneyPrecision } from '#lib/components/format/money.ts';
import { integer } from '#lib/components/format/number.ts';
import { metricOf, type MetricId } from '#lib/contracts/metrics/index.ts';

export type MeasureKey = 'net' | 'orders' | 'averageOrder' | 'units';

/** A key figure: which metric it is, where it stands in totals and buckets. */
export interface Measure {
	key: MeasureKey;
	metric: MetricId;
	name: string;
	isMoney: boolean;
	of(figures: Totals | Bucket): string | number | null;
}

/** In the order of the strip; the first is shown largest. */
export const MEASURES: readonly Measure[] = [
	measure('net', 'net_sales', (figures) => figures.net),
	measure('orders', 'orders', (figures) => figures.orders),
	measure('averageOrder', 'average_order_value', (figures) => figures.averageOrder),
	measure('units', 'units', (figures) => figures.units)
];

function measure(key: MeasureKey, metric: MetricId, of: Measure['of']): Measure {
	const { name, unit } = metricOf(metric);
	return { key, metric, name, isMoney: unit === 'money', of };
}

/** A figure of a measure in words; null is "unknown" for money that no order has told, and "–" for an average of nothing. */
export function written(
	measure: Measure,
	value: string | number | null,
	currency: string,
	locale: string,
	precision: MoneyPrecision = 'answer'
): string {
	if (value === null) return '–';
	return measure.isMoney ? money(value, currency, locale, { precision }) : integer(value, locale);
}
