import { beforeAll, describe, expect, test, vi } from 'vitest';
import { endpoints, type Endpoint, type Example } from '../../src/lib/server/api/index.ts';
import { SAMPLE } from '../../src/lib/server/api/samples.ts';
import { send, type Got } from './client.ts';
import { document, mismatch, operations, schemaAt, type Json, type Operation } from './document.ts';
import { makeApiShop, type ApiShop } from './shop.ts';

vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

let shop: ApiShop;
beforeAll(async () => {
	shop = await makeApiShop('EXAMPLES');
});

const operationOf = (one: Endpoint): Operation =>
	operations.find(({ path, method }) => path === one.path && method === one.method.toLowerCase())!;

/** The documentation's values with this organization's ids in them. */
function real<T>(value: T, more: Record<string, string> = {}): T {
	if (value === undefined) return value;
	let text = JSON.stringify(value);
	for (const [sample, own] of Object.entries({ ...shop.ids, ...more })) text = text.replaceAll(sample, own);
	return JSON.parse(text);
}

async function run(one: Endpoint, example: Example): Promise<Got> {
	const tokens = one.tag === 'Access' ? await shop.signIn() : null;
	const {
		params = {},
		query,
		body
	} = real(
		{ params: example.params ?? {}, query: example.query, body: example.body },
		tokens ? { [SAMPLE.refreshToken]: tokens.refresh_token } : {}
	);
	const path = one.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name]!));
	const search = query ? `?${new URLSearchParams(query)}` : '';
	return send(path + search, {
		method: one.method,
		body,
		...(one.permission !== undefined && { token: tokens?.access_token ?? shop.token }),
		...(one.stream?.type === 'text/event-stream' && { moment: 300 })
	});
}

describe.each(endpoints.map((one) => [`${one.method} ${one.path}`, one] as const))('%s', (_name, one) => {
	test.each(one.examples.map((example) => [example.name, example] as const))(
		'%s',
		async (_title, example) => {
			const got = await run(one, example);
			expect([got.status, got.status === (example.status ?? one.status ?? 200) ? '' : got.text]).toEqual([
				example.status ?? one.status ?? 200,
				''
			]);
			expect(mismatch(operationOf(one), got)).toBeNull();
			if (example.answer === undefined) return;
			const { path, method } = operationOf(one);
			const status = String(one.status ?? 200);
			const valid = schemaAt(
				'paths',
				path,
				method,
				'responses',
				status,
				'content',
				'application/json',
				'schema'
			);
			expect([valid(example.answer), valid.errors]).toEqual([true, null]);
			expect(Object.keys(got.json as Json).sort()).toEqual(Object.keys(example.answer as Json).sort());
		}
	);
});

test('every endpoint has an example of success', () => {
	const without = endpoints.filter((one) => !one.examples.some((example) => example.status === undefined));
	expect(without.map((one) => one.name)).toEqual([]);
});

test('every JSON answer is shown', () => {
	const without = endpoints.filter((one) => one.answer && !one.examples.some(({ answer }) => answer));
	expect(without.map((one) => one.name)).toEqual([]);
});

test('the document holds together: references, operation ids, parameters', () => {
	const text = JSON.stringify(document);
	const names = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]!);
	expect(names.filter((name) => !(name in document.components.schemas))).toEqual([]);
	const ids = operations.map(({ it }) => it.operationId);
	expect(new Set(ids).size).toBe(ids.length);
	for (const { path, it } of operations) {
		const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
		const declared = (it.parameters ?? [])
			.filter((one: Json) => one.in === 'path')
			.map((one: Json) => one.name);
		expect([path, declared]).toEqual([path, inPath]);
	}
	for (const name of Object.keys(document.components.schemas)) schemaAt('components', 'schemas', name);
});
