import { z } from 'zod';
import { takesKey, type Endpoint, type Example } from './endpoint.ts';
import { kindOf } from './input.ts';
import { TITLES } from './problem.ts';
import { nameOf, named } from './names.ts';
import { endpoints } from './registry.ts';

type Json = Record<string, unknown>;

/** The problem's schema, as the document shows it. */
const problem = named(
	'Problem',
	z.strictObject({
		type: z.string().meta({ description: 'An address that explains this kind of problem.' }),
		title: z.string(),
		status: z.int(),
		detail: z.string().meta({ description: 'What happened and what to do.' }),
		code: z.enum(Object.keys(TITLES) as [string, ...string[]]),
		request_id: z.string().meta({ description: 'What to tell the operator.' }),
		errors: z
			.array(
				z.strictObject({
					field: z.string(),
					in: z.enum(['body', 'query', 'path', 'header']),
					message: z.string().meta({ description: 'What is wrong with the field and the fix.' })
				})
			)
			.optional()
	})
);

let made: Json | undefined;

/** The OpenAPI 3.1 document of all endpoints, made from the schemas that read requests and write answers. */
export function openApi(): Json {
	return (made ??= document());
}

function document(): Json {
	const components = new Map<string, Json>();
	const paths: Record<string, Json> = {};
	for (const one of endpoints)
		(paths[one.path] ??= {})[one.method.toLowerCase()] = operation(one, components);
	return {
		openapi: '3.1.1',
		info: {
			title: 'Tidemark API',
			version: '1',
			description:
				'Orders, stock and figures of one organization, the same as its pages show. Amounts are JSON numbers with the digits of the `currency` beside them; ids are opaque texts; days are in the organization’s time zone, instants in UTC. Lists are paged by `cursor`: take `next_cursor` of an answer until it is null. Writes take an `Idempotency-Key`, which makes it safe to send them again for 24 hours.'
		},
		servers: [{ url: '/api/v1' }],
		security: [{ bearer: [] }],
		tags: [...new Set(endpoints.map((one) => one.tag))].map((name) => ({ name })),
		paths,
		components: {
			securitySchemes: {
				bearer: {
					type: 'http',
					scheme: 'bearer',
					bearerFormat: 'JWT',
					description: '`access_token` of POST /auth/login.'
				}
			},
			schemas: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1)))
		}
	};
}

function operation(one: Endpoint, components: Map<string, Json>): Json {
	const parameters = [
		...fields(one.params).map(([name, schema]) => parameter(name, schema, 'path', components)),
		...fields(one.query).map(([name, schema]) => parameter(name, schema, 'query', components)),
		...(takesKey(one) ? [KEY] : [])
	];
	return {
		operationId: one.name,
		tags: [one.tag],
		summary: one.summary,
		description: [one.description, one.permission ? `Needs the permission \`${one.permission}\`.` : null]
			.filter(Boolean)
			.join('\n\n'),
		...(one.permission === undefined && { security: [] }),
		...(parameters.length > 0 && { parameters }),
		...(one.body && {
			requestBody: {
				required: !one.body.safeParse({}).success,
				content: {
					'application/json': {
						schema: jsonSchema(one.body, 'input', components),
						...examplesOf(one, (example) => example.body)
					}
				}
			}
		}),
		responses: responses(one, components)
	};
}

const KEY = {
	name: 'Idempotency-Key',
	in: 'header',
	required: false,
	description: 'A text of your own, such as a UUID. A second request with it gets the answer of the first.',
	schema: { type: 'string', pattern: '^[!-~]{1,200}$' }
};

function fields(schema: z.ZodType | undefined): [string, z.ZodType][] {
	return schema ? Object.entries((schema as z.ZodObject).def.shape as Record<string, z.ZodType>) : [];
}

