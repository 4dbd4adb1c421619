import type { TrendMetric } from '#lib/contracts/trends.ts';
import { average, exact, shown } from '../exact.ts';
import { add, marginOf, netOf, type SummedRow } from '../profit-sums.ts';
import type { TrendRow } from './questions.ts';

/** A metric of some rows of sales, as a decimal string; null for an average of nothing. */
export function salesValue(metric: TrendMetric, rows: readonly TrendRow[]): string | null {
	const money = (of: (row: TrendRow) => bigint) => rows.reduce((sum, row) => sum + of(row), 0n);
	const count = (of: (row: TrendRow) => number) => rows.reduce((sum, row) => sum + of(row), 0);
	switch (metric) {
		case 'gross_sales':
			return shown(money((row) => exact(row.gross)));
		case 'discounts':
			return shown(money((row) => exact(row.discounts)));
		case 'refunds':
			return shown(money((row) => exact(row.refunds)));
		case 'net_sales':
			return shown(money((row) => exact(row.gross) - exact(row.discounts) - exact(row.refunds)));
		case 'orders':
			return String(count((row) => row.orders));
		case 'units':
			return String(count((row) => row.units));
		case 'average_order_value': {
			const orders = count((row) => row.converted);
			return orders > 0
				? average(
						money((row) => exact(row.gross) - exact(row.discounts)),
						orders
					)
				: null;
		}
		default:
			throw new Error(`${metric} is not made of sales.`);
	}
}

/** A metric of some rows of profit. Percents have one decimal, rounded half away from zero. */
export function profitValue(metric: TrendMetric, rows: readonly SummedRow[]): string | null {
	const sums = add(rows);
	switch (metric) {
		case 'contribution_margin':
			return shown(marginOf(sums));
		case 'contribution_margin_percent':
			return percentOf(marginOf(sums), netOf(sums));
		case 'cost_of_goods':
			return shown(sums.cogs);
		case 'channel_fees':
			return shown(sums.fees + sums.feesEstimated);
		case 'shipping_income':
			return shown(sums.shipping);
		case 'shipping_cost':
			return shown(sums.labels + sums.labelsEstimated);
		case 'ad_spend':
			return sums.ads === null ? null : shown(sums.ads);
		case 'adjustments':
			return shown(sums.other);
		case 'return_rate':
			return percentOf(sums.refunds, sums.gross - sums.discounts);
		case 'average_price':
			return sums.units > 0 ? average(sums.gross, sums.units) : null;
		default:
			throw new Error(`${metric} is not made of profit.`);
	}
}

/** `part` of `whole` in percent, one decimal; null where the whole is not above zero. */
export function percentOf(part: bigint, whole: bigint): string | null {
	if (whole <= 0n) return null;
	const negative = part < 0n;
	const tenths = ((negative ? -part : part) * 2000n + whole) / (2n * whole);
	const text = `${tenths / 10n}.${tenths % 10n}`;
	return negative && tenths > 0n ? `-${text}` : text;
}
