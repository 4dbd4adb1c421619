/** What a figure may be split by. `customer` is new against returning. */
export const DIMENSIONS = ['channel', 'product', 'category', 'country', 'region', 'customer'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** How a figure is written: money in the organization's currency, percent with one decimal, ratio as a plain number. */
export type MetricUnit = 'money' | 'count' | 'percent' | 'days' | 'ratio';

/** A figure, declared once: pages, API, exports and docs read it from here. */
export interface MetricDeclaration {
	/** As in addresses, the API and exports; never changes. */
	id: string;
	name: string;
	/** What it is, in a sentence or two. */
	definition: string;
	/** How it is worked out, in the names of other figures. */
	formula: string;
	unit: MetricUnit;
	/** What it can be split by. */
	dimensions: readonly Dimension[];
	/** Where its numbers come from. */
	source: string;
	/** False where it rests on an estimate, a sample or an assumption; `note` says on which. */
	exact: boolean;
	/** Which way is good; a rise in costs and returns is not. */
	goodWhen: 'up' | 'down' | 'neither';
	note?: string;
}
