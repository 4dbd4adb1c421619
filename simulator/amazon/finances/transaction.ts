import type { PartName, Posting, PostingLine } from '../../world/market/postings.ts';
import { toldAt, totalOfPosting } from '../../world/market/postings.ts';
import { isoUtc } from '../../world/time.ts';
import { marketplaceOf } from '../marketplaces.ts';
import { itemId, titleOf } from '../orders/item.ts';
import { digest } from '../reply.ts';
import type { AmazonSeller } from '../seller.ts';

/** Amazon's words: the group of a part and its own name. */
const WORDS: Readonly<Record<PartName, readonly [group: string, name: string]>> = {
	principal: ['ProductCharges', 'OurPricePrincipal'],
	promotion: ['PromotionRebates', 'OurPricePromotion'],
	shipping: ['Shipping', 'ShippingPrincipal'],
	tax: ['Tax', 'OurPriceTax'],
	shipping_tax: ['Tax', 'ShippingTax'],
	tax_withheld: ['TaxWithheld', 'MarketplaceFacilitatorTax'],
	commission: ['AmazonFees', 'Commission'],
	fulfilment: ['AmazonFees', 'FBAPerUnitFulfillmentFee'],
	refund_fee: ['AmazonFees', 'RefundCommission'],
	label: ['ShippingServices', 'PostageBilling'],
	reimbursement: ['FBAInventoryReimbursement', 'Reimbursement'],
	subscription: ['AmazonFees', 'SubscriptionFee'],
	storage: ['AmazonFees', 'FBAStorageFee'],
	advertising: ['Advertising', 'ProductAdsPayment']
};
const EXPENSES = ['AmazonFees', 'ShippingServices', 'Advertising'];

const TYPES: Readonly<Record<Posting['kind'], readonly [type: string, description: string]>> = {
	sale: ['Shipment', 'Order Payment'],
	refund: ['Refund', 'Refund Order'],
	label: ['ShippingServices', 'Shipping services purchased through Amazon'],
	adjustment: ['Adjustment', 'FBA Inventory Reimbursement'],
	service: ['ServiceFee', '']
};
const SERVICES: Readonly<Record<string, readonly [type: string, description: string]>> = {
	subscription: ['ServiceFee', 'Subscription'],
	storage: ['ServiceFee', 'FBAStorageBilling'],
	advertising: ['ProductAdsPayment', 'Cost of Advertising']
};

/** The instant Amazon writes on a posting. */
function postedAt(posting: Posting): number {
	return posting.kind === 'sale' && posting.order ? toldAt(posting.order) : posting.at;
}

function statusOf(posting: Posting): string {
	if (!posting.deferred) return 'RELEASED';
	return posting.releasedAt ? 'DEFERRED_RELEASED' : 'DEFERRED';
}

interface Breakdown {
	breakdownType: string;
	breakdownAmount: { currencyCode: string; currencyAmount: number };
	breakdowns: Breakdown[];
}

