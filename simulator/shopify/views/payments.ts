import type { Shop } from '../../world/model.ts';
import { movementsOf, type Movement } from '../../world/payments.ts';
import { isoUtc } from '../../world/time.ts';
import { Connection, type PageArgs } from '../connection.ts';
import { gid, numericId } from '../ids.ts';
import { compileSearch, type Field } from '../search.ts';
import { moneyOf } from './money.ts';

interface Payout {
	n: number;
	at: number;
	charges: number;
	refunds: number;
	fees: number;
}

const kept = new WeakMap<Shop, { revision: number; movements: Movement[]; payouts: Payout[] }>();

/** Movements and payouts of the account; made anew when an order changed. */
function accountOf(shop: Shop) {
	const known = kept.get(shop);
	if (known?.revision === shop.revision) return known;
	const movements = movementsOf(shop);
	const days = new Map<number, Payout>();
	for (const { payoutAt, amount, fee } of movements) {
		let payout = days.get(payoutAt);
		if (!payout) days.set(payoutAt, (payout = { n: payoutAt / 86_400_000, at: payoutAt, charges: 0, refunds: 0, fees: 0 })); // prettier-ignore
		if (amount > 0) payout.charges += amount;
		else payout.refunds += amount;
		payout.fees += fee;
	}
	const made = { revision: shop.revision, movements, payouts: [...days.values()].sort((a, b) => a.n - b.n) };
	kept.set(shop, made);
	return made;
}

const MOVEMENT_FIELDS: Record<string, Field<Movement>> = {
	id: { kind: 'number', read: (m) => numericId('ShopifyPaymentsBalanceTransaction', m.n) },
	processed_at: { kind: 'time', read: (m) => m.at },
	payout_date: { kind: 'time', read: (m) => m.payoutAt },
	transaction_type: { kind: 'text', read: (m) => m.kind }
};
const PAYOUT_FIELDS: Record<string, Field<Payout>> = {
	id: { kind: 'number', read: (p) => numericId('ShopifyPaymentsPayout', p.n) },
	issued_at: { kind: 'time', read: (p) => p.at }
};

type ListArgs = PageArgs & { query?: string | null };

/** The account of the payment provider: every charge and refund with its fee, and what was paid out day by day. */
export function paymentsAccount(shop: Shop, now: () => number) {
	const { currency, zone } = shop;
	const money = (cents: number) => moneyOf(cents, currency);
	return {
		__typename: 'ShopifyPaymentsAccount',
		id: gid('ShopifyPaymentsAccount', shop.n),
		activated: true,
		country: 'US',
		defaultCurrency: currency,
		onboardable: false,
		get balance() {
			const open = accountOf(shop).movements.filter(({ payoutAt }) => payoutAt > now());
			return [money(open.reduce((sum, { amount, fee }) => sum + amount - fee, 0))];
		},
		balanceTransactions: (args: ListArgs) => {
			const { matches } = compileSearch(args.query, MOVEMENT_FIELDS, (m) => m.order.name, zone);
			const { movements } = accountOf(shop);
			const rows = args.query ? movements.filter(matches) : movements;
			return new Connection({ rows, position: (m) => m.at }, args, (movement) =>
				movementView(movement, money, now())
			);
		},
		payouts: (args: ListArgs) => {
			const { matches } = compileSearch(args.query, PAYOUT_FIELDS, () => '', zone);
			const rows = accountOf(shop).payouts.filter(matches);
			return new Connection({ rows, position: (p) => p.at }, args, (payout) =>
				payoutView(payout, money, now())
			);
		}
	};
}

type ToMoney = (cents: number) => ReturnType<typeof moneyOf>;

function movementView({ n, kind, order, at, amount, fee, payoutAt }: Movement, money: ToMoney, now: number) {
	const payout = Math.floor(payoutAt / 86_400_000);
	return {
		__typename: 'ShopifyPaymentsBalanceTransaction',
		id: gid('ShopifyPaymentsBalanceTransaction', n),
		type: kind,
		test: false,
		amount: money(amount),
		fee: money(fee),
		net: money(amount - fee),
		sourceId: String(numericId('OrderTransaction', n)),
		sourceOrderTransactionId: String(numericId('OrderTransaction', n)),
		sourceType: kind,
		transactionDate: isoUtc(at),
		associatedOrder: { id: gid('Order', order.n), name: order.name },
		associatedPayout: {
			id: gid('ShopifyPaymentsPayout', payout),
			status: payoutAt <= now ? 'PAID' : 'SCHEDULED'
		},
		adjustmentReason: null
	};
}

function payoutView({ n, at, charges, refunds, fees }: Payout, money: ToMoney, now: number) {
	return {
		__typename: 'ShopifyPaymentsPayout',
		id: gid('ShopifyPaymentsPayout', n),
		legacyResourceId: String(numericId('ShopifyPaymentsPayout', n)),
		issuedAt: isoUtc(at),
		net: money(charges + refunds - fees),
		status: at <= now ? 'PAID' : 'SCHEDULED',
		transactionType: charges + refunds - fees >= 0 ? 'DEPOSIT' : 'WITHDRAWAL',
		summary: {
			chargesGross: money(charges),
			chargesFee: money(fees),
			refundsFeeGross: money(refunds),
			refundsFee: money(0),
			adjustmentsGross: money(0),
			adjustmentsFee: money(0)
		}
	};
}
