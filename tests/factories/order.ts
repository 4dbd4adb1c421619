import type { ChannelOrder, ChannelOrderInput } from '../../src/lib/server/orders/index.ts';
import { toChannelOrder } from '../../src/lib/server/orders/index.ts';

/** A line of one mug at 10.00. */
export function makeLine(
	given: Partial<ChannelOrderInput['lines'][number]> = {}
): ChannelOrderInput['lines'][number] {
	return {
		externalId: 'line-1',
		position: 0,
		listingExternalId: null,
		sku: 'MUG',
		title: 'Mug',
		quantity: 1,
		unitPrice: '10',
		gross: '10',
		...given
	};
}

/** A paid order of one mug, as a parser would hand it over. */
export function makeOrder(given: Partial<ChannelOrderInput> = {}): ChannelOrder {
	const input: ChannelOrderInput = {
		externalId: '1001',
		name: '#1001',
		placedAt: '2026-11-20T10:00:00Z',
		updatedAt: '2026-11-20T10:00:00Z',
		currency: 'USD',
		financialStatus: 'PAID',
		fulfillmentStatus: 'UNFULFILLED',
		status: 'paid',
		total: '10',
		customer: null,
		address: null,
		lines: [makeLine()],
		...given
	};
	return toChannelOrder(input, { payload: JSON.stringify(input), source: 'poll' });
}
