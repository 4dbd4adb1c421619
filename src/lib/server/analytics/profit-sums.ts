import type { ProfitSums } from '#lib/contracts/profit.ts';
import { exact, shown } from './exact.ts';
import type { ProfitRow } from './queries/profit.ts';

/** Exact sums, in 10^-14 of the currency. */
export interface Sums {
	gross: bigint;
	discounts: bigint;
	refunds: bigint;
	shipping: bigint;
	cogs: bigint;
	fees: bigint;
	feesEstimated: bigint;
	labels: bigint;
	labelsEstimated: bigint;
	other: bigint;
	/** Null: unknown. */
	ads: bigint | null;
	units: number;
	uncosted: number;
	unreceived: number;
}

/** A row of profit; those of ad spend carry nothing else. */
export type SummedRow = ProfitRow & { ads?: bigint };

/** The sums of rows. */
export function add(rows: readonly SummedRow[]): Sums {
	const total = (of: (row: ProfitRow) => bigint) => rows.reduce((sum, row) => sum + of(row), 0n);
	const spent = rows.flatMap((row) => row.ads ?? []);
	return {
		ads: spent.length === 0 ? null : spent.reduce((sum, amount) => sum + amount, 0n),
		gross: total((row) => exact(row.gross)),
		discounts: total((row) => exact(row.discounts)),
		refunds: total((row) => exact(row.refunds)),
		shipping: total((row) => exact(row.shipping) - exact(row.shipping_refunds)),
		cogs: total((row) => exact(row.cogs)),
		fees: total((row) => exact(row.fees)),
		feesEstimated: total((row) => exact(row.fees_estimated)),
		labels: total((row) => exact(row.labels)),
		labelsEstimated: total((row) => exact(row.labels_estimated)),
		other: total((row) => exact(row.other)),
		units: rows.reduce((sum, row) => sum + row.units, 0),
		uncosted: rows.reduce((sum, row) => sum + row.uncosted, 0),
		unreceived: rows.reduce((sum, row) => sum + row.unreceived, 0)
	};
}

export const netOf = (sums: Sums) => sums.gross - sums.discounts - sums.refunds;
export const marginOf = (sums: Sums) =>
	netOf(sums) +
	sums.shipping -
	sums.cogs -
	sums.fees -
	sums.feesEstimated -
	sums.labels -
	sums.labelsEstimated -
	(sums.ads ?? 0n) +
	sums.other;

export function isNothing(sums: Sums): boolean {
	return Object.values(sums).every((value) => value === 0n || value === 0 || value === null);
}

export function shownSums(sums: Sums): ProfitSums {
	const net = netOf(sums);
	const margin = marginOf(sums);
	return {
		gross: shown(sums.gross),
		discounts: shown(sums.discounts),
		refunds: shown(sums.refunds),
		net: shown(net),
		shipping: shown(sums.shipping),
		cogs: shown(sums.cogs),
		fees: shown(sums.fees),
		feesEstimated: shown(sums.feesEstimated),
		labels: shown(sums.labels),
		labelsEstimated: shown(sums.labelsEstimated),
		ads: sums.ads === null ? null : shown(sums.ads),
		other: shown(sums.other),
		margin: shown(margin),
		marginPercent: net > 0n ? (Number((margin * 1000n) / net) / 10).toFixed(1) : null,
		units: sums.units,
		unitsWithoutCost: Math.round(sums.uncosted),
		unitsWithoutReceipt: Math.round(sums.unreceived)
	};
}
