import type { ProductPerformance, ProductSort } from '#lib/contracts/product-analytics.ts';
import { average, exact, shown } from '../exact.ts';
import { marginOf, netOf, type Sums } from '../profit-sums.ts';
import { percentOf } from '../trends/values.ts';

/** What is known of a product besides its money. */
export interface Besides {
	available: number | null;
	sessions: number | null;
	/** Units of the channel's own traffic report, of the same days as the sessions. */
	sessionUnits: number | null;
}

export type Figures = Omit<ProductPerformance, 'sku' | 'title' | 'category' | 'channels'>;

/** A product's figures over `days` days, beside those of the period before. */
export function performanceOf(
	productId: string,
	sums: Sums,
	before: Sums,
	{ available, sessions, sessionUnits }: Besides,
	days: number
): Figures {
	const { units } = sums;
	const had = available === null ? null : units + Math.max(0, available);
	return {
		productId,
		netSales: shown(netOf(sums)),
		previousNetSales: shown(netOf(before)),
		units,
		previousUnits: before.units,
		margin: shown(marginOf(sums)),
		marginPercent: percentOf(marginOf(sums), netOf(sums)),
		unitsWithoutCost: Math.round(sums.uncosted),
		averagePrice: units > 0 ? average(sums.gross, units) : null,
		previousAveragePrice: before.units > 0 ? average(before.gross, before.units) : null,
		velocity: (units / days).toFixed(2),
		available,
		sellThrough: had === null ? null : percentOf(BigInt(units), BigInt(had)),
		daysOfCover:
			available === null || units <= 0 ? null : ((Math.max(0, available) * days) / units).toFixed(1),
		sessions,
		conversion:
			sessions === null || sessionUnits === null ? null : percentOf(BigInt(sessionUnits), BigInt(sessions)),
		returnRate: percentOf(sums.refunds, sums.gross - sums.discounts),
		trend: before.units > 0 ? percentOf(BigInt(units - before.units), BigInt(before.units)) : null
	};
}

const VALUES: Record<ProductSort, (row: Figures) => string | number | null> = {
	net_sales: (row) => row.netSales,
	units: (row) => row.units,
	contribution_margin: (row) => row.margin,
	contribution_margin_percent: (row) => row.marginPercent,
	velocity: (row) => row.units,
	sell_through: (row) => row.sellThrough,
	days_of_cover: (row) => row.daysOfCover,
	conversion: (row) => row.conversion,
	return_rate: (row) => row.returnRate,
	average_price: (row) => row.averagePrice,
	trend: (row) => row.trend
};

/** In the order asked, what cannot be told last either way; equals by id, so that pages do not overlap. */
export function ranked(rows: readonly Figures[], sort: ProductSort, order: 'asc' | 'desc'): Figures[] {
	const sign = order === 'asc' ? 1 : -1;
	return rows
		.map((row) => {
			const value = VALUES[sort](row);
			return { row, value: value === null ? null : exact(String(value)) };
		})
		.sort((a, b) => {
			if (a.value === null || b.value === null) {
				if (a.value !== b.value) return a.value === null ? 1 : -1;
			} else if (a.value !== b.value) return a.value > b.value ? sign : -sign;
			return a.row.productId < b.row.productId ? -1 : 1;
		})
		.map(({ row }) => row);
}
