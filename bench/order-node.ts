const money = (cents: number) => ({ shopMoney: { amount: (cents / 100).toFixed(2) } });
const PRICES = [1295, 450, 3800];

/** The n-th order of a shop with 5,000 buyers and 200 products, as an order node of the Admin API: three lines, no refund. */
export function orderNode(n: number): Record<string, unknown> {
	const at = new Date(Date.UTC(2025, 0, 1) + n * 61_000).toISOString().replace(/\.\d+Z$/, 'Z');
	const total = PRICES.reduce((sum, cents, index) => sum + cents * (index + 1), 0);
	const buyer = (n * 7919) % 5000;
	return {
		id: `gid://shopify/Order/${5_000_000 + n}`,
		name: `#${1000 + n}`,
		createdAt: at,
		processedAt: at,
		updatedAt: at,
		cancelledAt: null,
		test: false,
		taxesIncluded: false,
		email: `buyer${buyer}@example.com`,
		sourceName: 'web',
		displayFinancialStatus: 'PAID',
		displayFulfillmentStatus: 'FULFILLED',
		currencyCode: 'USD',
		presentmentCurrencyCode: 'USD',
		totalPriceSet: {
			...money(total),
			presentmentMoney: { amount: (total / 100).toFixed(2), currencyCode: 'USD' }
		},
		currentTotalPriceSet: money(total),
		totalShippingPriceSet: money(0),
		totalTaxSet: money(0),
		customer: {
			id: `gid://shopify/Customer/${7000 + buyer}`,
			firstName: 'Ada',
			lastName: `Buyer ${buyer}`,
			updatedAt: at,
			defaultEmailAddress: { emailAddress: `buyer${buyer}@example.com` }
		},
		shippingAddress: {
			name: `Ada Buyer ${buyer}`,
			city: 'Portland',
			province: 'Oregon',
			provinceCode: 'OR',
			country: 'United States',
			countryCodeV2: 'US'
		},
		lineItems: {
			nodes: PRICES.map((cents, index) => {
				const product = (n * 7 + index) % 200;
				return {
					id: `gid://shopify/LineItem/${(5_000_000 + n) * 10 + index}`,
					sku: `BENCH-${product}`,
					name: `Bench product ${product}`,
					title: `Bench product ${product}`,
					variantTitle: null,
					vendor: 'Bench',
					quantity: index + 1,
					currentQuantity: index + 1,
					isGiftCard: false,
					variant: { id: `gid://shopify/ProductVariant/${4000 + product}` },
					product: { id: `gid://shopify/Product/${3000 + product}` },
					originalUnitPriceSet: money(cents),
					originalTotalSet: money(cents * (index + 1)),
					discountAllocations: [],
					taxLines: [],
					customAttributes: []
				};
			})
		},
		refunds: []
	};
}
