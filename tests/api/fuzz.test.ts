import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { SAMPLE } from '../../src/lib/server/api/samples.ts';
import { settings, useRunning, secretKey } from '../../src/lib/server/platform/running.ts';
import { asSystem } from '../../src/lib/server/platform/system.ts';
import { digestOf } from '../factories/digest.ts';
import { send, type Got } from './client.ts';
import { document, mismatch, operations, type Json, type Operation } from './document.ts';
import { makeApiShop, type ApiShop } from './shop.ts';

vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

/** Requests per operation; FUZZ_RUNS asks for more. The seed is fixed: the same ones each time. */
const RUNS = Number(process.env.FUZZ_RUNS || 20);
const SEED = 20_261_119;

let mine: ApiShop;
let theirs: ApiShop;
let before: Record<string, string>;
const digest = () =>
	asSystem('operator: queues and health', ({ sql }) => digestOf(sql, theirs.organizationId));

beforeAll(async () => {
	useRunning({ settings: { ...settings(), API_REQUESTS_PER_MINUTE: 1_000_000 }, secretKey: secretKey() });
	mine = await makeApiShop('MINE');
	theirs = await makeApiShop('FOREIGN');
	before = await digest();
});

/** Texts that programmes send by mistake, or on purpose. */
const odd = fc.constantFrom(
	'',
	' ',
	'0',
	'-1',
	'null',
	'%00',
	'\0',
	'\ud800',
	"'; drop table orders; --",
	'../..',
	'{"a":1}',
	'é'.repeat(300),
	'9'.repeat(30),
	'😀',
	'_',
	'%',
	'\\',
	'1e999',
	'9007199254740993',
	'2147483648',
	'-0',
	'1.5',
	'2026-02-30',
	'a,b,,c',
	'x'.repeat(5000),
	'\u202e',
	'{"$ne":null}'
);
/** Ids of both organizations by their names in the documentation, so that the generator can be made before they exist. */
const anyId = (ids: readonly string[]) =>
	fc.record({
		whose: fc.constantFrom<'mine' | 'theirs'>('mine', 'mine', 'theirs'),
		id: fc.constantFrom(...ids)
	});
/** An id that fits its place more often than one that does not. */
const idAt = (name: string) => {
	const fits = Object.entries(SAMPLE).filter(([kind]) =>
		kind.toLowerCase().includes(name.replace(/_?id$/, ''))
	);
	return fc.oneof(
		{ arbitrary: anyId((fits.length > 0 ? fits : Object.entries(SAMPLE)).map(([, id]) => id)), weight: 6 },
		{ arbitrary: anyId(Object.values(SAMPLE)), weight: 1 },
		{ arbitrary: fc.uuid(), weight: 1 }
	);
};
interface Id {
	whose: 'mine' | 'theirs';
	id: string;
}

function resolve(schema: Json): Json {
	if (!schema.$ref) return schema;
	return (schema.$ref as string)
		.slice(2)
		.split('/')
		.reduce((at: Json, part) => at[part], document);
}

/** What the ids of an address are of: '/orders/{id}' of an order. */
const collectionOf = (path: string) => `${path.split('/')[1]!.replace(/s$/, '')}_id`;

/** Values that fit a schema of the document. */
function fitting(given: Json, name = ''): fc.Arbitrary<unknown> {
	const schema = resolve(given);
	if (schema.anyOf) return fc.oneof(...(schema.anyOf as Json[]).map((one) => fitting(one, name)));
	if (schema.enum) return fc.constantFrom(...(schema.enum as unknown[]));
	const types: string[] = Array.isArray(schema.type) ? schema.type : [schema.type];
	return fc.oneof(...types.map((type) => ofType(type, schema, name)));
}

