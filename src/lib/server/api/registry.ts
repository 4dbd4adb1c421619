import type { Endpoint } from './endpoint.ts';
import { adSpendEndpoints } from './endpoints/ad-spend.ts';
import { analyticsEndpoints } from './endpoints/analytics.ts';
import { authEndpoints } from './endpoints/auth.ts';
import { dashboardEndpoints } from './endpoints/dashboard.ts';
import { documentEndpoints } from './endpoints/document.ts';
import { forecastEndpoints } from './endpoints/forecasts.ts';
import { inventoryEndpoints } from './endpoints/inventory.ts';
import { orderEndpoints } from './endpoints/orders.ts';
import { productEndpoints } from './endpoints/products.ts';
import { streamEndpoints } from './endpoints/streams.ts';

/**
 * Every endpoint of /api/v1, in the order of the documentation. A new one is a declaration in `endpoints/` and stands in the list of
 * its file: the router, the OpenAPI document, /docs/api and the tests in tests/api read it from here.
 */
export const endpoints: readonly Endpoint[] = [
	...authEndpoints,
	...dashboardEndpoints,
	...orderEndpoints,
	...productEndpoints,
	...inventoryEndpoints,
	...analyticsEndpoints,
	...adSpendEndpoints,
	...forecastEndpoints,
	...streamEndpoints,
	...documentEndpoints
];
