import type { Bucket, Totals } from '#lib/contracts/analytics.ts';
import { money, type MoneyPrecision } from '#lib/components/format/money.ts';
import { integer } from '#lib/components/format/number.ts';

export type MeasureKey = 'net' | 'orders' | 'averageOrder' | 'units';

/** A key figure: what it is called, how it is defined, where it stands in totals and buckets. */
export interface Measure {
	key: MeasureKey;
	name: string;
	definition: string;
	isMoney: boolean;
	of(figures: Totals | Bucket): string | number | null;
}

/** In the order of the strip; the first is shown largest. */
export const MEASURES: readonly Measure[] = [
	{
		key: 'net',
		name: 'Net sales',
		definition:
			'Item prices without tax, less discounts and refunds. An order counts on the day it was placed, a refund on the day it was made.',
		isMoney: true,
		of: (figures) => figures.net
	},
	{
		key: 'orders',
		name: 'Orders',
		definition:
			'Orders placed, without test orders, replacements, gift cards alone and orders cancelled before payment.',
		isMoney: false,
		of: (figures) => figures.orders
	},
	{
		key: 'averageOrder',
		name: 'Average order',
		definition:
			'Item prices without tax, less discounts, divided by the orders whose price is known. Refunds do not lower it.',
		isMoney: true,
		of: (figures) => figures.averageOrder
	},
	{
		key: 'units',
		name: 'Units',
		definition: 'Pieces ordered, as counted in orders. Refunded pieces stay counted.',
		isMoney: false,
		of: (figures) => figures.units
	}
];

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
