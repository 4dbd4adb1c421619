import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderChange } from './order-change.ts';
import { startAmazon } from './testing/client.ts';
import { modelsAtHand, problemsOf, problemsOfFile } from './testing/models.ts';

const US = 'ATVPDKIKX0DER';
const ALL = 'BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT';
const ORDERS = '/orders/2026-01-01/orders';
const FEEDBACK = '/customerFeedback/2024-06-01';

describe.skipIf(!modelsAtHand)('every reply against the official models in ../shared', () => {
	let sim: Awaited<ReturnType<typeof startAmazon>>;
	beforeAll(async () => {
		sim = await startAmazon();
	});
	afterAll(() => sim.stop());

	const valid = (
		model: string,
		path: string,
		method: string,
		reply: { status: number; body: unknown },
		status = 200
	) => {
		expect(reply.status, JSON.stringify(reply.body)).toBe(status);
		expect(problemsOf(model, path, method, status, reply.body)).toEqual([]);
	};
	const asin = () => sim.market().offers[0]!.itemId;
	const sku = () => sim.market().offers.find((offer) => offer.stock)!.sku;

	it('would notice a wrong reply', () => {
		expect(
			problemsOf('orders_2026-01-01', ORDERS, 'get', 200, { orders: [{ orderId: 7 }] }).length
		).toBeGreaterThan(2);
	});

	it('orders, listed and single, and their refusals', async () => {
		const model = 'orders_2026-01-01';
		let next = '';
		const kinds = new Set<string>();
		do {
			const page = await sim.call(`${ORDERS}?createdAfter=2026-09-01T00:00:00Z&includedData=${ALL}${next}`);
			valid(model, ORDERS, 'get', page);
			for (const order of page.body.orders) kinds.add(order.fulfillment.fulfillmentStatus);
			next = page.body.pagination ? `&paginationToken=${page.body.pagination.nextToken}` : '';
		} while (next);
		expect([...kinds]).toEqual(expect.arrayContaining(['SHIPPED', 'CANCELLED']));
		expect([...kinds].some((kind) => kind === 'UNSHIPPED' || kind === 'PENDING')).toBe(true);
		const id = sim.market().orders.at(-1)!.id;
		valid(model, `${ORDERS}/{orderId}`, 'get', await sim.call(`${ORDERS}/${id}?includedData=${ALL}`));
		valid(model, `${ORDERS}/{orderId}`, 'get', await sim.call(`${ORDERS}/111-0000000-0000000`), 404);
		valid(model, ORDERS, 'get', await sim.call(ORDERS), 400);
		valid(
			model,
			ORDERS,
			'get',
			await sim.call(`${ORDERS}?createdAfter=2026-09-01`, { token: 'Atza|none' }),
			403
		);
	});

	it('stock, fees, sales, participations', async () => {
		const stock = `/fba/inventory/v1/summaries?granularityType=Marketplace&granularityId=${US}&marketplaceIds=${US}&details=true`;
		valid('fbaInventory', '/fba/inventory/v1/summaries', 'get', await sim.call(stock));
		const FeesEstimateRequest = { MarketplaceId: US, IsAmazonFulfilled: true, PriceToEstimateFees: { ListingPrice: { CurrencyCode: 'USD', Amount: 32 } }, Identifier: 'x' }; // prettier-ignore
		const fees = (path: string, body: unknown) => sim.call(path, { body });
		valid('productFeesV0', '/products/fees/v0/listings/{SellerSKU}/feesEstimate', 'post', await fees(`/products/fees/v0/listings/${encodeURIComponent(sku())}/feesEstimate`, { FeesEstimateRequest })); // prettier-ignore
		valid('productFeesV0', '/products/fees/v0/items/{Asin}/feesEstimate', 'post', await fees(`/products/fees/v0/items/${asin()}/feesEstimate`, { FeesEstimateRequest })); // prettier-ignore
		const many = await fees('/products/fees/v0/feesEstimate', [{ FeesEstimateRequest, IdType: 'SellerSKU', IdValue: sku() }, { FeesEstimateRequest, IdType: 'ASIN', IdValue: 'B000000000' }]); // prettier-ignore
		valid('productFeesV0', '/products/fees/v0/feesEstimate', 'post', many);
		expect(many.body.map((one: { Status: string }) => one.Status)).toEqual(['Success', 'ClientError']);
		const interval = encodeURIComponent('2026-10-01T00:00:00-07:00--2026-11-01T00:00:00-07:00');
		valid('sales', '/sales/v1/orderMetrics', 'get', await sim.call(`/sales/v1/orderMetrics?marketplaceIds=${US}&interval=${interval}&granularity=Day&granularityTimeZone=America/Los_Angeles`)); // prettier-ignore
		valid('sellers', '/sellers/v1/marketplaceParticipations', 'get', await sim.call('/sellers/v1/marketplaceParticipations')); // prettier-ignore
	});

	it('transactions and balances', async () => {
		const path = '/finances/2024-06-19/transactions';
		let next = '';
		const types = new Set<string>();
		do {
			const page = await sim.call(`${path}?postedAfter=2026-09-20T00:00:00Z${next}`);
			valid('finances_2024-06-19', path, 'get', page);
			for (const one of page.body.payload.transactions)
				types.add(`${one.transactionType} ${one.transactionStatus}`);
			next = page.body.payload.nextToken ? `&nextToken=${page.body.payload.nextToken}` : '';
		} while (next);
		expect([...types]).toEqual(expect.arrayContaining(['Shipment DEFERRED', 'Shipment DEFERRED_RELEASED', 'Refund RELEASED', 'ServiceFee RELEASED'])); // prettier-ignore
		valid('finances_2024-06-19', path, 'get', await sim.call(path), 400);
		valid(
			'finances_2024-06-19',
			'/finances/2024-06-19/balances',
			'get',
			await sim.call('/finances/2024-06-19/balances')
		);
	});

	it('listings, catalogue and feedback', async () => {
		const items = '/listings/2021-08-01/items';
		const included = 'summaries,attributes,issues,offers,fulfillmentAvailability,relationships,productTypes';
		valid('listingsItems_2021-08-01', `${items}/{sellerId}`, 'get', await sim.call(`${items}/${sim.seller.sellerId}?marketplaceIds=${US}&includedData=${included}&pageSize=20`)); // prettier-ignore
		valid('listingsItems_2021-08-01', `${items}/{sellerId}/{sku}`, 'get', await sim.call(`${items}/${sim.seller.sellerId}/${encodeURIComponent(sku())}?marketplaceIds=${US}&includedData=${included}`)); // prettier-ignore
		const all = 'summaries,identifiers,productTypes,classifications,images,relationships,salesRanks';
		valid('catalogItems_2022-04-01', '/catalog/2022-04-01/items/{asin}', 'get', await sim.call(`/catalog/2022-04-01/items/${asin()}?marketplaceIds=${US}&includedData=${all}`)); // prettier-ignore
		valid('catalogItems_2022-04-01', '/catalog/2022-04-01/items', 'get', await sim.call(`/catalog/2022-04-01/items?marketplaceIds=${US}&identifiersType=EAN&identifiers=${sim.market().offers[0]!.gtin}`)); // prettier-ignore
		const model = 'customerFeedback_2024-06-01';
		const ask = (path: string, sort = '') => sim.call(`${FEEDBACK}${path}?marketplaceId=${US}${sort}`);
		valid(model, `${FEEDBACK}/items/{asin}/reviews/topics`, 'get', await ask(`/items/${asin()}/reviews/topics`, '&sortBy=MENTIONS')); // prettier-ignore
		valid(
			model,
			`${FEEDBACK}/items/{asin}/reviews/trends`,
			'get',
			await ask(`/items/${asin()}/reviews/trends`)
		);
		valid(model, `${FEEDBACK}/items/{asin}/reviews/topics`, 'get', await ask('/items/x/reviews/topics', '&sortBy=MENTIONS'), 400); // prettier-ignore
		const none = await ask('/items/B0ZZZZZZZZ/reviews/topics', '&sortBy=MENTIONS');
		expect([none.status, none.body]).toEqual([204, null]);
		const node = await ask(`/items/${asin()}/browseNode`);
		valid(model, `${FEEDBACK}/items/{asin}/browseNode`, 'get', node);
		for (const [about, part] of [['reviews', 'topics'], ['reviews', 'trends'], ['returns', 'topics'], ['returns', 'trends']]) {
			const reply = await ask(`/browseNodes/${node.body.browseNodeId}/${about}/${part}`, '&sortBy=MENTIONS');
			valid(model, `${FEEDBACK}/browseNodes/{browseNodeId}/${about}/${part}`, 'get', reply);
		} // prettier-ignore
	});

	it('reports and what is in them', async () => {
		const model = 'reports_2021-06-30';
		const reports = '/reports/2021-06-30/reports';
		const asked = { reportType: 'GET_SALES_AND_TRAFFIC_REPORT', marketplaceIds: [US], dataStartTime: '2026-11-01', dataEndTime: '2026-11-14', reportOptions: { dateGranularity: 'DAY', asinGranularity: 'SKU' } }; // prettier-ignore
		const made = await sim.call(reports, { body: asked });
		valid(model, reports, 'post', made, 202);
		const one = await sim.call(`${reports}/${made.body.reportId}`);
		valid(model, `${reports}/{reportId}`, 'get', one);
		const found = await sim.call(`/reports/2021-06-30/documents/${one.body.reportDocumentId}`);
		valid(model, '/reports/2021-06-30/documents/{reportDocumentId}', 'get', found);
		const file = await fetch(found.body.url);
		const text = gunzipSync(Buffer.from(await file.arrayBuffer())).toString();
		expect(problemsOfFile('sellerSalesAndTrafficReport.json', JSON.parse(text))).toEqual([]);
		valid(
			model,
			reports,
			'get',
			await sim.call(`${reports}?reportTypes=GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2`)
		);
		valid(model, reports, 'post', await sim.call(reports, { body: { reportType: 'GET_NOTHING', marketplaceIds: [US] } }), 400); // prettier-ignore
	});

	it('destinations, subscriptions, and the notification itself', async () => {
		const token = (await sim.token({ grant_type: 'client_credentials', scope: 'sellingpartnerapi::notifications' })).body.access_token as string; // prettier-ignore
		const model = 'notifications';
		const destinations = '/notifications/v1/destinations';
		const specification = { name: 'orders', resourceSpecification: { sqs: { arn: sim.seller.queue.arn } } };
		const made = await sim.call(destinations, { body: specification, token });
		valid(model, destinations, 'post', made);
		valid(model, destinations, 'get', await sim.call(destinations, { token }));
		const { destinationId } = made.body.payload;
		valid(
			model,
			`${destinations}/{destinationId}`,
			'get',
			await sim.call(`${destinations}/${destinationId}`, { token })
		);
		const subscriptions = '/notifications/v1/subscriptions/ORDER_CHANGE';
		const path = '/notifications/v1/subscriptions/{notificationType}';
		const subscribed = await sim.call(subscriptions, { body: { destinationId, payloadVersion: '1.0' } });
		valid(model, path, 'post', subscribed);
		valid(model, path, 'get', await sim.call(subscriptions));
		const market = sim.market();
		for (const order of market.orders.slice(-60)) {
			const body = orderChange(sim.seller, market, order, Date.now(), subscribed.body.payload.subscriptionId);
			expect(problemsOfFile('OrderChangeNotification.json', body)).toEqual([]);
		}
		valid(model, `${path}/{subscriptionId}`, 'delete', await sim.call(`${subscriptions}/${subscribed.body.payload.subscriptionId}`, { method: 'DELETE', token })); // prettier-ignore
	});
});
