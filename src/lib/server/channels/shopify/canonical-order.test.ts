import { expect, test } from 'vitest';
import { canonicalOrder } from './canonical-order.ts';
import type { RawOrder } from './raw-order.ts';

test('a refund that takes back an earlier one has less than no pieces; the line it names sold none', () => {
	const raw: RawOrder = {
		id: '1',
		name: '#1',
		processedAt: '2026-02-01T08:24:00Z',
		updatedAt: '2026-02-01T08:24:00Z',
		cancelledAt: null,
		test: false,
		taxesIncluded: false,
		currency: 'GBP',
		presentmentCurrency: null,
		presentmentTotal: null,
		financial: 'refunded',
		fulfillment: 'fulfilled',
		total: 0n,
		currentTotal: 0n,
		shipping: 0n,
		tax: 0n,
		email: null,
		customer: null,
		address: null,
		lines: [
			{
				id: '7',
				variantId: null,
				productId: null,
				sku: 'M',
				title: 'Manual',
				variantTitle: null,
				vendor: null,
				quantity: 0,
				currentQuantity: 0,
				unitPrice: 373_570_000n,
				total: 0n,
				discount: 0n,
				tax: 0n,
				isGiftCard: false,
				adjustmentQuantity: null,
				adjustmentUnitPrice: null
			}
		],
		refunds: [
			{
				id: '9',
				at: '2026-02-01T08:24:00Z',
				total: -373_570_000n,
				shipping: [],
				adjustments: [],
				items: [
					{ id: '8', lineId: '7', quantity: -1, subtotal: -373_570_000n, tax: 0n, restockType: 'no_restock' }
				]
			}
		]
	};
	const { lines, refunds } = canonicalOrder(raw);
	expect(lines[0]).toMatchObject({ quantity: 0, gross: '0.00' });
	expect(refunds![0]!.lines![0]).toMatchObject({ kind: 'item', quantity: -1, amount: '-373.57' });
});
