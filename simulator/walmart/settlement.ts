import { postingsOf, type PartName, type Posting, type PostingLine } from '../world/market/postings.ts';
import { fixed } from '../world/money.ts';
import { DAY, dayIn, HOUR } from '../world/time.ts';
import { errorReply, type Reply } from './error.ts';
import { customerOrderId, nodeTypeOf } from './ids.ts';
import { numberOf } from './query.ts';
import type { Seller } from './seller.ts';
import { titleOf } from './views/order.ts';

const PERIOD = 14 * DAY;
/** Settlement periods begin on every second Tuesday, in the morning of UTC. */
const FIRST_PERIOD = Date.UTC(2024, 0, 2) + 8 * HOUR;

/** What Walmart calls each part of a booking. */
const AMOUNT_TYPES: Readonly<Record<PartName, string>> = {
	principal: 'Product Price',
	promotion: 'Seller Funded Discount',
	shipping: 'Shipping',
	tax: 'Product Tax',
	shipping_tax: 'Shipping Tax',
	tax_withheld: 'Product Tax Withheld',
	commission: 'Commission on Product',
	fulfilment: 'WFS Fulfillment Fee',
	refund_fee: 'Return Processing Fee',
	label: 'Shipping Label Service Charge',
	reimbursement: 'Walmart Return Shipping Charge',
	subscription: 'Subscription Fee',
	storage: 'WFS Storage Fee',
	advertising: 'WFS Walmart Connect Advertising'
};
const TYPES: Readonly<Record<Posting['kind'], [string, string]>> = {
	sale: ['Sale', 'Purchase'],
	refund: ['Refund', 'Return Refund'],
	label: ['Service Fee', 'Shipping label'],
	adjustment: ['Adjustment', 'Dispute settlement'],
	service: ['Service Fee', 'Account']
};

interface Period {
	date: string;
	from: number;
	to: number;
}

/** The settlements that are closed, oldest first. */
export function periods(seller: Seller): Period[] {
	const { market, options } = seller;
	const list: Period[] = [];
	let from = FIRST_PERIOD + Math.floor((market.createdAt - FIRST_PERIOD) / PERIOD) * PERIOD;
	for (; from + PERIOD <= options.now(); from += PERIOD)
		list.push({ date: usDate(seller, from + PERIOD, ''), from, to: from + PERIOD });
	return list;
}

/** 11222026 or 11/22/2026, a day where Walmart keeps its books. */
function usDate(seller: Seller, at: number, between: '' | '/'): string {
	const [year, month, day] = dayIn(at, seller.market.shop.zone).split('-');
	return [month, day, year].join(between);
}

/** GET /v3/report/reconreport/availableReconFiles. */
export function availableReports(seller: Seller): Reply {
	return { status: 200, body: { availableApReportDates: periods(seller).map(({ date }) => date) } };
}

/** GET /v3/report/reconreport/reconFileJson: the rows of one settlement, so many at a time. */
export function reconReport(seller: Seller, query: URLSearchParams): Reply {
	const period = periods(seller).find(({ date }) => date === query.get('reportDate'));
	if (!period)
		return errorReply(400, 'INVALID_REQUEST_PARAM.GMP_REPORT_API', 'No report for this date', {
			field: 'reportDate'
		});
	const most = numberOf(query, 'noOfRecords', { most: 1000, otherwise: 1000 });
	const offset = numberOf(query, 'offset', { most: Number.MAX_SAFE_INTEGER, otherwise: 0, least: 0 });
	const booked = postingsOf(seller.market, period.to - 1).filter((one) => one.at >= period.from);
	let total = 0;
	const rows = booked.flatMap((posting) =>
		posting.lines.flatMap((line) =>
			line.parts.map(({ name, cents }) => {
				total += cents;
				return row(seller, posting, line, name, cents);
			})
		)
	);
	const all = [summary(seller, period, total), ...rows];
	// offsets count bytes at Walmart; nobody may reckon with them, so ours only look like bytes
	const first = Math.round(offset / 479);
	const here = all.slice(first, first + most);
	const next = first + here.length;
	return {
		status: 200,
		body: {
			reportData: here,
			...(next < all.length && { nextOffset: next * 479 }),
			totalRecords: here.length,
			description: `Number of Lines in file ${all.length}`
		}
	};
}

function summary(seller: Seller, period: Period, cents: number) {
	return {
		'Period Start Date': usDate(seller, period.from, '/'),
		'Period End Date': usDate(seller, period.to - DAY, '/'),
		'Total Payable': fixed(cents),
		Currency: 'USD',
		'Transaction Type': 'PaymentSummary',
		'Transaction Description': 'Deposited in  account',
		'Transaction Posted Timestamp': usDate(seller, period.to, '/')
	};
}

function row(
	seller: Seller,
	posting: Posting,
	{ line, quantity }: PostingLine,
	name: PartName,
	cents: number
) {
	const { order, at, kind } = posting;
	const number = order && line ? String(order.lines.indexOf(line) + 1) : '';
	const [type, description] = TYPES[kind];
	const [year, month, day] = dayIn(at, seller.market.shop.zone).split('-');
	return {
		'Period Start Date': '',
		'Period End Date': '',
		Currency: 'USD',
		'Transaction Key': `${year}_${month}_${day}_${posting.id}`,
		'Transaction Posted Timestamp': `${month}/${day}/${year}`,
		'Transaction Type': name === 'fulfilment' ? 'Service Fee' : type,
		'Transaction Description': description,
		'Customer Order #': order ? customerOrderId(order) : '',
		'Customer Order line #': number,
		'Purchase Order #': order?.id ?? '',
		'Purchase Order line #': number,
		Amount: fixed(cents),
		'Amount Type': AMOUNT_TYPES[name],
		'Ship Qty': quantity > 0 ? String(quantity) : '',
		'Partner Item Id': line?.offer.sku ?? '',
		'Partner GTIN': line?.offer.gtin?.padStart(14, '0') ?? '',
		'Partner Item Name': line ? titleOf(line.offer.variant) : '',
		'Fulfillment Type': order
			? nodeTypeOf(order) === 'WFSFulfilled'
				? 'Walmart Fulfilled'
				: 'Seller Fulfilled'
			: '',
		'Contract Category': line?.offer.variant.product.type ?? ''
	};
}
