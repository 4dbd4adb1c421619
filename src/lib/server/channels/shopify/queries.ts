const money = '{ shopMoney { amount } }';

const order = `id name createdAt processedAt updatedAt cancelledAt test taxesIncluded email sourceName
	displayFinancialStatus displayFulfillmentStatus currencyCode presentmentCurrencyCode
	totalPriceSet { shopMoney { amount } presentmentMoney { amount currencyCode } }
	currentTotalPriceSet ${money} totalShippingPriceSet ${money} totalTaxSet ${money}
	customer { id firstName lastName updatedAt defaultEmailAddress { emailAddress } }
	shippingAddress { name city province provinceCode country countryCodeV2 }`;

const line = `id sku name title variantTitle vendor quantity currentQuantity isGiftCard variant { id } product { id }
	originalUnitPriceSet ${money} originalTotalSet ${money}
	discountAllocations { allocatedAmountSet ${money} } taxLines { priceSet ${money} } customAttributes { key value }`;

const refund = `id createdAt processedAt totalRefundedSet ${money}`;
const page = 'pageInfo { hasNextPage endCursor }';

const refundItem = `id quantity restockType subtotalSet ${money} totalTaxSet ${money} lineItem { id }`;
const refundShipping = `id subtotalAmountSet ${money} taxAmountSet ${money}`;
const refundAdjustment = `id amountSet ${money} taxAmountSet ${money}`;

const customer =
	'id firstName lastName updatedAt defaultEmailAddress { emailAddress } defaultAddress { countryCodeV2 }';
const variant = `id sku title price barcode updatedAt inventoryItem { id tracked unitCost { amount currencyCode } }`;
const product = 'id title productType vendor status updatedAt';
const levels =
	'id updatedAt location { id } quantities(names: ["available", "on_hand", "committed", "incoming", "reserved"]) { name quantity }';

export const SHOP = `query Shop {
	shop { id name myshopifyDomain ianaTimezone currencyCode taxesIncluded plan { publicDisplayName shopifyPlus } }
	currentAppInstallation { id accessScopes { handle } }
}`;

export const LOCATIONS = `query Locations($first: Int!, $after: String) {
	locations(first: $first, after: $after, includeInactive: true, includeLegacy: true) {
		${page} nodes { id name isActive address { countryCode } }
	}
}`;

export const COUNTS = `query Counts { ordersCount(limit: null) { count precision } productVariantsCount(limit: null) { count } customersCount(limit: null) { count } }`;

export const ORDERS_PAGE = `query OrdersPage($first: Int!, $lines: Int!, $after: String, $query: String) {
	orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
		${page} nodes { ${order} lineItems(first: $lines) { ${page} nodes { ${line} } } refunds { ${refund} } }
	}
}`;

export const ORDERS_BY_ID = `query OrdersById($ids: [ID!]!, $lines: Int!) {
	nodes(ids: $ids) { ... on Order { ${order} lineItems(first: $lines) { ${page} nodes { ${line} } } refunds { ${refund} } } }
}`;

export const ORDER_LINES = `query OrderLines($id: ID!, $first: Int!, $after: String) {
	order(id: $id) { id lineItems(first: $first, after: $after) { ${page} nodes { ${line} } } }
}`;

export const REFUNDS_OF_ORDERS = `query RefundsOfOrders($ids: [ID!]!, $items: Int!) {
	nodes(ids: $ids) { ... on Order { id refunds { ${refund}
		refundLineItems(first: $items) { ${page} nodes { ${refundItem} } }
		refundShippingLines(first: 5) { nodes { ${refundShipping} } }
		orderAdjustments(first: 5) { nodes { ${refundAdjustment} } }
	} } }
}`;

export const REFUND_ITEMS = `query RefundItems($id: ID!, $first: Int!, $after: String) {
	node(id: $id) { ... on Refund { id refundLineItems(first: $first, after: $after) { ${page} nodes { ${refundItem} } } } }
}`;

