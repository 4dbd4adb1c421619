import type { z } from 'zod';
import { takesKey, type Endpoint } from './endpoint.ts';
import { kindOf, partedByCommas } from './input.ts';
import { jsonSchema, type Json } from './json-schema.ts';
import { examplesOf, responses } from './openapi-responses.ts';
import { endpoints } from './registry.ts';

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
				'Orders, stock and figures of one organization, the same as its pages show. Amounts are JSON numbers with the digits of the `currency` beside them; ids are opaque texts; days are in the organization’s time zone, instants in UTC. Lists are paged by `cursor`: take `next_cursor` of an answer until it is null. Writes take an `Idempotency-Key`, which makes it safe to send them again for 24 hours. What is refused is told as `application/problem+json`; an address that is none answers 404, another method 405, another media type than the documented one 406. What happens is streamed as server-sent events below /stream, and the same as WebSockets: `/ws/dashboard`, `/ws/orders` and `/ws/alerts` beside `/api`, opened with a ticket of POST /stream/ticket.'
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
		...(takesKey(one) ? [KEY] : []),
		...(one.stream?.type === 'text/event-stream' ? [LAST_EVENT] : [])
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

const LAST_EVENT = {
	name: 'Last-Event-ID',
	in: 'header',
	required: false,
	description:
		'Position of the last event that was read; wins over `from`. An EventSource sends it by itself.',
	schema: { type: 'string', pattern: '^[0-9]{1,15}$' }
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
		...(kindOf(schema) === 'array' && { style: 'form', explode: !partedByCommas(schema) })
	};
}
