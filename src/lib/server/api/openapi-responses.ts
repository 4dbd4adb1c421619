import { z } from 'zod';
import { takesKey, typeOf, type Endpoint, type Example } from './endpoint.ts';
import { jsonSchema, type Json } from './json-schema.ts';
import { named } from './names.ts';
import { TITLES, type ProblemCode } from './problem.ts';

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

const header = (name: string, description: string, type = 'integer') => ({
	[name]: { description, schema: { type } }
});
const LIMITS = {
	...header('RateLimit-Limit', 'Requests in a window, which is a minute.'),
	...header('RateLimit-Remaining', 'How many are left.'),
	...header('RateLimit-Reset', 'Seconds until all are back.')
};
const WAIT = header('Retry-After', 'Seconds to wait.');
const LOCATION = header('Location', 'The address of what was made.', 'string');
const REPLAYED = header(
	'Idempotency-Replayed',
	'`true` where this is the answer of an earlier request with the same key.',
	'string'
);

/** What an operation may answer: success and every refusal, with headers and examples. */
export function responses(one: Endpoint, components: Map<string, Json>): Json {
	const status = String(one.status ?? 200);
	const success: Json = {
		description: one.stream?.description ?? 'Success.',
		headers: { ...LIMITS, ...(one.location && LOCATION), ...(takesKey(one) && REPLAYED) }
	};
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
					headers: { ...LIMITS, ...(['429', '503'].includes(code) && WAIT), ...(takesKey(one) && REPLAYED) },
					content: {
						'application/problem+json': {
							schema: jsonSchema(problem, 'output', components, true),
							example: sampleOf(Number(code), description)
						}
					}
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
		...(typeOf(one) && { '406': `The header Accept does not take \`${typeOf(one)}\`.` }),
		...(writes && { '413': 'The body is larger than 1 MB.', '415': 'The body is not JSON.' }),
		...(takesKey(one) && {
			'409': 'The present state does not allow it, or the first request with this key still runs.',
			'422': 'The Idempotency-Key came with another request before.'
		}),
		'429': 'Too many requests: wait `Retry-After` seconds.',
		'503': 'A store does not answer; nothing was changed.',
		...one.refusals
	};
}

/** The documented examples that `pick` finds something in. */
export function examplesOf(one: Endpoint, pick: (example: Example) => unknown): { examples?: Json } {
	const entries = one.examples.flatMap((example) => {
		const value = pick(example);
		return value === undefined ? [] : [[example.name, { summary: example.name, value }] as const];
	});
	return entries.length > 0 ? { examples: Object.fromEntries(entries) } : {};
}

const CODES: Record<number, ProblemCode> = {
	400: 'invalid',
	401: 'unauthenticated',
	403: 'forbidden',
	404: 'not_found',
	406: 'not_acceptable',
	409: 'conflict',
	413: 'body_too_large',
	415: 'unsupported_media_type',
	422: 'idempotency_mismatch',
	429: 'rate_limited',
	503: 'unavailable'
};

function sampleOf(status: number, detail: string): z.output<typeof problem> {
	const code = CODES[status]!;
	return {
		type: `/docs/api#${code}`,
		title: TITLES[code],
		status,
		detail,
		code,
		request_id: '0199a1c2-7b3e-7c41-9d52-3f0c5be0aa01',
		...(code === 'invalid' && {
			errors: [{ field: 'limit', in: 'query' as const, message: 'must be at most 200.' }]
		})
	};
}
