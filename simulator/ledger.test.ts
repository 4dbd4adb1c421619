import { expect, it } from 'vitest';
import { startSimulator } from './testing/start.ts';
import { dayIn } from './world/time.ts';

interface Money {
	shopMoney: { amount: string };
}
interface ApiLine {
	id: string;
	quantity: number;
	currentQuantity: number;
	isGiftCard: boolean;
	originalUnitPriceSet: Money;
	originalTotalSet: Money;
	discountAllocations: { allocatedAmountSet: Money }[];
}
interface ApiOrder {
	processedAt: string;
	test: boolean;
	displayFinancialStatus: string;
	lineItems: { nodes: ApiLine[] };
	refunds: {
		processedAt: string;
		refundLineItems: {
			nodes: { quantity: number; subtotalSet: Money; lineItem: { id: string; isGiftCard: boolean } }[];
		};
		orderAdjustments: { nodes: { amountSet: Money }[] };
	}[];
}

const QUERY = `query($after: String) { orders(first: 25, after: $after, sortKey: ID) { pageInfo { hasNextPage endCursor } nodes {
	processedAt test displayFinancialStatus
	lineItems(first: 250) { nodes { id quantity currentQuantity isGiftCard originalUnitPriceSet { shopMoney { amount } }
		originalTotalSet { shopMoney { amount } } discountAllocations { allocatedAmountSet { shopMoney { amount } } } } }
	refunds { processedAt
		refundLineItems(first: 250) { nodes { quantity subtotalSet { shopMoney { amount } } lineItem { id isGiftCard } } }
		orderAdjustments(first: 5) { nodes { amountSet { shopMoney { amount } } } } } } } }`;

const cents = (money: Money) => Math.round(Number(money.shopMoney.amount) * 100);

/** What someone who only sees the API makes of it, by the rules of the README and with none of the world's code. */
function byDay(orders: ApiOrder[], zone: string) {
	const days = new Map<
		string,
		{ orders: number; units: number; gross: number; discounts: number; refunds: number }
	>();
	const on = (time: string) => {
		const day = dayIn(Date.parse(time), zone);
		const found = days.get(day) ?? { orders: 0, units: 0, gross: 0, discounts: 0, refunds: 0 };
		days.set(day, found);
		return found;
	};
	for (const order of orders) {
		if (order.test) continue;
		const refunded = new Map<string, number>();
		for (const refund of order.refunds) {
			const sums = on(refund.processedAt);
			for (const item of refund.refundLineItems.nodes) {
				refunded.set(item.lineItem.id, (refunded.get(item.lineItem.id) ?? 0) + item.quantity);
				if (!item.lineItem.isGiftCard) sums.refunds += cents(item.subtotalSet);
			}
			for (const adjustment of refund.orderAdjustments.nodes) sums.refunds -= cents(adjustment.amountSet);
		}
		const sales = order.lineItems.nodes.filter((line) => line.quantity > 0 && !line.isGiftCard);
		if (order.displayFinancialStatus === 'VOIDED' || sales.length === 0) continue;
		const sums = on(order.processedAt);
		sums.orders++;
		for (const line of sales) {
			const units = line.currentQuantity + (refunded.get(line.id) ?? 0);
			const discount = line.discountAllocations.reduce((sum, one) => sum + cents(one.allocatedAmountSet), 0);
			sums.units += units;
			sums.gross +=
				units === line.quantity ? cents(line.originalTotalSet) : units * cents(line.originalUnitPriceSet);
			sums.discounts += Math.round((discount * units) / line.quantity);
		}
	}
	return days;
}

it('agrees, day by day and to the cent, with what an API client can compute', async () => {
	const server = await startSimulator(
		'--query-cap',
		'1000000',
		'--bucket',
		'1000000',
		'--shop',
		'a-b.myshopify.com'
	);
	for (let i = 0; i < 15; i++) await server.control({ action: 'order' });
	await server.control({ action: 'cancel', captured: false });
	const orders: ApiOrder[] = [];
	let after: string | null = null;
	do {
		server.tenant.bucket.giveBack(1_000_000, Date.now());
		const { body } = await server.graphql(QUERY, { after });
		expect(body.errors).toBeUndefined();
		orders.push(...body.data.orders.nodes);
		after = body.data.orders.pageInfo.hasNextPage ? body.data.orders.pageInfo.endCursor : null;
	} while (after);
	for (const zone of ['America/Los_Angeles', 'Asia/Tokyo']) {
		const expected = byDay(orders, zone);
		const { body } = await server.call(`/__control/ledger?timeZone=${zone}`);
		expect(body.days.length).toBeGreaterThan(55);
		for (const day of body.days) {
			const mine = expected.get(day.day) ?? { orders: 0, units: 0, gross: 0, discounts: 0, refunds: 0 };
			expect({ day: day.day, ...mine }).toEqual({
				day: day.day,
				orders: day.orders,
				units: day.units,
				gross: Math.round(day.gross * 100),
				discounts: Math.round(day.discounts * 100),
				refunds: Math.round(day.refunds * 100)
			});
		}
		expect(
			[...expected.keys()].filter((day) => !body.days.some((one: { day: string }) => one.day === day))
		).toEqual([]);
	}
	await server.stop();
});
