import { cohortsEndpoint } from './analytics/cohorts.ts';
import { customersEndpoint } from './analytics/customers.ts';
import { metricsEndpoint } from './analytics/metrics.ts';
import { productsEndpoint } from './analytics/products.ts';
import { revenueEndpoint } from './analytics/revenue.ts';
import { trendsEndpoint } from './analytics/trends.ts';

/** In the order of the document. */
export const analyticsEndpoints = [
	revenueEndpoint,
	productsEndpoint,
	customersEndpoint,
	cohortsEndpoint,
	trendsEndpoint,
	metricsEndpoint
];
