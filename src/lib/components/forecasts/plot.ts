import type { ChartDay } from './days.ts';

/** What the lazily loaded plot takes; `forecast-chart.svelte` passes it through. */
export interface ForecastPlotProps {
	/** What is drawn, for screen readers. */
	label: string;
	days: ChartDay[];
	height: number;
	locale: string;
	/** Where the known days end, marked on the plot. */
	today?: string;
	/** What the dashed line is: "Last week repeated". */
	naiveWords?: string;
	/** Draw the 95% range too. */
	wide?: boolean;
}
