import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator } from '../testing/start.ts';
import { parse } from 'graphql';
import { requestedCost } from './cost.ts';
import { signQuery } from './oauth.ts';
import { adminSchema } from './schema.ts';

let server: Awaited<ReturnType<typeof startSimulator>>;
beforeAll(async () => {
	server = await startSimulator();
});
afterAll(() => server.stop());

interface Node {
	id: string;
	updatedAt: string;
}

describe('queries', () => {
	it('pages through all orders once, in the order asked for', async () => {
		const seen: Node[] = [];
		let after: string | null = null;
		do {
			server.tenant.bucket.giveBack(2000, Date.now());
			const { body } = await server.graphql(
				'query($after: String) { orders(first: 200, after: $after, sortKey: UPDATED_AT) { pageInfo { hasNextPage endCursor } nodes { id updatedAt } } }',
				{ after }
			);
			seen.push(...body.data.orders.nodes);
			after = body.data.orders.pageInfo.hasNextPage ? body.data.orders.pageInfo.endCursor : null;
		} while (after);
		expect(new Set(seen.map((node) => node.id)).size).toBe(server.tenant.shop.orders.length);
		expect(seen.map((n) => n.updatedAt)).toEqual(seen.map((n) => n.updatedAt).sort());
	});

	it('pages backwards too', async () => {
		const query = 'query($after: String) { orders(first: 2, after: $after, reverse: true, sortKey: CREATED_AT) { pageInfo { hasPreviousPage endCursor } nodes { id } } }'; // prettier-ignore
		const first = (await server.graphql(query)).body.data.orders;
		const second = (await server.graphql(query, { after: first.pageInfo.endCursor })).body.data.orders;
		const newest = server.tenant.shop.orders.slice(-4).reverse();
		const numbers = [...first.nodes, ...second.nodes].map((node: Node) => Number(node.id.slice(-6)));
		expect(numbers).toEqual(newest.map((order) => order.n));
		expect([first.pageInfo.hasPreviousPage, second.pageInfo.hasPreviousPage]).toEqual([false, true]);
	});

	it('searches by window, and warns of fields it cannot search by', async () => {
		const { orders } = server.tenant.shop;
		const from = Date.UTC(2026, 10, 1);
		const until = Date.UTC(2026, 10, 8);
		const query = "updated_at:>='2026-11-01T00:00:00Z' AND updated_at:<'2026-11-08T00:00:00Z' AND colour:red";
		const { body } = await server.graphql('query($q: String) { ordersCount(query: $q, limit: null) { count precision } orders(first: 1, query: $q) { nodes { id } } }', { q: query }); // prettier-ignore
		const expected = orders.filter((order) => order.updatedAt >= from && order.updatedAt < until).length;
		expect(body.data.ordersCount).toEqual({ count: expected, precision: 'EXACT' });
		expect(body.extensions.search[0].warnings[0].field).toBe('colour');
	});

	it('follows the lines of a long order page by page', async () => {
		await server.control({ action: 'order', lineCount: 180 });
		const id = `gid://shopify/Order/${5_610_000_000_000 + server.tenant.shop.orders.length}`;
		const query = 'query($id: ID!, $after: String) { order(id: $id) { totalPriceSet { shopMoney { amount } } lineItems(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { id } } } }'; // prettier-ignore
		const first = (await server.graphql(query, { id })).body.data.order;
		expect(first.lineItems.pageInfo.hasNextPage).toBe(true);
		const second = (await server.graphql(query, { id, after: first.lineItems.pageInfo.endCursor })).body.data
			.order;
		expect([first.lineItems.nodes.length, second.lineItems.nodes.length]).toEqual([100, 80]);
		expect(second.lineItems.pageInfo.hasNextPage).toBe(false);
	});

	it.each([
		['{ orders { nodes { id } } }', /must provide one of first or last/],
		['{ orders(first: 251) { nodes { id } } }', /between 0 and 250/],
		['{ orders(first: 1, after: "rubbish") { nodes { id } } }', /Invalid cursor/],
		['{ order(id: "7") { id } }', /Invalid global id/],
		['{ orders(first: 1) { nodes { colour } } }', /Cannot query field "colour"/],
		['{ orders(first: 1', /Syntax Error/]
	])('answers %s with an error in a reply of status 200', async (query, message) => {
		const { status, body } = await server.graphql(query);
		expect(status).toBe(200);
		expect(body.errors[0].message).toMatch(message);
	});

	it('answers nothing for ids that are not there', async () => {
		const { body } = await server.graphql('{ order(id: "gid://shopify/Order/1") { id } node(id: "gid://shopify/Product/8200000000001") { id ... on Product { title } } }'); // prettier-ignore
		expect(body.data.order).toBeNull();
		expect(body.data.node.title).toBe('Trail bottle 750 ml, slate');
	});
});

