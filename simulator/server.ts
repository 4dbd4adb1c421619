import { createReadStream, existsSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { ControlError } from './control-input.ts';
import { answerControl } from './control.ts';
import { accessToken, authorize, type Answer } from './shopify/oauth.ts';
import { bulkPath } from './shopify/bulk/view.ts';
import { answerGraphql } from './shopify/graphql.ts';
import { acceptsToken, type Tenant } from './shopify/tenant.ts';
import type { Simulator } from './simulator.ts';
import { strike, troubleOf } from './trouble.ts';
import { mountWalmart } from './walmart/mount.ts';

const MOST_BODY = 1024 * 1024;
const VERSIONS = ['2025-10', '2026-01', '2026-04', '2026-07', '2026-10'];
const CURRENT = '2026-07';
const NO_TOKEN = '[API] Invalid API key or access token (unrecognized login or wrong password)';

class BodyError extends Error {
	status: number;
	constructor(status: number, message: string) {
		super(message);
		this.status = status;
	}
}

async function readBody(request: IncomingMessage): Promise<string> {
	const parts: Buffer[] = [];
	let size = 0;
	for await (const part of request) {
		size += (part as Buffer).length;
		if (size > MOST_BODY) throw new BodyError(413, 'The request body is too large');
		parts.push(part as Buffer);
	}
	return Buffer.concat(parts).toString();
}

function parseBody(text: string, type: string): Record<string, unknown> {
	if (type.includes('application/x-www-form-urlencoded'))
		return Object.fromEntries(new URLSearchParams(text));
	try {
		const value: unknown = text === '' ? {} : JSON.parse(text);
		if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
			return value as Record<string, unknown>;
		}
	} catch {
		// Refused below, with the other bodies that are no object.
	}
	throw new BodyError(400, 'The request body is not a JSON object');
}

/** The shop a request names: by header, by host, by the first part of the path, or the only one there is. */
function namedShop(simulator: Simulator, request: IncomingMessage, url: URL): string | null {
	const header = request.headers['x-shopify-shop-domain'];
	if (typeof header === 'string' && header) return header;
	const host = (request.headers.host ?? '').replace(/:\d+$/, '');
	if (host.endsWith('.myshopify.com')) return host;
	const query = url.pathname.endsWith('/oauth/authorize') ? url.searchParams.get('shop') : null;
	return query ?? (simulator.tenants.length === 1 ? simulator.tenants[0]!.shop.domain : null);
}

function pickVersion(asked: string): string | null {
	if (asked === 'unstable') return asked;
	if (!/^20\d\d-(01|04|07|10)$/.test(asked)) return null;
	if (VERSIONS.includes(asked)) return asked;
	// Versions that are no longer supported fall forward to the oldest one that is.
	return asked < VERSIONS[0]! ? VERSIONS[0]! : null;
}

