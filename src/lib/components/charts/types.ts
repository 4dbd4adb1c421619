/** One line of the legend: a part of the stack, or a line. */
export type ChartSeries = {
	key: string;
	label: string;
	/** A CSS colour; for channels `channelLook(key).fill`. */
	color: string;
};

/** One place on the time axis: an hour, a day, a week, a month. Figures are for drawing, so floats are fine. */
export type ChartPoint = {
	/** On the axis: "Nov 19". */
	label: string;
	/** Over the tooltip: "Thu, Nov 19". */
	title: string;
	/** By series key; null where nothing is known (not synced), which is not zero. */
	parts: Record<string, number | null>;
	/** The same place a period before: the tide mark on a bar, the dotted line of a line chart. */
	previous?: number | null;
	/** "Tue, Oct 20". */
	previousTitle?: string;
	/** Set where the time is not over yet: the sum it is heading for, or null when no pace can be told. */
	pace?: number | null;
};

/** An event worth a word on the plot; left out on the phone. */
export type ChartNote = { index: number; text: string };

/** The sum of a point's known parts; null where none is known. */
export function totalOf(point: ChartPoint): number | null {
	const known = Object.values(point.parts).filter((part) => part !== null);
	return known.length ? known.reduce((sum, part) => sum + part, 0) : null;
}
