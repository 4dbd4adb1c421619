import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator } from '../../testing/start.ts';

const ORDERS = '{ orders { edges { node { id name totalPriceSet { shopMoney { amount } } customer { id } lineItems { nodes { id quantity title } } } } } }'; // prettier-ignore

let server: Awaited<ReturnType<typeof startSimulator>>;
beforeAll(async () => {
	server = await startSimulator();
});
afterAll(() => server.stop());

async function linesAt(url: string): Promise<string[]> {
	return (await (await fetch(url)).text()).split('\n').slice(0, -1);
}

interface Line {
	id: string;
	__parentId?: string;
	quantity?: number;
}

describe('bulk queries', () => {
	it('writes every order and line, with the counts and size it states', async () => {
		const { operation } = await server.bulk(ORDERS);
		expect(operation.status).toBe('COMPLETED');
		const text = await (await fetch(operation.url)).text();
		expect(Buffer.byteLength(text)).toBe(Number(operation.fileSize));
		const rows = (await linesAt(operation.url)).map((line) => JSON.parse(line) as Line);
		const { orders } = server.tenant.shop;
		expect(rows.length).toBe(Number(operation.objectCount));
		expect(rows.filter((row) => !row.__parentId).length).toBe(orders.length);
		expect(Number(operation.rootObjectCount)).toBe(orders.length);
		const ids = new Set(rows.map((row) => row.id));
		expect(ids.size).toBe(rows.length);
		for (const row of rows) if (row.__parentId) expect(ids.has(row.__parentId)).toBe(true);
	});

	it('says the same as the paged query', async () => {
		const bulk = await server.bulk('{ orders(query: "name:#1010") { nodes { id name email shippingAddress { countryCodeV2 city } taxLines { title priceSet { shopMoney { amount } } } refunds { id } discountCodes } } }'); // prettier-ignore
		const [line] = await linesAt(bulk.operation.url);
		const paged = await server.graphql('{ orders(first: 1, query: "name:#1010") { nodes { id name email shippingAddress { countryCodeV2 city } taxLines { title priceSet { shopMoney { amount } } } refunds { id } discountCodes } } }'); // prettier-ignore
		expect(JSON.parse(line!)).toEqual(paged.body.data.orders.nodes[0]);
	});

	it('has no file when nothing matches', async () => {
		const { operation } = await server.bulk('{ orders(query: "name:none") { nodes { id } } }');
		expect(operation).toMatchObject({ status: 'COMPLETED', objectCount: '0', url: null });
	});

	it.each([
		['{ orders { nodes { id refunds { refundLineItems { nodes { quantity } } } } } }', /connection field within a list field/], // prettier-ignore
		['{ shop { name } }', /at least one connection/],
		['{ customers { nodes { id orders { nodes { id lineItems { nodes { id } } } } } } }', /nesting depth/],
		['{ orders { nodes { name lineItems { nodes { id } } } } }', /must select the 'id' field/],
		['{ orders { nodes { colour } } }', /Cannot query field "colour"/],
		['{ orders {', /Syntax Error/],
		[
			`{ ${['a', 'b', 'c', 'd', 'e', 'f'].map((alias) => `${alias}: orders { nodes { id } }`).join(' ')} }`,
			/more than 5 connections/
		]
	])('refuses %s', async (query, message) => {
		const { errors } = await server.bulk(query);
		expect(errors[0]).toMatchObject({ code: 'INVALID' });
		expect(errors[0].message).toMatch(message);
	});

	it('runs five at once and no more', async () => {
		const slow = await startSimulator('--bulk-delay', '300');
		const run = 'mutation($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { status } userErrors { code } } }'; // prettier-ignore
		const results = [];
		for (let i = 0; i < 6; i++) {
			results.push((await slow.graphql(run, { q: ORDERS })).body.data.bulkOperationRunQuery);
		}
		expect(results.map((result) => result.bulkOperation?.status ?? result.userErrors[0].code)).toEqual([
			...Array<string>(5).fill('CREATED'),
			'LIMIT_REACHED'
		]);
		await slow.stop();
	});

	it('plays F24: failed with partial data, then scattered with blank lines, then expired', async () => {
		const faulty = await startSimulator('--fault', 'F24');
		const failed = (await faulty.bulk(ORDERS)).operation;
		expect(failed).toMatchObject({ status: 'FAILED', errorCode: 'INTERNAL_SERVER_ERROR', url: null });
		expect((await linesAt(failed.partialDataUrl)).length).toBeGreaterThan(10);
		const scattered = (await faulty.bulk(ORDERS)).operation;
		const lines = await linesAt(scattered.url);
		expect(lines.filter((line) => line === '').length).toBeGreaterThan(0);
		const rows = lines.filter(Boolean).map((line) => JSON.parse(line) as Line);
		expect(rows.length).toBe(Number(scattered.objectCount));
		expect(rows[1]!.__parentId).toBeUndefined();
		const expired = (await faulty.bulk(ORDERS)).operation;
		expect(expired).toMatchObject({ status: 'EXPIRED', url: null, partialDataUrl: null });
		await faulty.stop();
	});
});
