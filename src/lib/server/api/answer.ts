import { z } from 'zod';
import { require } from '../identity/index.ts';
import { AppError, NotFound, RateLimited } from '../platform/errors.ts';
import { addToTrace } from '../platform/log.ts';
import { addressKey, type Taken } from '../platform/rate-limit.ts';
import { assertAccepted } from './accept.ts';
import type { Caller } from './caller.ts';
import { takesKey, typeOf, type Endpoint } from './endpoint.ts';
import { bearer, type Bearer } from './grants.ts';
import { idempotencyKey, once, type Written } from './idempotency.ts';
import { bodyOf, queryOf, read } from './input.ts';
import { addressLimit, memberLimit } from './limits.ts';
import { problemResponse } from './problem.ts';
import { endpoints } from './registry.ts';
import { router } from './router.ts';
import { shape } from './shape.ts';

const BASE = '/api/v1';
const nothing = z.strictObject({});
let find: ReturnType<typeof router> | undefined;

/** An answer with what the metrics call it: the path as the document writes it. */
export interface Answered {
	response: Response;
	route: string;
}

/**
 * Answers a request below /api/v1: finds the endpoint, the person and their rights, reads the input, runs the handler, writes the
 * answer in the document's form. Everything that is refused leaves as problem+json; nothing is thrown.
 */
export async function answer(request: Request, caller: Caller): Promise<Answered> {
	const url = new URL(request.url);
	const path = decoded(url.pathname.slice(BASE.length));
	const limit: { taken?: Taken } = {};
	const found = (find ??= router(endpoints))(request.method, path);
	const route = `${BASE}${found.endpoint?.path ?? '/*'}`;
	try {
		if (!found.endpoint) throw notThere(found.allowed);
		const response = await run(found.endpoint, found.params, request, url, caller, limit);
		return { response: withLimit(response, limit.taken), route };
	} catch (error) {
		if (error instanceof RateLimited)
			limit.taken = { tries: error.tries, left: 0, resetsIn: error.retryAfter };
		const response = problemResponse(error, {
			requestId: caller.requestId,
			path: route,
			in: request.method === 'GET' || request.method === 'HEAD' ? 'query' : 'body'
		});
		if (!found.endpoint && found.allowed.length > 0) response.headers.set('allow', found.allowed.join(', '));
		return { response: withLimit(response, limit.taken), route };
	}
}

async function run(
	endpoint: Endpoint,
	params: Record<string, string>,
	request: Request,
	url: URL,
	caller: Caller,
	limit: { taken?: Taken }
): Promise<Response> {
	const who = endpoint.permission === undefined ? null : await whoAsks(request, caller, limit);
	if (!who) limit.taken = await addressLimit().take(addressKey(caller.address));
	if (who && endpoint.permission) require(who.ctx, endpoint.permission);
	const type = typeOf(endpoint);
	if (type) assertAccepted(request.headers.get('accept'), type);
	const { json, text } = endpoint.method === 'GET' ? { json: {}, text: '' } : await bodyOf(request);
	const call = {
		params: read(endpoint.params ?? nothing, params, 'path'),
		query: read(endpoint.query ?? nothing, queryOf(endpoint.query, url.searchParams), 'query'),
		body: read(endpoint.body ?? nothing, json, 'body'),
		caller,
		signal: request.signal,
		headers: request.headers
	};
	const handle = async () => {
		// an open endpoint's handler is typed without `ctx`
		const answered = await endpoint.handle({ ...call, ...who } as Parameters<Endpoint['handle']>[0]);
		return answered instanceof Response ? answered : written(endpoint, answered, who);
	};
	const key = who && takesKey(endpoint) ? idempotencyKey(request.headers) : null;
	if (key === null || !who) {
		const answered = await handle();
		return answered instanceof Response ? answered : responseOf(answered);
	}
	const content = JSON.stringify([endpoint.method, url.pathname, url.search, text]);
	const done = await once(who.ctx, key, content, () => refusedToo(handle, caller, endpoint));
	const response = responseOf(done);
	if (done.replayed) response.headers.set('idempotency-replayed', 'true');
	return response;
}

/** Who sends the token; guesses count against the address. */
async function whoAsks(request: Request, caller: Caller, limit: { taken?: Taken }): Promise<Bearer> {
	let who: Bearer;
	try {
		who = await bearer(request.headers.get('authorization'), caller.requestId);
	} catch (error) {
		if (error instanceof AppError && error.status === 401)
			limit.taken = await addressLimit().take(addressKey(caller.address));
		throw error;
	}
	const { organization, actor } = who.ctx;
	addToTrace({ organizationId: organization.id });
	limit.taken = await memberLimit().take(`${organization.id} ${'userId' in actor ? actor.userId : ''}`);
	return who;
}

/** What the product refuses for good is remembered with the key like a success; what failed on our side is thrown. */
async function refusedToo(
	handle: () => Promise<Response | Written>,
	caller: Caller,
	endpoint: Endpoint
): Promise<Written> {
	try {
		const answered = await handle();
		if (answered instanceof Response)
			throw new Error(`${endpoint.name} streams and cannot take an Idempotency-Key.`);
		return answered;
	} catch (error) {
		if (!(error instanceof AppError) || error.status >= 500 || error.status === 429) throw error;
		const refusal = problemResponse(error, { requestId: caller.requestId, path: endpoint.path, in: 'body' });
		return {
			status: refusal.status,
			contentType: refusal.headers.get('content-type'),
			location: null,
			body: await refusal.text()
		};
	}
}

function written(endpoint: Endpoint, answered: unknown, who: Bearer | null): Written {
	const status = endpoint.status ?? 200;
	if (!endpoint.answer) return { status, contentType: null, location: null, body: null };
	return {
		status,
		contentType: 'application/json',
		location: endpoint.location ? `${BASE}${endpoint.location(answered as never)}` : null,
		body: JSON.stringify(shape(endpoint.answer, answered, who?.ctx.organization.currency ?? 'USD'))
	};
}

function responseOf({ status, contentType, location, body }: Written): Response {
	const headers = new Headers({ 'cache-control': 'no-store' });
	if (contentType) headers.set('content-type', contentType);
	if (location) headers.set('location', location);
	return new Response(body, { status, headers });
}

function withLimit(response: Response, taken: Taken | undefined): Response {
	if (!taken) return response;
	response.headers.set('ratelimit-limit', String(taken.tries));
	response.headers.set('ratelimit-remaining', String(taken.left));
	response.headers.set('ratelimit-reset', String(taken.resetsIn));
	return response;
}

function notThere(allowed: readonly string[]): AppError {
	if (allowed.length === 0) return new NotFound('This address of the API');
	return new AppError(405, 'method_not_allowed', `This address answers to ${allowed.join(' and ')} only.`);
}

function decoded(path: string): string {
	try {
		return path.split('/').map(decodeURIComponent).join('/');
	} catch {
		return path;
	}
}
