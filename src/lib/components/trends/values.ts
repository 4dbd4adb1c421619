import { money, type MoneyPrecision } from '#lib/components/format/money.ts';
import { integer } from '#lib/components/format/number.ts';
import type { MetricUnit } from '#lib/contracts/metrics/declaration.ts';

/** A value of a metric in words; null is "–": an average of nothing. */
export function metricValue(
	value: string | null,
	unit: MetricUnit,
	currency: string,
	locale: string,
	precision: MoneyPrecision = 'summary'
): string {
	if (value === null) return '–';
	if (unit === 'money') return money(value, currency, locale, { precision });
	if (unit === 'count') return integer(Number(value), locale);
	const digits =
		unit === 'percent'
			? { minimumFractionDigits: 1, maximumFractionDigits: 1 }
			: { maximumFractionDigits: 2 };
	const number = new Intl.NumberFormat(locale, digits).format(Number(value));
	return unit === 'percent' ? `${number.replace('-', '−')}%` : number.replace('-', '−');
}
