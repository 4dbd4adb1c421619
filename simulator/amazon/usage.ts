import { Bucket } from '../shopify/bucket.ts';

/** Calls a second and at once, by operation: the defaults of the official usage plans. */
export const PLANS: Readonly<Record<string, readonly [rate: number, burst: number]>> = {
	searchOrders: [0.0056, 20],
	getOrder: [0.5, 30],
	getInventorySummaries: [2, 2],
	listTransactions: [0.5, 10],
	getMyFeesEstimateForSKU: [1, 2],
	getMyFeesEstimateForASIN: [1, 2],
	getMyFeesEstimates: [0.5, 1],
	createReport: [0.0167, 15],
	getReport: [2, 15],
	getReports: [0.0222, 10],
	cancelReport: [0.0222, 10],
	getReportDocument: [0.0167, 15],
	getOrderMetrics: [0.5, 15],
	notifications: [1, 5],
	searchCatalogItems: [2, 2],
	getCatalogItem: [2, 2],
	searchListingsItems: [5, 5],
	getListingsItem: [5, 10],
	getMarketplaceParticipations: [0.016, 15],
	customerFeedback: [1, 10]
};

export interface Usage {
	/** Multiplies every rate. */
	quota: number;
	/** Rates that differ from the plan, because the plan is dynamic (F04). */
	rates: Map<string, number>;
	buckets: Map<string, Bucket>;
}

export function createUsage(quota: number): Usage {
	return { quota, rates: new Map(), buckets: new Map() };
}

/** Requests a second that apply to an operation now. */
export function rateOf(usage: Usage, operation: string): number {
	return (usage.rates.get(operation) ?? PLANS[operation]![0]) * usage.quota;
}

/** Takes one call from the bucket of (application, seller, operation); false when it is empty. */
export function takeCall(usage: Usage, operation: string, now: number): boolean {
	const rate = rateOf(usage, operation);
	let bucket = usage.buckets.get(operation);
	if (!bucket || bucket.restoreRate !== rate) {
		const size = PLANS[operation]![1];
		const left = bucket ? bucket.available(now) : size;
		bucket = new Bucket(size, rate, now);
		bucket.take(size - left, now);
		usage.buckets.set(operation, bucket);
	}
	return bucket.take(1, now);
}