/** The HTTP server of all shops and of the control endpoint. */
export function createServer(simulator: Simulator): http.Server {
	async function route(request: IncomingMessage, response: ServerResponse): Promise<Answer | null> {
		let url = new URL(request.url ?? '/', 'http://simulator');
		const prefix = /^\/([a-z0-9-]+\.myshopify\.com)(\/.*)$/.exec(url.pathname);
		if (prefix) {
			request.headers['x-shopify-shop-domain'] ??= prefix[1]!;
			url = new URL(prefix[2]! + url.search, url);
		}
		const { pathname } = url;
		if (pathname === '/') {
			return {
				status: 200,
				body: { simulator: 'shopify', shops: simulator.tenants.map((t) => t.shop.domain) }
			};
		}
		const trouble = pathname.startsWith('/__control') ? undefined : troubleOf(simulator.troubles, pathname);
		if (trouble && (await strike(trouble, response))) return null;
		if (simulator.amazon && pathname.startsWith('/amazon/')) {
			return simulator.amazon.answer(request, url, await readBody(request));
		}
		if (pathname.startsWith('/stripe/')) return simulator.stripe.answer(url, request.headers.authorization);
		if (pathname.startsWith('/walmart/')) return mountWalmart(simulator, request);
		if (pathname.startsWith('/__control')) return control(request, url);
		if (pathname.startsWith('/__bulk/')) return sendBulk(pathname, response);

		const shop = namedShop(simulator, request, url);
		const tenant = simulator.tenants.find((candidate) => candidate.shop.domain === shop);
		if (shop && !tenant) return { status: 404, body: { errors: 'Not Found' } };
		if (pathname === '/admin/oauth/authorize' && request.method === 'GET') {
			return authorize(tenant ?? simulator.tenants[0]!, url.searchParams, Date.now());
		}
		if (pathname === '/admin/oauth/access_token' && request.method === 'POST') {
			if (!tenant) return { status: 404, body: { errors: 'Not Found' } };
			const body = parseBody(await readBody(request), request.headers['content-type'] ?? '');
			return accessToken(tenant, body, Date.now());
		}
		const api = /^\/admin\/api\/([^/]+)\/graphql\.json$/.exec(pathname);
		if (api && request.method === 'POST') return graphql(request, api[1]!, tenant);
		return { status: 404, body: { errors: 'Not Found' } };
	}

	async function graphql(
		request: IncomingMessage,
		asked: string,
		named: Tenant | undefined
	): Promise<Answer> {
		const version = pickVersion(asked);
		if (!version) return { status: 404, body: { errors: 'Not Found' } };
		const token = String(request.headers['x-shopify-access-token'] ?? '');
		const now = Date.now();
		const tenant = named ?? simulator.tenants.find((candidate) => acceptsToken(candidate, token, now));
		if (!tenant || !acceptsToken(tenant, token, now)) return { status: 401, body: { errors: NO_TOKEN } };
		const text = await readBody(request);
		const body = request.headers['content-type']?.includes('application/graphql')
			? { query: text }
			: parseBody(text, '');
		if (typeof body.query !== 'string') {
			return { status: 400, body: { errors: { query: 'Required parameter missing or invalid' } } };
		}
		const answer = await answerGraphql(
			tenant,
			{
				query: body.query,
				variables: (body.variables as Record<string, unknown> | null | undefined) ?? {},
				operationName: typeof body.operationName === 'string' ? body.operationName : null
			},
			simulator.services,
			simulator.options.queryCap
		);
		const served = tenant.faults.has('F37') ? '2026-10' : version === 'unstable' ? CURRENT : version;
		return { status: 200, body: answer, headers: { 'X-Shopify-API-Version': served } };
	}

	async function sendBulk(pathname: string, response: ServerResponse): Promise<Answer | null> {
		for (const { bulkOperations } of simulator.tenants) {
			const operation = bulkOperations.find((candidate) => bulkPath(candidate) === pathname);
			if (!operation || operation.status === 'EXPIRED' || !existsSync(operation.file)) continue;
			response.writeHead(200, { 'Content-Type': 'application/jsonl', 'Content-Length': operation.fileSize });
			await pipeline(createReadStream(operation.file), response);
			return null;
		}
		return { status: 404, body: { errors: 'Not Found' } };
	}

	async function control(request: IncomingMessage, url: URL): Promise<Answer> {
		const peer = request.socket.remoteAddress ?? '';
		if (!['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(peer)) {
			return { status: 403, body: { error: 'The control endpoint answers this machine only' } };
		}
		const body = request.method === 'POST' ? parseBody(await readBody(request), '') : null;
		return { status: 200, body: await answerControl(simulator, url, body) };
	}

	return http.createServer((request, response) => {
		route(request, response)
			.catch((error: unknown): Answer => {
				if (error instanceof BodyError) return { status: error.status, body: { errors: error.message } };
				if (error instanceof ControlError) return { status: 400, body: { error: error.message } };
				if (!response.destroyed) process.stderr.write(`${(error as Error).stack}\n`);
				return { status: 500, body: { errors: 'Internal Server Error' } };
			})
			.then((answer) => {
				if (!answer || response.headersSent || response.destroyed) return;
				const { body } = answer;
				const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
				response.writeHead(answer.status, {
					'Content-Type': 'application/json; charset=utf-8',
					'Content-Length': Buffer.byteLength(text),
					...answer.headers
				});
				response.end(text);
			});
	});
}
