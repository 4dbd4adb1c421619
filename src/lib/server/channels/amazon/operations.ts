/** An operation we use: method, path, and its default usage plan (CHANNELS.md, section 1.3), per second and at once. */
export interface Operation {
	method: 'GET' | 'POST';
	path: string;
	rate: number;
	burst: number;
	/** Belongs to the application, not to a seller: asked with a grantless token. */
	grantless?: true;
}

const op = (method: 'GET' | 'POST', path: string, rate: number, burst: number): Operation => ({
	method,
	path,
	rate,
	burst
});

export const OPERATIONS = {
	searchOrders: op('GET', '/orders/2026-01-01/orders', 0.0056, 20),
	getOrder: op('GET', '/orders/2026-01-01/orders/{orderId}', 0.5, 30),
	getInventorySummaries: op('GET', '/fba/inventory/v1/summaries', 2, 2),
	listTransactions: op('GET', '/finances/2024-06-19/transactions', 0.5, 10),
	getMyFeesEstimates: op('POST', '/products/fees/v0/feesEstimate', 0.5, 1),
	createReport: op('POST', '/reports/2021-06-30/reports', 0.0167, 15),
	getReport: op('GET', '/reports/2021-06-30/reports/{reportId}', 2, 15),
	getReportDocument: op('GET', '/reports/2021-06-30/documents/{reportDocumentId}', 0.0167, 15),
	getOrderMetrics: op('GET', '/sales/v1/orderMetrics', 0.5, 15),
	getMarketplaceParticipations: op('GET', '/sellers/v1/marketplaceParticipations', 0.016, 15),
	searchListingsItems: op('GET', '/listings/2021-08-01/items/{sellerId}', 5, 5),
	searchCatalogItems: op('GET', '/catalog/2022-04-01/items', 2, 2),
	getItemReviewTopics: op('GET', '/customerFeedback/2024-06-01/items/{asin}/reviews/topics', 1, 10),
	getSubscription: op('GET', '/notifications/v1/subscriptions/{notificationType}', 1, 5),
	createSubscription: op('POST', '/notifications/v1/subscriptions/{notificationType}', 1, 5),
	getDestinations: { ...op('GET', '/notifications/v1/destinations', 1, 5), grantless: true },
	createDestination: { ...op('POST', '/notifications/v1/destinations', 1, 5), grantless: true }
} satisfies Record<string, Operation>;

export type OperationName = keyof typeof OPERATIONS;

/** What a call carries. Lists go with commas, as the models say; undefined and null are left out. */
export interface CallInput {
	path?: Record<string, string>;
	query?: Record<string, string | number | boolean | readonly string[] | null | undefined>;
	body?: unknown;
}

/** Path and query of a call: the part after the endpoint. */
export function addressOfCall(name: OperationName, { path = {}, query = {} }: CallInput): string {
	const filled = OPERATIONS[name].path.replace(/\{(\w+)\}/g, (_, part: string) =>
		encodeURIComponent(path[part] ?? '')
	);
	const words = new URLSearchParams();
	for (const [key, value] of Object.entries(query)) {
		if (value === null || value === undefined) continue;
		words.set(key, Array.isArray(value) ? value.join(',') : String(value));
	}
	const text = words.toString();
	return text === '' ? filled : `${filled}?${text}`;
}
