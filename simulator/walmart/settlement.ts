import { soldWorth } from '../world/changes.ts';
import type { Line, Order } from '../world/model.ts';
import { fixed } from '../world/money.ts';
import { DAY } from '../world/time.ts';
import { errorReply, type Reply } from './error.ts';
import { customerOrderId, purchaseOrderId } from './ids.ts';
import { numberOf } from './query.ts';
import type { Seller } from './seller.ts';
import { nodeTypeOf } from './views/node-type.ts';
import { isReturn } from './views/order.ts';
import { skuOfLine } from './views/sku.ts';

const PERIOD = 14 * DAY;
/** A Tuesday: settlement periods begin on every second one. */
const FIRST_PERIOD = Date.UTC(2024, 0, 2);
/** Walmart takes its share of each sale: 15 of 100 in most categories, 8 in a few. */
const COMMISSION = 15;
const LOWER_COMMISSION = 8;
const WFS_FEE_CENTS = 345;

/** One row of a reconciliation report, before it is written out. */
export interface SettledRow {
	at: number;
	order: Order | null;
	line: number;
	key: string;
	type: 'Sale' | 'Refund' | 'Service Fee' | 'PaymentSummary';
	description: string;
	amountType: string;
	cents: number;
}

/** Everything that was settled up to now, oldest first. */
export function settledRows(seller: Seller): SettledRow[] {
	const rows: SettledRow[] = [];
	for (const order of seller.world.orders()) {
		const soldAt = order.fulfilled
			? order.closedAt
			: order.cancelledAt && order.refunds.length > 0
				? order.cancelledAt
				: 0;
		if (soldAt === 0) continue;
		order.lines.forEach((line, index) => rows.push(...saleRows(seller, order, line, index, soldAt)));
		for (const refund of order.refunds) {
			const key = `${refund.n}R`;
			for (const item of refund.lines)
				rows.push(
					...lineRows(
						order,
						order.lines.indexOf(item.line) + 1,
						refund.createdAt,
						key,
						'Refund',
						isReturn(refund) ? 'Return' : 'Refund',
						{
							product: -item.subtotal,
							tax: -item.tax,
							commission: commissionOf(item.line, item.subtotal)
						}
					)
				);
			const at = refund.createdAt;
			const rest = refund.adjustments.reduce((sum, one) => sum + one.amount + one.tax, 0);
			if (rest !== 0)
				rows.push({
					at,
					order,
					line: 1,
					key,
					type: 'Refund',
					description: 'Adjustment',
					amountType: 'Product Price',
					cents: rest
				});
			if (refund.shipping !== 0)
				rows.push({
					at,
					order,
					line: 1,
					key,
					type: 'Refund',
					description: 'Return',
					amountType: 'Shipping',
					cents: -refund.shipping
				});
		}
	}
	return rows.sort((a, b) => a.at - b.at);
}

function saleRows(seller: Seller, order: Order, line: Line, index: number, at: number): SettledRow[] {
	const { units, gross, discount } = soldWorth(order, line);
	if (units === 0) return [];
	const key = `${order.n}S`;
	const product = gross - discount;
	const rows = lineRows(order, index + 1, at, key, 'Sale', 'Purchase', {
		product,
		tax: line.tax,
		commission: -commissionOf(line, product)
	});
	const extra = (
		amountType: string,
		cents: number,
		type: SettledRow['type'] = 'Sale',
		description = 'Purchase'
	) => rows.push({ at, order, line: index + 1, key, type, description, amountType, cents });
	if (index === 0 && order.shipping > 0) {
		extra('Shipping', order.shipping);
		extra('Shipping Tax', order.shippingTax);
		extra('Shipping Tax Withheld', -order.shippingTax);
		extra('Commission on Shipping', -Math.round((order.shipping * COMMISSION) / 100));
	}
	if (nodeTypeOf(seller, order) === 'WFSFulfilled')
		extra('WFS Fulfillment Fee', -WFS_FEE_CENTS * units, 'Service Fee', 'WFS Fulfillment fee');
	return rows;
}

function lineRows(
	order: Order,
	line: number,
	at: number,
	key: string,
	type: SettledRow['type'],
	description: string,
	{ product, tax, commission }: { product: number; tax: number; commission: number }
): SettledRow[] {
	const row = (amountType: string, cents: number): SettledRow => ({
		at,
		order,
		line,
		key,
		type,
		description,
		amountType,
		cents
	});
	return [
		row('Product Price', product),
		...(tax === 0 ? [] : [row('Product Tax', tax), row('Product Tax Withheld', -tax)]),
		row('Commission on Product', commission)
	];
}

function commissionOf(line: Line, cents: number): number {
	const percent = line.variant && line.variant.product.n % 5 === 0 ? LOWER_COMMISSION : COMMISSION;
	return Math.round((cents * percent) / 100);
}

interface Period {
	date: string;
	from: number;
	to: number;
}

function periods(seller: Seller): Period[] {
	const now = seller.options.now();
	const list: Period[] = [];
	const first = seller.world.shop.createdAt;
	let from = FIRST_PERIOD + Math.floor((first - FIRST_PERIOD) / PERIOD) * PERIOD;
	for (; from + PERIOD <= now; from += PERIOD)
		list.push({ date: usDate(from + PERIOD, ''), from, to: from + PERIOD });
	return list;
}

/** 11222026 or 11/22/2026. */
function usDate(at: number, between: '' | '/'): string {
	const [year, month, day] = new Date(at).toISOString().slice(0, 10).split('-');
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
	const settled = settledRows(seller).filter((row) => row.at >= period.from && row.at < period.to);
	const total = settled.reduce((sum, row) => sum + row.cents, 0);
	const all = [summary(period, total), ...settled.map((row) => written(seller, row))];
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

function summary(period: Period, cents: number) {
	return {
		'Period Start Date': usDate(period.from, '/'),
		'Period End Date': usDate(period.to - DAY, '/'),
		'Total Payable': fixed(cents),
		Currency: 'USD',
		'Transaction Type': 'PaymentSummary',
		'Transaction Description': 'Deposited in  account',
		'Transaction Posted Timestamp': usDate(period.to, '/')
	};
}

function written(seller: Seller, row: SettledRow) {
	const { order } = row;
	const line = order?.lines[row.line - 1];
	return {
		'Period Start Date': '',
		'Period End Date': '',
		'Total Payable': '',
		Currency: 'USD',
		'Transaction Key': `${usDate(row.at, '').replace(/^(\d\d)(\d\d)(\d{4})$/, '$3_$1_$2')}_${row.key}`,
		'Transaction Posted Timestamp': usDate(row.at, '/'),
		'Transaction Type': row.type,
		'Transaction Description': row.description,
		'Customer Order #': order ? customerOrderId(order) : '',
		'Customer Order line #': String(row.line),
		'Purchase Order #': order ? purchaseOrderId(order) : '',
		'Purchase Order line #': String(row.line),
		Amount: fixed(row.cents),
		'Amount Type': row.amountType,
		'Ship Qty': String(line?.quantity ?? ''),
		'Partner Item Id': line ? skuOfLine(seller, line) : '',
		'Partner GTIN': line?.variant?.barcode?.padStart(14, '0') ?? '',
		'Partner Item Name': line?.title ?? '',
		'Fulfillment Type': order
			? nodeTypeOf(seller, order) === 'WFSFulfilled'
				? 'Walmart Fulfilled'
				: 'Seller Fulfilled'
			: '',
		'Contract Category': line?.variant?.product.type ?? '',
		'Commission Rate': ''
	};
}
