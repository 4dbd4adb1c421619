import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseOptions } from '../options.ts';
import { createServer } from '../server.ts';
import { createSimulator } from '../simulator.ts';

export const NOW = '2026-11-22T16:00:00Z';

/** A small simulator on a free port, in this process, with ways to talk to it. */
export async function startSimulator(...args: string[]) {
	const small = ['--now', NOW, '--months', '2', '--products', '60', '--orders-per-day', '12', '--rate', '0', '--bulk-delay', '0']; // prettier-ignore
	const options = parseOptions([...small, ...args])!;
	const simulator = await createSimulator(options);
	const server = createServer(simulator);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	simulator.baseUrl = url;
	simulator.start();
	const tenant = simulator.tenants[0]!;

	async function call(path: string, body?: unknown, headers: Record<string, string> = {}) {
		const response = await fetch(url + path, {
			method: body === undefined ? 'GET' : 'POST',
			headers: { 'Content-Type': 'application/json', ...headers },
			body: body === undefined ? undefined : JSON.stringify(body),
			redirect: 'manual'
		});
		const text = await response.text();
		let json: unknown = null;
		if (text !== '') json = JSON.parse(text);
		// Replies are free-form JSON here: each test says what it expects of them.
		// eslint-disable-next-line @typescript-eslint/no-explicit-any
		return { status: response.status, headers: response.headers, body: json as any };
	}

	return {
		url,
		simulator,
		tenant,
		call,
		async graphql(query: string, variables: Record<string, unknown> = {}, token = tenant.legacyToken) {
			const path = '/admin/api/2026-07/graphql.json';
			return call(path, { query, variables }, { 'X-Shopify-Access-Token': token });
		},
		control: async (body: Record<string, unknown>) => (await call('/__control', body)).body,
		async bulk(query: string) {
			const run = await call(
				'/admin/api/2026-07/graphql.json',
				{
					query:
						'mutation($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { id status } userErrors { message code } } }',
					variables: { q: query }
				},
				{ 'X-Shopify-Access-Token': tenant.legacyToken }
			);
			const { bulkOperation, userErrors } = run.body.data.bulkOperationRunQuery;
			if (!bulkOperation) return { errors: userErrors };
			for (;;) {
				const operation = tenant.bulkOperations.at(-1)!;
				if (operation.completedAt > 0) break;
				await new Promise((resolve) => setTimeout(resolve, 10));
			}
			const view = await call(
				'/admin/api/2026-07/graphql.json',
				{
					query:
						'query($id: ID!) { bulkOperation(id: $id) { status errorCode objectCount rootObjectCount fileSize url partialDataUrl } }',
					variables: { id: bulkOperation.id }
				},
				{ 'X-Shopify-Access-Token': tenant.legacyToken }
			);
			return { operation: view.body.data.bulkOperation };
		},
		async stop() {
			simulator.stop();
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		}
	};
}

export interface Received {
	topic: string;
	headers: http.IncomingHttpHeaders;
	raw: string;
	// Webhook bodies are free-form JSON: each test says what it expects of them.
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	body: any;
}

/** An endpoint that keeps the webhooks it gets and answers with a status of the test's choosing. */
export async function startReceiver(statusOf: (received: Received) => number = () => 200) {
	const received: Received[] = [];
	const waiting: (() => void)[] = [];
	const server = http.createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on('data', (part: Buffer) => parts.push(part));
		request.on('end', () => {
			const raw = Buffer.concat(parts).toString();
			const topic = String(request.headers['x-shopify-topic']);
			const one = { topic, headers: request.headers, raw, body: JSON.parse(raw) };
			received.push(one);
			response.writeHead(statusOf(one)).end();
			for (const wake of waiting.splice(0)) wake();
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/shopify`,
		received,
		/** Resolves when the condition holds; fails after five seconds. */
		async until(condition: () => boolean) {
			const deadline = Date.now() + 5000;
			while (!condition()) {
				if (Date.now() > deadline)
					throw new Error(`Waited in vain; got ${received.map((r) => r.topic).join(', ')}`);
				await new Promise<void>((resolve) => {
					const timer = setTimeout(resolve, 50);
					waiting.push(() => {
						clearTimeout(timer);
						resolve();
					});
				});
			}
		},
		async stop() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		}
	};
}
