/** Where each kind's ids start, so that they look like Shopify's and kinds cannot be mistaken for each other. */
const STARTS: Record<string, number> = {
	Shop: 68_100_000_000,
	App: 84_000_000_000,
	AppInstallation: 512_000_000_000,
	Order: 5_610_000_000_000,
	LineItem: 14_200_000_000_000,
	Refund: 920_000_000_000,
	RefundLineItem: 640_000_000_000,
	RefundShippingLine: 41_000_000_000,
	OrderAdjustment: 310_000_000_000,
	OrderTransaction: 7_100_000_000_000,
	ShippingLine: 4_700_000_000_000,
	Customer: 7_300_000_000_000,
	MailingAddress: 9_400_000_000_000,
	Product: 8_200_000_000_000,
	ProductVariant: 45_100_000_000_000,
	InventoryItem: 47_200_000_000_000,
	InventoryLevel: 112_000_000_000,
	Location: 79_300_000_000,
	BulkOperation: 5_900_000_000_000,
	WebhookSubscription: 1_690_000_000_000,
	ShopifyPaymentsAccount: 31_000_000_000,
	ShopifyPaymentsBalanceTransaction: 3_300_000_000_000,
	ShopifyPaymentsPayout: 96_000_000_000,
	TransactionFee: 2_200_000_000_000
};

export type Kind = keyof typeof STARTS & string;

/** The number a webhook body carries for the n-th object of a kind. */
export function numericId(kind: Kind, n: number): number {
	return STARTS[kind]! + n;
}

/** The global id a GraphQL reply carries for the n-th object of a kind. */
export function gid(kind: Kind, n: number): string {
	return `gid://shopify/${kind}/${STARTS[kind]! + n}`;
}

/** The kind and number behind a global id, or null when it is none of ours. */
export function parseGid(id: string): { kind: string; n: number } | null {
	const match = /^gid:\/\/shopify\/(\w+)\/(\d+)(?:\?.*)?$/.exec(id);
	const start = match && STARTS[match[1]!];
	return match && start !== undefined && start !== null
		? { kind: match[1]!, n: Number(match[2]) - start }
		: null;
}
