/** What each fault of the Amazon side does; the letters are those of channels/faults.json. */
export const AMAZON_FAULTS: Readonly<Record<string, string>> = {
	F01: 'Amazon: new orders stay pending, without a price, until "price" is asked for (or ten minutes)',
	F02: 'Amazon: every third call with a page token answers 400 InvalidInput with message null',
	F03: 'Amazon: every third call answers 429 QuotaExceeded without any header that says when to come back',
	F04: 'Amazon: after the second searchOrders its rate falls to 0.002 a second, said in x-amzn-RateLimit-Limit',
	F05: 'Amazon: the clock is five minutes behind: windows that end later than its own now less 2 minutes answer 400',
	F06: 'Amazon: every second new order is found 30 seconds late, under the older time of its last update',
	F07: 'Amazon: money of new orders is posted 49 hours late under the day of shipping, held back, released, corrected',
	F08: 'Amazon: finance page tokens die after three minutes, and after their first use',
	F09: 'Amazon: every second page of transactions is empty, with a nextToken',
	F10: 'Amazon: FBA page tokens are dead at once, as after 31 seconds',
	F11: 'Amazon: inbound quantities change every 20 seconds, unseen by startDateTime',
	F12: 'Amazon: reports end CANCELLED, FATAL, or with a dead link, in turn; documents are in ISO-8859-1',
	F13: 'Amazon: access tokens die after five calls',
	F14: 'Amazon: LWA answers invalid_grant: the seller has revoked the app',
	F15: 'Amazon: notifications come twice, out of order, and before the order is searchable'
};

/** Counts per fault, so that it strikes at every n-th call only. */
export class Turns {
	#counts = new Map<string, number>();

	next(name: string): number {
		const count = (this.#counts.get(name) ?? 0) + 1;
		this.#counts.set(name, count);
		return count;
	}

	/** True at every n-th call. */
	every(name: string, n: number): boolean {
		return this.next(name) % n === 0;
	}
}

/** F37: a status and a field the client has never heard of. */
export function addAmazonUnknowns(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(addAmazonUnknowns);
	if (value === null || typeof value !== 'object') return value;
	const copy: Record<string, unknown> = {};
	for (const [key, item] of Object.entries(value)) {
		if (key === 'fulfillmentStatus' && item === 'SHIPPED') copy[key] = 'HANDED_TO_COURIER_DRONE';
		else if (key === 'fulfillmentStatus' && item === 'CANCELLED') copy[key] = 'Canceled';
		else if (key === 'transactionStatus' && item === 'RELEASED') copy[key] = 'RELEASED_TOMORROW';
		else copy[key] = addAmazonUnknowns(item);
	}
	if ('orderId' in copy || 'transactionId' in copy || 'sku' in copy) copy.fieldOfTomorrow = { answer: 42 };
	return copy;
}
