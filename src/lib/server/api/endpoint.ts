import type { z } from 'zod';
import type { Permission } from '#lib/contracts/permissions.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Caller } from './caller.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** A request and its answer as the documentation shows them; a test sends each one. Ids are those of `samples.ts`. */
export interface Example {
	name: string;
	params?: Record<string, string>;
	/** As in the address. */
	query?: Record<string, string>;
	body?: unknown;
	/** Another status than the endpoint's own: an example of a refusal. */
	status?: number;
	answer?: unknown;
}

/** What the documentation and the router know of an endpoint. */
interface Declared<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
	method: Method;
	/** Below /api/v1, with parameters in braces: '/orders/{id}'. */
	path: string;
	/** The operation's id in the document and the name in examples of code: 'listOrders'. */
	name: string;
	tag: string;
	summary: string;
	/** What a reader must know besides; paragraphs apart by an empty line. */
	description?: string;
	params?: Params;
	query?: Query;
	/** JSON. An empty body is read as {}. */
	body?: Body;
	/** Status of success: 200 unless told. */
	status?: 200 | 201 | 202 | 204;
	/** What success answers, in the API's names. Fields are taken from the verb's answer (`shape.ts`). */
	answer?: z.ZodType;
	/** Instead of `answer`: the handler answers a Response of this media type. */
	stream?: { type: string; description: string; sample: string };
	/** Refusals besides those that the frame gives by itself, with the reason. */
	refusals?: Partial<Record<400 | 401 | 403 | 404 | 409 | 413 | 422 | 429, string>>;
	/** The answer is nothing to keep: an Idempotency-Key is not looked at. */
	secret?: true;
	examples: readonly Example[];
}

/** What a handler works with. */
export interface Call<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
	params: z.output<Params>;
	query: z.output<Query>;
	body: z.output<Body>;
	caller: Caller;
	/** Aborted when the caller hangs up. */
	signal: AbortSignal;
	headers: Headers;
}

/** An endpoint as the registry holds it. */
export interface Endpoint extends Declared<z.ZodType, z.ZodType, z.ZodType> {
	/** Null: any member. Undefined: anybody, without a token. */
	permission?: Permission | null;
	/** Above the path, for the answer's Location header: '/products/{id}' of what was made. */
	location?: (answer: never) => string;
	handle(call: Call<z.ZodType, z.ZodType, z.ZodType> & { ctx: Ctx; grantId: string }): unknown;
}

/**
 * Declares an endpoint for people with a token: router, checks, documentation and its tests are made from this one object. The frame
 * checks the permission, and so does the verb that `handle` calls.
 */
export function endpoint<
	Params extends z.ZodType = z.ZodObject<Record<never, never>>,
	Query extends z.ZodType = z.ZodObject<Record<never, never>>,
	Body extends z.ZodType = z.ZodObject<Record<never, never>>
>(
	declared: Declared<Params, Query, Body> & {
		permission: Permission | null;
		location?: (answer: never) => string;
		handle(call: Call<Params, Query, Body> & { ctx: Ctx; grantId: string }): unknown;
	}
): Endpoint {
	return declared as unknown as Endpoint;
}

/** True where an Idempotency-Key makes a write safe to repeat. */
export function takesKey(one: Endpoint): boolean {
	return one.permission !== undefined && one.method !== 'GET' && !one.secret;
}

/** The media type of success; null where nothing is answered. */
export function typeOf(one: Endpoint): string | null {
	return one.stream?.type ?? (one.answer ? 'application/json' : null);
}

/** Declares an endpoint that anybody may call. */
export function openEndpoint<
	Params extends z.ZodType = z.ZodObject<Record<never, never>>,
	Query extends z.ZodType = z.ZodObject<Record<never, never>>,
	Body extends z.ZodType = z.ZodObject<Record<never, never>>
>(declared: Declared<Params, Query, Body> & { handle(call: Call<Params, Query, Body>): unknown }): Endpoint {
	return declared as unknown as Endpoint;
}
