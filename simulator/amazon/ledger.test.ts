import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dayIn } from '../world/time.ts';
import { startAmazon } from './testing/client.ts';

const US = 'ATVPDKIKX0DER';
const ZONE = 'America/Los_Angeles';
const FROM = '2026-09-20T00:00:00Z';

let sim: Awaited<ReturnType<typeof startAmazon>>;
beforeAll(async () => {
	sim = await startAmazon();
	// Paused: Amazon tells no money of the last two minutes, so none may be booked meanwhile.
	await sim.act('pause');
	for (let i = 0; i < 12; i++) await sim.act('order', { secondsAgo: 600 });
	await sim.act('cancel');
	await sim.act('settle', { days: 1, secondsAgo: 300 });
});
afterAll(() => sim.stop());

type Row = Record<string, number>;
const cents = (text: unknown) => Math.round(Number(text) * 100);

function days() {
	const rows = new Map<string, Row>();
	return {
		rows,
		on(time: string): Row {
			const day = dayIn(Date.parse(time), ZONE);
			const row = rows.get(day) ?? { orders: 0, units: 0, gross: 0, discounts: 0, shipping: 0, tax: 0, pending: 0, cancelled: 0, replacements: 0, refunds: 0, feesPosted: 0 }; // prettier-ignore
			rows.set(day, row);
			return row;
		}
	};
}

async function ledger() {
	const { body } = await sim.get(`/__control/ledger?channel=amazon&timeZone=${ZONE}`);
	return body.days as Record<string, string | number>[];
}

it('orders and transactions add up to the ledger, day by day and to the cent', async () => {
	const { rows, on } = days();
	let next = '';
	do {
		const page = await sim.call(
			`/orders/2026-01-01/orders?createdAfter=${FROM}&includedData=PROCEEDS,FULFILLMENT${next}`
		);
		expect(page.status).toBe(200);
		for (const order of page.body.orders) {
			const row = on(order.createdTime);
			if (order.fulfillment.fulfillmentStatus === 'CANCELLED') row.cancelled!++;
			else if (order.associatedOrders) row.replacements!++;
			else if (!order.proceeds) row.pending!++;
			else {
				row.orders!++;
				for (const item of order.orderItems) {
					row.units! += item.quantityOrdered;
					for (const { type, subtotal } of item.proceeds.breakdowns) {
						const name = { ITEM: 'gross', DISCOUNT: 'discounts', SHIPPING: 'shipping', TAX: 'tax' }[
							type as string
						]!;
						row[name]! += type === 'DISCOUNT' ? -cents(subtotal.amount) : cents(subtotal.amount);
					}
				}
			}
		}
		next = page.body.pagination ? `&paginationToken=${page.body.pagination.nextToken}` : '';
	} while (next);
	do {
		const page = await sim.call(`/finances/2024-06-19/transactions?postedAfter=${FROM}${next}`);
		for (const one of page.body.payload.transactions) {
			const row = on(one.postedDate);
			const sides = one.breakdowns as {
				breakdownType: string;
				breakdownAmount: { currencyAmount: number };
			}[];
			for (const side of sides) if (side.breakdownType === 'Expenses') row.feesPosted! -= cents(side.breakdownAmount.currencyAmount); // prettier-ignore
			if (one.transactionType !== 'Refund') continue;
			for (const item of one.items) {
				for (const part of item.breakdowns) {
					if (/ProductCharges|PromotionRebates/.test(part.breakdownType)) row.refunds! -= cents(part.breakdownAmount.currencyAmount); // prettier-ignore
				}
			}
		}
		next = page.body.payload.nextToken ? `&nextToken=${page.body.payload.nextToken}` : '';
	} while (next);
	const truth = await ledger();
	expect(truth.length).toBeGreaterThan(55);
	for (const day of truth) {
		const mine = rows.get(day.day as string) ?? on(`${String(day.day)}T12:00:00-08:00`);
		const { orders, units, pending, cancelled, replacements } = day;
		const money = Object.fromEntries(['gross', 'discounts', 'shipping', 'tax', 'refunds', 'feesPosted'].map((name) => [name, cents(day[name])])); // prettier-ignore
		expect({ day: day.day, ...mine }).toEqual({ day: day.day, orders, units, pending, cancelled, replacements, ...money }); // prettier-ignore
	}
	expect(truth.reduce((sum, day) => sum + Number(day.cancelled), 0)).toBeGreaterThan(3);
});

it('the report of all orders says the same as the orders', async () => {
	const made = await sim.call('/reports/2021-06-30/reports', { body: { reportType: 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL', marketplaceIds: [US], dataStartTime: '2026-10-01T07:00:00Z', dataEndTime: '2026-10-31T07:00:00Z' } }); // prettier-ignore
	const report = await sim.call(`/reports/2021-06-30/reports/${made.body.reportId}`);
	expect(report.body.processingStatus).toBe('DONE');
	const found = await sim.call(`/reports/2021-06-30/documents/${report.body.reportDocumentId}`);
	const file = await fetch(found.body.url);
	const [head, ...lines] = gunzipSync(Buffer.from(await file.arrayBuffer()))
		.toString()
		.trim()
		.split('\r\n');
	const columns = head!.split('\t');
	const gross = new Map<string, number>();
	for (const line of lines) {
		const cell = Object.fromEntries(line.split('\t').map((text, place) => [columns[place]!, text]));
		if (cell['order-status'] === 'Cancelled') expect(cell.quantity).toBe('0');
		const day = dayIn(Date.parse(cell['purchase-date']!), ZONE);
		gross.set(day, (gross.get(day) ?? 0) + cents(cell['item-price']));
	}
	for (const day of (await ledger()).filter(
		(one) => String(one.day) >= '2026-10-01' && String(one.day) <= '2026-10-30'
	)) {
		expect([day.day, gross.get(day.day as string) ?? 0]).toEqual([day.day, cents(day.gross)]);
	}
});

it('metrics count what is pending too', async () => {
	const interval = encodeURIComponent('2026-10-01T00:00:00-07:00--2026-10-31T00:00:00-07:00');
	const path = `/sales/v1/orderMetrics?marketplaceIds=${US}&interval=${interval}&granularity=Day&granularityTimeZone=${ZONE}`;
	const { body } = await sim.call(path);
	expect(body.payload.length).toBe(30);
	const truth = new Map((await ledger()).map((day) => [day.day as string, day]));
	for (const one of body.payload) {
		const day = truth.get(one.interval.slice(0, 10));
		expect(cents(one.totalSales.amount)).toBe(cents(day?.gross ?? 0));
		expect(one.unitCount).toBe(day?.units ?? 0);
	}
});

it('a settlement is what was released in its fortnight', async () => {
	const { body } = await sim.call(
		'/reports/2021-06-30/reports?reportTypes=GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2'
	);
	expect(body.reports.length).toBeGreaterThan(2);
	const found = await sim.call(`/reports/2021-06-30/documents/${body.reports[0].reportDocumentId}`);
	const file = await fetch(found.body.url);
	const [, summary, ...rows] = gunzipSync(Buffer.from(await file.arrayBuffer()))
		.toString()
		.trim()
		.split('\n');
	const total = rows.reduce((sum, row) => sum + cents(row.split('\t')[14]), 0);
	expect(rows.length).toBeGreaterThan(100);
	expect(total).toBe(cents(summary!.split('\t')[4]));
});