function ofType(type: string, schema: Json, name: string): fc.Arbitrary<unknown> {
	switch (type) {
		case 'null':
			return fc.constant(null);
		case 'boolean':
			return fc.boolean();
		case 'integer':
		case 'number': {
			const [min, max] = [schema.minimum ?? -1000, schema.maximum ?? 1000];
			return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
		}
		case 'array':
			return fc.array(fitting(schema.items ?? {}, name), { maxLength: Math.min(schema.maxItems ?? 4, 4) });
		case 'object': {
			const required = new Set(schema.required ?? []);
			const fields = Object.entries((schema.properties ?? {}) as Json).map(
				([key, field]) =>
					[
						key,
						required.has(key) ? fitting(field, key) : fc.option(fitting(field, key), { nil: undefined })
					] as const
			);
			return fc.record(Object.fromEntries(fields));
		}
		default: {
			if (/(^|_)id$/.test(name)) return idAt(name);
			if (schema.format === 'date')
				return fc
					.date({ min: new Date('1985-01-01'), max: new Date('2105-01-01'), noInvalidDate: true })
					.map((date) => date.toISOString().slice(0, 10));
			const max = Math.min(schema.maxLength ?? 40, 40);
			return fc.oneof(
				fc.string({ minLength: schema.minLength ?? 0, maxLength: max, unit: 'binary' }),
				fc.string({ maxLength: max }),
				fc.constantFrom('MUG', 'mug', 'FOREIGN', '#FOREIGN-1')
			);
		}
	}
}

const isId = (value: unknown): value is Id => typeof value === 'object' && value !== null && 'whose' in value;

/** Ids of the two organizations in their places. */
function settle(value: unknown): unknown {
	if (isId(value)) return (value.whose === 'mine' ? mine : theirs).ids[value.id] ?? value.id;
	if (Array.isArray(value)) return value.map(settle);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, settle(item)]));
}

interface Asked {
	path: Record<string, unknown>;
	query: Record<string, unknown>;
	body: { json?: unknown; text?: string } | null;
	lastEvent: string | null;
	key: string | null;
	type: string | null;
	accept: string | null;
}

function requests({ path, it }: Operation): fc.Arbitrary<Asked> {
	const parameters = (it.parameters ?? []) as Json[];
	const of = (place: string, needed: boolean) =>
		fc.record(
			Object.fromEntries(
				parameters
					.filter((one) => one.in === place)
					.map((one) => {
						const value = fc.oneof(
							{
								arbitrary: fitting(one.schema, one.in === 'path' ? collectionOf(path) : one.name),
								weight: 9
							},
							{ arbitrary: odd, weight: 1 }
						);
						return [one.name, needed ? value : fc.option(value, { nil: undefined, freq: 2 })];
					})
			)
		);
	const schema = it.requestBody?.content['application/json'].schema as Json | undefined;
	const body: fc.Arbitrary<Asked['body']> = schema
		? fc.oneof(
				{ arbitrary: fitting(schema).map((json) => ({ json })), weight: 6 },
				{
					arbitrary: fc
						.tuple(
							fitting(schema),
							fc.constantFrom(...Object.keys(resolve(schema).properties ?? {}), 'organization_id'),
							fc.oneof(
								odd,
								fc.jsonValue({ maxDepth: 1 }),
								fc.constantFrom(1e308, -1, 1.5, 2 ** 53, Number.MIN_VALUE, ['MUG'], { a: 1 })
							)
						)
						.map(([json, field, value]) => ({ json: { ...(json as object), [field]: value } })),
					weight: 3
				},
				{ arbitrary: fc.jsonValue({ maxDepth: 2 }).map((json) => ({ json })), weight: 1 },
				{
					arbitrary: fc
						.constantFrom('', '{', '[]', 'null', '{"a":', '['.repeat(5000), '\u0000', ' '.repeat(1_000_001))
						.map((text) => ({ text })),
					weight: 1
				}
			)
		: fc.constant(null);
	return fc.record({
		path: of('path', true),
		query: fc.oneof(
			{ arbitrary: of('query', false), weight: 6 },
			{
				arbitrary: of('query', false).map((known) => ({ ...known, organization_id: theirs.organizationId })),
				weight: 1
			},
			{ arbitrary: fc.dictionary(fc.string({ minLength: 1, maxLength: 10 }), odd, { maxKeys: 2 }), weight: 1 }
		),
		body,
		lastEvent: fc.option(fc.oneof(odd, fc.nat().map(String)), { nil: null, freq: 2 }),
		key: fc.option(fc.oneof({ arbitrary: fc.uuid(), weight: 4 }, fc.constantFrom('same', 'bad key')), {
			nil: null,
			freq: 3
		}),
		accept: fc.option(
			fc.constantFrom('*/*', 'application/json', 'application/xml', 'text/*;q=0.5, */*;q=0', ',;,'),
			{ nil: null, freq: 3 }
		),
		type: fc.option(fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain'), {
			nil: null,
			freq: 3
		})
	});
}