function parameter(
	name: string,
	schema: z.ZodType,
	place: 'path' | 'query',
	components: Map<string, Json>
): Json {
	const { description, ...rest } = jsonSchema(schema, 'input', components);
	return {
		name,
		in: place,
		required: place === 'path' || !schema.safeParse(undefined).success,
		...(description !== undefined && { description }),
		schema: rest,
		...(kindOf(schema) === 'array' && { style: 'form', explode: false })
	};
}

function responses(one: Endpoint, components: Map<string, Json>): Json {
	const status = String(one.status ?? 200);
	const limits = Object.fromEntries(
		[
			['RateLimit-Limit', 'Requests a minute.'],
			['RateLimit-Remaining', 'How many are left.'],
			['RateLimit-Reset', 'Seconds until all are back.']
		].map(([name, description]) => [name, { description, schema: { type: 'integer' } }])
	);
	const success: Json = { description: one.stream?.description ?? 'Success.', headers: limits };
	if (one.stream)
		success.content = {
			[one.stream.type]: {
				schema: { type: one.stream.type === 'application/json' ? 'object' : 'string' },
				...(one.stream.type !== 'application/json' && { example: one.stream.sample })
			}
		};
	else if (one.answer)
		success.content = {
			'application/json': {
				schema: jsonSchema(one.answer, 'output', components),
				...examplesOf(one, (example) => (example.status === undefined ? example.answer : undefined))
			}
		};
	return {
		[status]: success,
		...Object.fromEntries(
			Object.entries(refusals(one)).map(([code, description]) => [
				code,
				{
					description,
					...(code !== '413' && { headers: limits }),
					content: { 'application/problem+json': { schema: jsonSchema(problem, 'output', components, true) } }
				}
			])
		)
	};
}

/** Every status an endpoint may refuse with, and why. */
export function refusals(one: Endpoint): Record<string, string> {
	const writes = one.method !== 'GET';
	return {
		'400': 'A field cannot be used; `errors` names it and the fix.',
		...(one.permission !== undefined && { '401': 'No access token, or one that is over or was revoked.' }),
		...(one.permission && { '403': 'The role does not carry the permission.' }),
		...(one.params && { '404': 'It does not exist, or belongs to another organization.' }),
		...(writes && { '413': 'The body is larger than 1 MB.', '415': 'The body is not JSON.' }),
		...(takesKey(one) && {
			'409': 'The present state does not allow it, or the first request with this key still runs.',
			'422': 'The Idempotency-Key came with another request before.'
		}),
		...one.refusals,
		'429': 'Too many requests: wait `Retry-After` seconds.',
		'503': 'A store does not answer; nothing was changed.'
	};
}

function examplesOf(one: Endpoint, pick: (example: Example) => unknown): { examples?: Json } {
	const entries = one.examples.flatMap((example) => {
		const value = pick(example);
		return value === undefined ? [] : [[example.name, { summary: example.name, value }] as const];
	});
	return entries.length > 0 ? { examples: Object.fromEntries(entries) } : {};
}

function jsonSchema(
	schema: z.ZodType,
	io: 'input' | 'output',
	components: Map<string, Json>,
	asReference = nameOf(schema) !== undefined
): Json {
	if (asReference) {
		component(schema, io, components);
		return { $ref: `#/components/schemas/${nameOf(schema)}` };
	}
	const { $schema: _dialect, ...made } = z.toJSONSchema(schema, {
		io,
		unrepresentable: 'any',
		override({ zodSchema, jsonSchema: own, path }) {
			const name = nameOf(zodSchema as unknown as z.ZodType);
			if (name === undefined || path.length === 0) return;
			for (const key of Object.keys(own)) delete own[key as keyof typeof own];
			own.$ref = `#/components/schemas/${name}`;
			component(zodSchema as unknown as z.ZodType, io, components);
		}
	}) as Json;
	return made;
}

function component(schema: z.ZodType, io: 'input' | 'output', components: Map<string, Json>): void {
	const name = nameOf(schema)!;
	if (components.has(name)) return;
	components.set(name, {}); // it may hold itself
	components.set(name, jsonSchema(schema, io, components, false));
}