describe('cost and throttling', () => {
	const cost = (query: string, variables = {}) => requestedCost(adminSchema(), parse(query), null, variables);

	it.each([
		['{ shop { name } }', 1],
		['{ shop { plan { publicDisplayName } } }', 2],
		['{ orders(first: 10) { nodes { id } pageInfo { hasNextPage } } }', 12],
		['{ orders(first: 10) { edges { cursor node { id } } } }', 12],
		[
			'{ orders(first: 10) { nodes { id customer { id } lineItems(first: 5) { nodes { id } } } } }',
			2 + 10 * (2 + 7)
		],
		['{ node(id: "gid://shopify/Order/1") { id ... on Order { customer { id } } ... on Product { id } } }', 2]
	])('%s asks for the documented points', (query, points) => {
		expect(cost(query)).toBe(points);
	});

	it('sizes connections by variables', () => {
		expect(cost('query($n: Int!) { orders(first: $n) { nodes { id } } }', { n: 50 })).toBe(52);
	});

	it('refuses a query over the cap, throttles an empty bucket, and gives back what was not used', async () => {
		const small = await startSimulator('--bucket', '300');
		const query =
			'query($n: Int!) { orders(first: $n, query: "name:none") { nodes { id customer { id } } } }';
		const big = await small.graphql(query, { n: 250 });
		expect(big.body.errors?.[0].extensions.code ?? 'THROTTLED').toBe('THROTTLED');
		const huge = await small.graphql(
			'{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { id } } } } }'
		);
		expect(huge.body.errors[0].extensions.code).toBe('MAX_COST_EXCEEDED');
		const first = await small.graphql(query, { n: 100 });
		expect(first.body.extensions.cost).toMatchObject({ requestedQueryCost: 202, actualQueryCost: 1 });
		expect(first.body.extensions.cost.throttleStatus.currentlyAvailable).toBeGreaterThan(250);
		small.tenant.bucket.empty(Date.now());
		const throttled = await small.graphql(query, { n: 100 });
		expect(throttled.status).toBe(200);
		expect(throttled.body).toMatchObject({
			errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }]
		});
		expect(throttled.body.data).toBeUndefined();
		await small.stop();
	});
});