/** A list whose entries may hold commas is sent once for each, all others in one. */
function entries(it: Json, name: string, value: unknown): [string, string][] {
	const { explode } = (it.parameters as Json[] | undefined)?.find((one) => one.name === name) ?? {};
	const sent = explode && Array.isArray(value) ? value : [value];
	return sent.map((one) => [name, text(one).toWellFormed()]);
}

function text(value: unknown): string {
	const settled = settle(value);
	return Array.isArray(settled) ? settled.join(',') : String(settled);
}

async function ask({ path, method, it }: Operation, asked: Asked): Promise<Got> {
	const place = path.replace(
		/\{(\w+)\}/g,
		(_, name: string) => encodeURIComponent(text(asked.path[name]).toWellFormed()) || '-'
	);
	const query = new URLSearchParams(
		Object.entries(asked.query).flatMap(([name, value]) =>
			value === undefined ? [] : entries(it, name, value)
		)
	);
	const open = Array.isArray(it.security) && it.security.length === 0;
	const token = it.operationId === 'logOut' ? (await mine.signIn()).access_token : mine.token;
	const body = asked.body === null ? undefined : (asked.body.text ?? JSON.stringify(settle(asked.body.json)));
	return send(`${place}${query.size > 0 ? `?${query}` : ''}`, {
		method: method.toUpperCase(),
		...(body !== undefined && method !== 'get' && { text: body }),
		...(!open && { token }),
		headers: {
			// a header carries visible ASCII only
			...(asked.lastEvent !== null &&
				/^[\x20-\x7e]*$/.test(asked.lastEvent) && { 'last-event-id': asked.lastEvent }),
			...(asked.key !== null && { 'idempotency-key': asked.key }),
			...(asked.accept !== null && { accept: asked.accept }),
			...(asked.type && body !== undefined && { 'content-type': asked.type })
		},
		...(path.startsWith('/stream/') && method === 'get' && { moment: 30 })
	});
}

describe.each(operations.map((one) => [`${one.method.toUpperCase()} ${one.path}`, one] as const))(
	'%s',
	(_name, operation) => {
		// a sign-in costs a tenth of a second of argon2 on purpose
		const slow = ['logIn', 'logOut'].includes(operation.it.operationId);
		test('whatever is sent: no 5xx, no undocumented answer, nothing of the other organization', async () => {
			await fc.assert(
				fc.asyncProperty(requests(operation), async (asked) => {
					const got = await ask(operation, asked);
					expect(got.status, got.text).toBeLessThan(500);
					expect(mismatch(operation, got)).toBeNull();
					// what was sent may come back: the mark in other letters than theirs, never their own
					const sent = JSON.stringify(settle(asked));
					for (const secret of [
						'FOREIGN mug',
						'FOREIGN ads',
						'FOREIGN buyer',
						'FOREIGN city',
						'FOREIGN store',
						'buyer-FOREIGN',
						theirs.organizationId
					])
						if (!sent.includes(secret)) expect(got.text).not.toContain(secret);
				}),
				{ seed: SEED, numRuns: slow ? 6 : RUNS, endOnFailure: true }
			);
		}, 120_000);
	}
);

test('the other organization is as it was', async () => {
	expect(await digest()).toEqual(before);
});

test('their ids are not found with my token, in every address that takes one', async () => {
	for (const operation of operations.filter(({ path }) => path.includes('{'))) {
		for (const [sample, id] of Object.entries(theirs.ids)) {
			if (sample === SAMPLE.email) continue;
			const body = operation.it.requestBody ? '{}' : undefined;
			const got = await send(operation.path.replace(/\{\w+\}/g, id), {
				method: operation.method.toUpperCase(),
				token: mine.token,
				...(body && { text: body })
			});
			expect([operation.path, sample, got.status]).toEqual([operation.path, sample, 404]);
		}
	}
});
