import type { ChartNote, ChartPoint, ChartSeries } from './types.ts';

/** What the lazily loaded plots take; the chart components pass it through. */
export type PlotProps = {
	label: string;
	points: ChartPoint[];
	series: ChartSeries[];
	height: number;
	formatAxis: (value: number) => string;
	formatValue: (value: number) => string;
	/** For words on the plot, without cents; `formatValue` unless given. */
	formatSummary?: (value: number) => string;
	notes?: ChartNote[];
	/** The figures are counts: no fractions on the axis. */
	whole?: boolean;
};