/** A transaction: the same id before and after its money is released. */
export function transactionView(seller: AmazonSeller, posting: Posting) {
	const { site, order } = posting;
	const { currency } = site;
	const marketplace = marketplaceOf(site);
	const amount = (cents: number) => ({ currencyCode: currency, currencyAmount: cents / 100 });
	const service = posting.kind === 'service' ? SERVICES[posting.id.split('|')[0]!] : undefined;
	const [type, description] = service ?? TYPES[posting.kind];
	const related = [
		...(order ? [{ relatedIdentifierName: 'ORDER_ID', relatedIdentifierValue: order.id }] : []),
		...(posting.kind === 'sale'
			? [
					{
						relatedIdentifierName: 'SHIPMENT_ID',
						relatedIdentifierValue: `1${order!.n}${order!.lines[0]!.n}`
					}
				]
			: []),
		...(posting.refund ? [{ relatedIdentifierName: 'REFUND_ID', relatedIdentifierValue: String(posting.refund.n) }] : []) // prettier-ignore
	];
	const flat = posting.kind === 'adjustment';
	return {
		sellingPartnerMetadata: {
			sellingPartnerId: seller.sellerId,
			accountType: 'Standard Orders',
			marketplaceId: marketplace.id
		},
		relatedIdentifiers: related,
		transactionType: type,
		transactionId: Buffer.from(digest([seller.sellerId, posting.id], 64), 'hex').toString('base64url'),
		transactionStatus: statusOf(posting),
		description,
		postedDate: isoUtc(postedAt(posting)),
		totalAmount: amount(totalOfPosting(posting)),
		marketplaceDetails: { marketplaceId: marketplace.id, marketplaceName: marketplace.name },
		items: posting.lines.filter(({ line }) => line).map((line) => itemOf(line, currency, flat)),
		contexts: posting.deferred
			? [{ contextType: 'DeferredContext', deferralReason: 'DD7', maturityDate: isoUtc(maturity(posting)) }]
			: [],
		breakdowns: summed(posting.lines, currency)
	};
}

function maturity(posting: Posting): number {
	return posting.releasedAt || (posting.order!.deliveredAt || posting.at) + 7 * 86_400_000;
}

function itemOf(item: PostingLine, currency: string, flat: boolean) {
	const line = item.line!;
	const total = item.parts.reduce((sum, part) => sum + part.cents, 0);
	return {
		description: titleOf(line),
		totalAmount: { currencyCode: currency, currencyAmount: total / 100 },
		relatedIdentifiers: [
			{ itemRelatedIdentifierName: 'ORDER_ADJUSTMENT_ITEM_ID', itemRelatedIdentifierValue: itemId(line) }
		],
		// Reimbursements have theirs at the transaction only.
		breakdowns: flat ? [] : grouped(item, currency),
		contexts: [
			{
				contextType: 'ProductContext',
				asin: line.offer.itemId,
				sku: line.offer.sku,
				quantityShipped: item.quantity,
				fulfillmentNetwork: line.offer.stock ? 'AFN' : 'MFN'
			}
		]
	};
}

/** An item's parts by group: ProductCharges with OurPricePrincipal, AmazonFees with Commission, and so on. */
function grouped(item: PostingLine, currency: string): Breakdown[] {
	const groups = new Map<string, { cents: number; parts: Breakdown[] }>();
	for (const { name, cents } of item.parts) {
		const [group, word] = WORDS[name];
		const found = groups.get(group) ?? { cents: 0, parts: [] };
		found.cents += cents;
		found.parts.push(breakdown(word, cents, currency, []));
		groups.set(group, found);
	}
	return [...groups].map(([group, { cents, parts }]) => breakdown(group, cents, currency, parts));
}

/** The transaction's own breakdowns: Sales and Expenses over all items. */
function summed(lines: readonly PostingLine[], currency: string): Breakdown[] {
	const sides = new Map<string, Map<string, number>>();
	for (const { parts } of lines) {
		for (const { name, cents } of parts) {
			const [group] = WORDS[name];
			const side = EXPENSES.includes(group) ? 'Expenses' : 'Sales';
			const sums = sides.get(side) ?? new Map<string, number>();
			sums.set(group, (sums.get(group) ?? 0) + cents);
			sides.set(side, sums);
		}
	}
	return [...sides].map(([side, sums]) => {
		const total = [...sums.values()].reduce((sum, cents) => sum + cents, 0);
		return breakdown(side, total, currency, [...sums].map(([group, cents]) => breakdown(group, cents, currency, []))); // prettier-ignore
	});
}

function breakdown(type: string, cents: number, currency: string, breakdowns: Breakdown[]): Breakdown {
	return {
		breakdownType: type,
		breakdownAmount: { currencyCode: currency, currencyAmount: cents / 100 },
		breakdowns
	};
}
