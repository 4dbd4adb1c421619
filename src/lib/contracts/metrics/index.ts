import type { MetricDeclaration } from './declaration.ts';
import { CUSTOMER_METRICS } from './customers.ts';
import { FORECAST_METRICS } from './forecasts.ts';
import { PRODUCT_METRICS } from './products.ts';
import { PROFIT_METRICS } from './profit.ts';
import { SALES_METRICS } from './sales.ts';

/** Every figure of the product. A new area is a file of its own and a line here. */
const AREAS = [
	...SALES_METRICS,
	...PROFIT_METRICS,
	...PRODUCT_METRICS,
	...CUSTOMER_METRICS,
	...FORECAST_METRICS
] as const;

export type MetricId = (typeof AREAS)[number]['id'];
export const METRICS: readonly (MetricDeclaration & { id: MetricId })[] = AREAS;

const byId = new Map<string, MetricDeclaration>(METRICS.map((metric) => [metric.id, metric]));

/** The declaration of a figure. */
export function metricOf(id: MetricId): MetricDeclaration {
	return byId.get(id)!;
}