describe('access', () => {
	it('answers 401 to a wrong token and 404 to an unknown shop or version', async () => {
		const wrong = await server.graphql('{ shop { id } }', {}, 'shpat_wrong');
		expect([wrong.status, wrong.body.errors]).toEqual([401, '[API] Invalid API key or access token (unrecognized login or wrong password)']); // prettier-ignore
		const token = { 'X-Shopify-Access-Token': server.tenant.legacyToken };
		const shop = { ...token, 'X-Shopify-Shop-Domain': 'other.myshopify.com' };
		expect((await server.call('/admin/api/2026-07/graphql.json', {}, shop)).status).toBe(404);
		expect((await server.call('/admin/api/banana/graphql.json', {}, token)).status).toBe(404);
	});

	it('says the version it answered with, and falls forward from one that is too old', async () => {
		const headers = { 'X-Shopify-Access-Token': server.tenant.legacyToken };
		const served = async (version: string) => {
			const reply = await server.call(
				`/admin/api/${version}/graphql.json`,
				{ query: '{ shop { id } }' },
				headers
			);
			return reply.headers.get('x-shopify-api-version');
		};
		expect([await served('2026-07'), await served('2024-01')]).toEqual(['2026-07', '2025-10']);
	});

	const client = () => ({
		client_id: server.simulator.app.clientId,
		client_secret: server.simulator.app.clientSecret
	});

	it('gives a token for client credentials that works', async () => {
		const { status, body } = await server.call('/admin/oauth/access_token', { ...client(), grant_type: 'client_credentials' }); // prettier-ignore
		expect([status, body.expires_in]).toEqual([200, 86_399]);
		expect((await server.graphql('{ shop { id } }', {}, body.access_token)).status).toBe(200);
	});

	it.each([
		[{ client_secret: 'wrong' }, 'invalid_client'],
		[{ client_id: 'wrong' }, 'application_cannot_be_found'],
		[{ grant_type: 'password' }, 'unsupported_grant_type'],
		[{ grant_type: 'refresh_token', refresh_token: 'x' }, 'invalid_grant']
	])('refuses %o', async (change, error) => {
		const { status, body } = await server.call('/admin/oauth/access_token', { ...client(), grant_type: 'client_credentials', ...change }); // prettier-ignore
		expect([status, body.error]).toEqual([400, error]);
	});

	it('sends the browser back with a signed code that works once, then rotates refresh tokens', async () => {
		const back = 'http://127.0.0.1:3000/callback';
		const query = new URLSearchParams({
			client_id: client().client_id,
			redirect_uri: back,
			state: 's',
			scope: 'x'
		});
		const reply = await server.call(`/admin/oauth/authorize?${query}`);
		const location = new URL(reply.headers.get('location')!);
		expect(reply.status).toBe(302);
		expect(location.searchParams.get('state')).toBe('s');
		const hmac = location.searchParams.get('hmac');
		expect(hmac).toBe(signQuery(location.searchParams, client().client_secret));
		const plain = [...location.searchParams].filter(([name]) => name !== 'hmac').map(([k, v]) => `${k}=${v}`).sort(); // prettier-ignore
		expect(hmac).toBe(createHmac('sha256', client().client_secret).update(plain.join('&')).digest('hex'));

		const exchange = { ...client(), code: location.searchParams.get('code'), expiring: 1 };
		const first = await server.call('/admin/oauth/access_token', exchange);
		expect(first.body).toMatchObject({ expires_in: 3600 });
		expect((await server.call('/admin/oauth/access_token', exchange)).status).toBe(400);
		const refresh = { ...client(), grant_type: 'refresh_token', refresh_token: first.body.refresh_token };
		const second = await server.call('/admin/oauth/access_token', refresh);
		expect(second.body.refresh_token).not.toBe(first.body.refresh_token);
		expect((await server.call('/admin/oauth/access_token', refresh)).body.error).toBe('invalid_grant');
	});

	it('keeps several shops apart', async () => {
		const many = await startSimulator('--shops', '2');
		const [one, two] = many.simulator.tenants;
		const name = (await many.graphql('{ shop { myshopifyDomain } }', {}, two!.legacyToken)).body;
		expect(name.data.shop.myshopifyDomain).toBe('shop-2.myshopify.com');
		const crossed = { 'X-Shopify-Access-Token': two!.legacyToken, 'X-Shopify-Shop-Domain': one!.shop.domain };
		expect((await many.call('/admin/api/2026-07/graphql.json', {}, crossed)).status).toBe(401);
		const grant = { client_id: many.simulator.app.clientId, client_secret: many.simulator.app.clientSecret, grant_type: 'client_credentials' }; // prettier-ignore
		expect((await many.call('/admin/oauth/access_token', grant)).status).toBe(404);
		const named = await many.call('/shop-2.myshopify.com/admin/oauth/access_token', grant);
		expect(named.status).toBe(200);
		await many.stop();
	});
});
