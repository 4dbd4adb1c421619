/** How a status is said, and whether it is an exception that deserves a tag. Normal states are plain text. */
export interface StatusLook {
	text: string;
	tone: 'none' | 'info' | 'warning' | 'negative' | null;
}

const LOOKS: Record<string, StatusLook> = {
	pending: { text: 'Pending', tone: 'warning' },
	paid: { text: 'Paid', tone: null },
	shipped: { text: 'Shipped', tone: null },
	delivered: { text: 'Delivered', tone: null },
	partially_refunded: { text: 'Partly refunded', tone: 'none' },
	refunded: { text: 'Refunded', tone: 'negative' },
	cancelled: { text: 'Cancelled', tone: 'none' },
	other: { text: 'Other', tone: 'none' }
};

/** The look of an order's status; an unknown one is shown as the channel says it. */
export function statusLook(status: string): StatusLook {
	return LOOKS[status] ?? { text: sentence(status), tone: 'none' };
}

/** Statuses to filter by, in the order of an order's life. */
export const STATUS_CHOICES = Object.entries(LOOKS).map(([value, { text }]) => ({ value, label: text }));

const KINDS: Record<string, string> = {
	refund_only: 'Refund without an order',
	adjustment: 'Adjustment',
	test: 'Test order',
	gift_card: 'Gift card',
	replacement: 'Replacement',
	cancelled: 'Cancelled before payment'
};

/** Why an order counts in no figure; null for sales. */
export function kindText(kind: string): string | null {
	return kind === 'sale' ? null : (KINDS[kind] ?? sentence(kind));
}

/** A channel's word as a sentence: PARTIALLY_FULFILLED is "Partially fulfilled". */
export function sentence(word: string): string {
	const text = word.replaceAll('_', ' ').toLowerCase();
	return text.charAt(0).toUpperCase() + text.slice(1);
}
