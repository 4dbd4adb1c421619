import type { PendingEvent } from '../live/index.ts';

/** Above this many products, analytics reads all costs again and pages ask anew. */
const SINGLE_EVENTS = 50;

/** What tells analytics that costs of these products changed. */
export function costEvents(organizationId: string, productIds: readonly string[]): PendingEvent[] {
	const dimensions = { channel: null, categories: [], locations: [], country: null };
	if (productIds.length > SINGLE_EVENTS)
		return [{ kind: 'rates', organizationId, subjectId: null, dimensions }];
	return productIds.map((productId) => ({
		kind: 'product',
		organizationId,
		subjectId: productId,
		productId,
		dimensions
	}));
}
