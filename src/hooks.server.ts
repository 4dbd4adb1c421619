import { building, dev } from '$app/env';
import { redirect } from '@sveltejs/kit';
import type { Handle, HandleServerError, ServerInit } from '@sveltejs/kit/hooks';
import type { RequestEvent } from '@sveltejs/kit';
import { upgrade } from '#lib/server/api/index.ts';
import { ctxFor, identify, type RequestIdentity } from '#lib/server/identity/index.ts';
import {
	AppError,
	Invalid,
	isConnectionError,
	NotFound,
	RateLimited,
	TooManyStreams,
	Unauthenticated,
	Unavailable
} from '#lib/server/platform/errors.ts';
import { closeAllStreams } from '#lib/server/live/index.ts';
import { newId } from '#lib/server/platform/ids.ts';
import { addToTrace, log, withTrace } from '#lib/server/platform/log.ts';
import { metrics } from '#lib/server/platform/metrics.ts';
import { parseSettings } from '#lib/server/platform/settings.ts';
import { start, type Started } from '../jobs/start.ts';

// vite dev loads this module again on every change: the process keeps one set of services
const held = globalThis as unknown as { tidemarkStarted?: Promise<Started> };

export const init: ServerInit = async () => {
	if (building || held.tidemarkStarted) return;
	held.tidemarkStarted = start(parseSettings(process.env));
	const started = await held.tidemarkStarted;
	const end = (signal: string) => {
		const begun = performance.now();
		void started.stop().then(() => {
			log.info({ signal, ms: Math.round(performance.now() - begun) }, 'stopped');
			process.exit(0);
		});
	};
	process.on('tidemark:upgrade' as 'message', upgrade as never);
	process.on('tidemark:draining' as 'SIGTERM', closeAllStreams); // open streams would hold the server up
	process.on('sveltekit:shutdown' as 'SIGTERM', end);
	process.once('exit', () => started.platform.stopNow()); // an end without a shutdown: a taken port, vite dev
	if (!dev) return;
	// vite dev leaves signals to their default, which skips even the exit event
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
};

/** Routes that must answer while the stores are down, and that nobody signs in for. */
const OPEN = new Set([
	'/healthz',
	'/readyz',
	'/metrics',
	'/webhooks/shopify',
	'/webhooks/walmart',
	'/webhooks/stripe'
]);

/** Asks for a token of its own; a cookie is not looked at, so that no other site can use it. */
const API = '/api/v1/';

export const handle: Handle = async ({ event, resolve }) => {
	const begun = performance.now();
	const requestId = newId();
	event.locals.requestId = requestId;
	event.locals.address = event.getClientAddress();
	return withTrace({ requestId }, async () => {
		if (!OPEN.has(event.url.pathname) && !event.url.pathname.startsWith(API)) await whoAsks(event, requestId);
		const response = await resolve(event, {
			// of the font only the part that English needs; browsers fetch the rest when a letter of it stands on the page
			preload: ({ type, path }) =>
				type === 'js' || type === 'css' || (type === 'font' && path.includes('inter-latin-opsz'))
		});
		secure(response, event, requestId);
		const seconds = (performance.now() - begun) / 1000;
		metrics.httpSeconds.observe(
			{
				method: event.request.method,
				route: event.locals.route ?? event.route.id ?? 'none',
				status: response.status
			},
			seconds
		);
		log.debug(
			{
				method: event.request.method,
				path: event.url.pathname,
				status: response.status,
				ms: Math.round(seconds * 1000)
			},
			'request'
		);
		return response;
	});
};

async function whoAsks(event: RequestEvent, requestId: string): Promise<void> {
	const identity: RequestIdentity = {
		cookies: event.cookies as unknown as RequestIdentity['cookies'],
		secure: event.url.protocol === 'https:',
		requestId,
		address: event.locals.address,
		userAgent: event.request.headers.get('user-agent')?.slice(0, 300) ?? ''
	};
	let failure: unknown = new NotFound('This page');
	event.locals.user = null;
	try {
		event.locals.user = await identify(identity);
		if (event.params.org) {
			const ctx = await ctxFor(event.locals.user, event.params.org, identity);
			addToTrace({ organizationId: ctx.organization.id });
			event.locals.ctx = ctx;
			return;
		}
	} catch (error) {
		if (
			error instanceof Unauthenticated &&
			event.request.method === 'GET' &&
			event.request.headers.get('accept')?.includes('text/html')
		) {
			redirect(303, `/sign-in?next=${encodeURIComponent(event.url.pathname + event.url.search)}`);
		}
		failure = error;
	}
	// thrown where it is read, so that the page's own error boundary shows it
	Object.defineProperty(event.locals, 'ctx', {
		configurable: true,
		get() {
			throw failure;
		}
	});
}

function secure(response: Response, event: RequestEvent, requestId: string): void {
	const headers: Record<string, string> = {
		'x-request-id': requestId,
		'x-content-type-options': 'nosniff',
		'referrer-policy': 'strict-origin-when-cross-origin',
		'cross-origin-opener-policy': 'same-origin',
		'cross-origin-resource-policy': 'same-origin',
		'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
		'x-frame-options': 'DENY'
	};
	if (event.url.protocol === 'https:')
		headers['strict-transport-security'] = 'max-age=31536000; includeSubDomains';
	if (event.params.org)
		headers['cache-control'] ??= response.headers.get('cache-control') ?? 'private, no-store';
	if (event.locals.retryAfter) headers['retry-after'] = String(event.locals.retryAfter);
	for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
}

export const handleError: HandleServerError = ({ error, event, kind }) => {
	const id = event.locals.requestId;
	if (kind !== 'unknown') return { id };
	const known = error instanceof AppError ? error : isConnectionError(error) ? new Unavailable() : null;
	if (!known) {
		log.error({ err: error, path: event.url.pathname }, 'request failed');
		return {
			status: 500,
			message: 'Something failed on our side. Nothing you entered was kept; try again.',
			id
		};
	}
	if (known instanceof RateLimited || known instanceof Unavailable || known instanceof TooManyStreams)
		event.locals.retryAfter = known.retryAfter;
	if (known.status >= 500) log.warn({ err: known, path: event.url.pathname }, 'request refused');
	return {
		status: known.status,
		message: known.message,
		id,
		...(known instanceof Invalid && { fields: known.fields })
	};
};
