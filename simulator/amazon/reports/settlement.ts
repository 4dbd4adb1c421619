import { postingsOf, totalOfPosting, type PartName, type Posting } from '../../world/market/postings.ts';
import { fixed } from '../../world/money.ts';
import { DAY, isoUtc } from '../../world/time.ts';
import { marketplaceOf } from '../marketplaces.ts';
import { itemId } from '../orders/item.ts';
import { digest } from '../reply.ts';
import type { AmazonSeller } from '../seller.ts';
import type { ReportJob } from './job.ts';

export const SETTLEMENT = 'GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2';
const PERIOD = 14 * DAY;
const REACH = 90 * DAY;

const COLUMNS = [
	'settlement-id', 'settlement-start-date', 'settlement-end-date', 'deposit-date', 'total-amount', 'currency',
	'transaction-type', 'order-id', 'merchant-order-id', 'adjustment-id', 'shipment-id', 'marketplace-name', 'amount-type',
	'amount-description', 'amount', 'fulfillment-id', 'posted-date', 'posted-date-time', 'order-item-code',
	'merchant-order-item-id', 'merchant-adjustment-item-id', 'sku', 'quantity-purchased', 'promotion-id'
]; // prettier-ignore

const WORDS: Readonly<Record<PartName, readonly [type: string, description: string]>> = {
	principal: ['ItemPrice', 'Principal'],
	promotion: ['Promotion', 'Principal'],
	shipping: ['ItemPrice', 'Shipping'],
	tax: ['ItemPrice', 'Tax'],
	shipping_tax: ['ItemPrice', 'ShippingTax'],
	tax_withheld: ['ItemWithheldTax', 'MarketplaceFacilitatorTax-Principal'],
	commission: ['ItemFees', 'Commission'],
	fulfilment: ['ItemFees', 'FBAPerUnitFulfillmentFee'],
	refund_fee: ['ItemFees', 'RefundCommission'],
	label: ['other-transaction', 'Shipping label purchase'],
	reimbursement: ['FBA Inventory Reimbursement', 'WAREHOUSE_DAMAGE'],
	subscription: ['other-transaction', 'Subscription Fee'],
	storage: ['other-transaction', 'Storage Fee'],
	advertising: ['Cost of Advertising', 'TransactionTotalAmount']
};

/** The settlements of the last 90 days, one a fortnight, each with what was released in it; made by Amazon, not asked for. */
export function listSettlements(seller: AmazonSeller): ReportJob[] {
	const market = seller.market();
	const now = seller.now();
	const jobs: ReportJob[] = [];
	const last = Math.floor((now - market.createdAt) / PERIOD);
	for (let period = 0; period < last; period++) {
		const from = market.createdAt + period * PERIOD;
		const until = from + PERIOD;
		if (until < now - REACH) continue;
		const id = String(60_000_000_000 + period);
		const documentId = `amzn1.spdoc.1.4.na.${digest([seller.sellerId, id], 24)}.${id}`;
		const marketplaceIds = [marketplaceOf(market.sites[0]!).id];
		const job: ReportJob = { id, type: SETTLEMENT, marketplaceIds, from, until, options: {}, createdAt: until, delay: 0, outcome: 'DONE', documentId, text: null, deadLinks: 0, latin1: false }; // prettier-ignore
		Object.defineProperty(job, 'text', { get: () => settlement(seller, job), configurable: true });
		jobs.push(job);
	}
	return jobs;
}

function settlement(seller: AmazonSeller, job: ReportJob): string {
	const market = seller.market();
	const site = market.sites[0]!;
	const id = job.id.slice(1);
	const found = postingsOf(market, seller.now()).filter((posting) => {
		return posting.site === site && posting.releasedAt >= job.from && posting.releasedAt < job.until;
	});
	const total = found.reduce((sum, posting) => sum + totalOfPosting(posting), 0);
	const time = (at: number) => `${isoUtc(at).slice(0, 19).replace('T', ' ')} UTC`;
	const head = [id, time(job.from), time(job.until), time(job.until + 2 * DAY), fixed(total), site.currency];
	const rows = found.flatMap((posting) => rowsOf(posting, id, marketplaceOf(site).name));
	const summary = [...head, ...Array<string>(COLUMNS.length - head.length).fill('')].join('\t');
	return [COLUMNS.join('\t'), summary, ...rows, ''].join('\n');
}

function rowsOf(posting: Posting, id: string, marketplace: string): string[] {
	const kinds = { sale: 'Order', refund: 'Refund', label: 'other-transaction', adjustment: 'other-transaction', service: 'other-transaction' }; // prettier-ignore
	const type = posting.id.startsWith('advertising') ? 'ServiceFee' : kinds[posting.kind];
	const at = isoUtc(posting.at);
	return posting.lines.flatMap(({ line, quantity, parts }) =>
		parts.map(({ name, cents }) => {
			const [amountType, description] = WORDS[name];
			return [
				id, '', '', '', '', '', type, posting.order?.id ?? '', posting.order?.id ?? '',
				posting.refund ? String(posting.refund.n) : '', posting.kind === 'sale' ? `1${posting.order!.n}${posting.order!.lines[0]!.n}` : '',
				marketplace, amountType, description, fixed(cents), line ? (line.offer.stock ? 'AFN' : 'MFN') : '', at.slice(0, 10),
				`${at.slice(0, 19).replace('T', ' ')} UTC`, line ? itemId(line) : '', '', '', line?.offer.sku ?? '',
				name === 'principal' ? String(quantity) : '', ''
			].join('\t'); // prettier-ignore
		})
	);
}
