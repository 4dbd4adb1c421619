import { expect, test } from 'vitest';
import { decideKind } from './kind.ts';

type Given = Parameters<typeof decideKind>[0];
const sold = { quantity: 1, isGiftCard: false };
const nothing = { quantity: 0, isGiftCard: false };
const card = { quantity: 1, isGiftCard: true };
const refund = (amount: string, total: string | null = amount) => ({ total, lines: [{ amount }] });
const at = '2026-11-20T10:00:00.000Z';

const cases: [string, Partial<Given>, ReturnType<typeof decideKind>][] = [
	['a paid order', {}, 'sale'],
	['a test order, whatever else', { isTest: true, cancelledAt: at, lines: [card] }, 'test'],
	['a free replacement (F34)', { isReplacement: true }, 'replacement'],
	['a C invoice: refunds and nothing sold', { lines: [nothing], refunds: [refund('5')] }, 'refund_only'],
	['an adjustment: nothing sold, nothing refunded', { lines: [nothing, nothing] }, 'adjustment'],
	['an order without lines', { lines: [] }, 'adjustment'],
	['gift cards only', { lines: [card, card, nothing] }, 'gift_card'],
	['a gift card beside goods', { lines: [card, sold] }, 'sale'],
	['cancelled and voided', { cancelledAt: at, financialStatus: 'VOIDED' }, 'cancelled'],
	['cancelled while pending, in any writing', { cancelledAt: at, financialStatus: 'Pending' }, 'cancelled'],
	[
		'cancelled before capture, lines taken out',
		{ cancelledAt: at, financialStatus: 'voided', lines: [nothing] },
		'cancelled'
	],
	['cancelled after payment', { cancelledAt: at, financialStatus: 'PAID' }, 'sale'],
	[
		'cancelled and refunded',
		{ cancelledAt: at, financialStatus: 'REFUNDED', refunds: [refund('10')] },
		'sale'
	],
	[
		'voided in part: money went back',
		{ cancelledAt: at, financialStatus: 'VOIDED', refunds: [refund('10')] },
		'sale'
	],
	[
		'voided with a refund of nothing',
		{ cancelledAt: at, financialStatus: 'VOIDED', refunds: [refund('10', '0')] },
		'cancelled'
	],
	['cancelled at a channel without payment words', { cancelledAt: at, financialStatus: null }, 'cancelled'],
	['the same, refunded', { cancelledAt: at, financialStatus: null, refunds: [refund('10', null)] }, 'sale'],
	['a word nobody knows', { cancelledAt: at, financialStatus: 'SOMETHING_NEW' }, 'sale']
];

test.each(cases)('%s', (_name, given, kind) => {
	expect(
		decideKind({
			isTest: false,
			isReplacement: false,
			cancelledAt: null,
			financialStatus: 'PAID',
			lines: [sold],
			refunds: [],
			...given
		})
	).toBe(kind);
});