export const PRODUCTS_PAGE = `query ProductsPage($first: Int!, $variants: Int!, $after: String, $query: String) {
	products(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
		${page} nodes { ${product} variants(first: $variants) { ${page} nodes { ${variant} } } }
	}
}`;

export const PRODUCT_VARIANTS = `query ProductVariants($id: ID!, $first: Int!, $after: String) {
	product(id: $id) { id variants(first: $first, after: $after) { ${page} nodes { ${variant} } } }
}`;

export const CUSTOMERS_PAGE = `query CustomersPage($first: Int!, $after: String, $query: String) {
	customers(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) { ${page} nodes { ${customer} } }
}`;

export const INVENTORY_PAGE = `query InventoryPage($first: Int!, $levels: Int!, $after: String, $query: String) {
	inventoryItems(first: $first, after: $after, query: $query) {
		${page} nodes { id sku tracked updatedAt inventoryLevels(first: $levels) { ${page} nodes { ${levels} } } }
	}
}`;

export const INVENTORY_LEVELS = `query InventoryLevels($id: ID!, $first: Int!, $after: String) {
	inventoryItem(id: $id) { id inventoryLevels(first: $first, after: $after) { ${page} nodes { ${levels} } } }
}`;

const amount = '{ amount currencyCode }';

export const PAYMENTS_ACCOUNT = `query PaymentsAccount { shopifyPaymentsAccount { id activated defaultCurrency } }`;

export const BALANCE_TRANSACTIONS_PAGE = `query BalanceTransactionsPage($first: Int!, $after: String, $query: String) {
	shopifyPaymentsAccount { id balanceTransactions(first: $first, after: $after, query: $query) {
		${page} nodes { id type test transactionDate sourceType adjustmentReason amount ${amount} fee ${amount} net ${amount}
			associatedOrder { id } associatedPayout { id status } }
	} }
}`;

export const PAYOUTS_PAGE = `query PayoutsPage($first: Int!, $after: String, $query: String) {
	shopifyPaymentsAccount { id payouts(first: $first, after: $after, query: $query) {
		${page} nodes { id status issuedAt transactionType net ${amount} }
	} }
}`;

export const BULK_RUN = `mutation BulkRun($query: String!) {
	bulkOperationRunQuery(query: $query, groupObjects: false) { bulkOperation { id status } userErrors { field message code } }
}`;

export const BULK_GET = `query BulkGet($id: ID!) {
	bulkOperation(id: $id) { id status errorCode objectCount rootObjectCount fileSize url partialDataUrl }
}`;

export const BULK_CANCEL = `mutation BulkCancel($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { id status } userErrors { message } } }`;

/** What bulk operations run: no connection inside a list (refund lines), which Shopify refuses; they are fetched afterwards. */
export const BULK_ORDERS = `{ orders { edges { node { ${order} refunds { ${refund} } lineItems { edges { node { ${line} } } } } } } }`;
export const BULK_PRODUCTS = `{ products { edges { node { ${product} variants { edges { node { ${variant} } } } } } } }`;
export const BULK_CUSTOMERS = `{ customers { edges { node { ${customer} } } } }`;
export const BULK_INVENTORY = `{ inventoryItems { edges { node { id sku tracked updatedAt inventoryLevels { edges { node { ${levels} } } } } } } }`;

export const WEBHOOKS_PAGE = `query Webhooks($first: Int!, $after: String) {
	webhookSubscriptions(first: $first, after: $after) { ${page} nodes { id topic uri } }
}`;

export const WEBHOOK_CREATE = `mutation WebhookCreate($topic: WebhookSubscriptionTopic!, $webhookSubscription: WebhookSubscriptionInput!) {
	webhookSubscriptionCreate(topic: $topic, webhookSubscription: $webhookSubscription) { webhookSubscription { id } userErrors { field message } }
}`;

export const WEBHOOK_DELETE = `mutation WebhookDelete($id: ID!) {
	webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { field message } }
}`;
