import type { Reply } from './error.ts';
import type { Seller } from './seller.ts';

/** GET /v3/report/payment/statement: who the seller is and what the current cycle owes. */
export function paymentStatement(seller: Seller): Reply {
	const day = (at: number) => new Date(at).toISOString().slice(0, 10);
	return {
		status: 200,
		body: {
			statusCode: 200,
			status: 'OK',
			error: '',
			partnerId: seller.partnerId,
			payload: {
				outstandingMCABalance: 0,
				sellerInfo: {
					storeFrontUrl: `https%3A%2F%2Fwww.walmart.com%2Fseller%2F${seller.partnerId.slice(-4)}`,
					sellerStatus: 'ACTIVE',
					paymentStatus: 'ACTIVE',
					tenure: Math.floor((seller.options.now() - seller.market.createdAt) / 86_400_000)
				},
				accountSummary: {
					openingBalance: 0,
					orderActivity: 0,
					walmartFulfillmentServices: 0,
					otherActivities: 0,
					reserve: 0,
					paidToYou: 0,
					closingBalance: 0,
					scheduledSettlementDate: day(seller.options.now()),
					paymentProcessor: 'Payoneer',
					settleCycle: 'Bi-weekly',
					reserveToDate: 0,
					lastUpdatedDate: day(seller.options.now()),
					holdAmt: 0,
					holdDates: ' '
				}
			}
		}
	};
}
