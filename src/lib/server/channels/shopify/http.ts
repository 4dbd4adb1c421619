import { setTimeout as sleep } from 'node:timers/promises';
import { ShopifyError } from './errors.ts';

/** Longest answer we read into memory; bulk files are streamed elsewhere. */
const MAX_BODY = 64 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const MAX_TRIES = 6;

export interface Reply {
	status: number;
	body: string;
	headers: Headers;
}

/** Counts what a sync run shows about itself. */
export interface Traffic {
	requests: number;
	retries: number;
}

/**
 * One POST with JSON, tried again on 429 (as long as Retry-After says), on 5xx and on a broken connection (doubling waits with
 * jitter). Redirects are refused: a token must not follow one to another host.
 * @throws ShopifyError `unavailable` when all tries failed, `aborted` when `signal` fired
 */
export async function post(
	url: string,
	headers: Record<string, string>,
	body: string,
	options: { signal?: AbortSignal | undefined; traffic?: Traffic | undefined; tries?: number } = {}
): Promise<Reply> {
	const tries = options.tries ?? MAX_TRIES;
	let last = 'Shopify did not answer.';
	for (let attempt = 0; attempt < tries; attempt++) {
		if (attempt > 0 && options.traffic) options.traffic.retries++;
		let wait = backoff(attempt);
		try {
			if (options.traffic) options.traffic.requests++;
			const reply = await send(url, headers, body, options.signal);
			if (reply.status !== 429 && reply.status < 500) return reply;
			last = `Shopify answered ${reply.status}.`;
			if (reply.status === 429) wait = retryAfter(reply.headers) ?? wait;
			else if (reply.status === 501 || reply.status === 505) return reply;
		} catch (error) {
			if (options.signal?.aborted)
				throw new ShopifyError('aborted', 'The sync was stopped.', null, { cause: error });
			if (error instanceof ShopifyError) throw error;
			last = `Shopify could not be reached (${reasonOf(error)}).`;
		}
		if (attempt + 1 < tries) await pause(wait, options.signal);
	}
	throw new ShopifyError('unavailable', `${last} Tidemark tries again by itself.`);
}

/** Waits, or throws `aborted` when the signal fires. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	try {
		await sleep(ms, undefined, signal ? { signal } : {});
	} catch (cause) {
		throw new ShopifyError('aborted', 'The sync was stopped.', null, { cause });
	}
}

async function send(
	url: string,
	headers: Record<string, string>,
	body: string,
	signal?: AbortSignal
): Promise<Reply> {
	const timeout = AbortSignal.timeout(TIMEOUT_MS);
	const response = await fetch(url, {
		method: 'POST',
		headers: {
			'Content-Type': 'application/json',
			Accept: 'application/json',
			'User-Agent': 'Tidemark',
			...headers
		},
		body,
		redirect: 'manual',
		signal: signal ? AbortSignal.any([signal, timeout]) : timeout
	});
	if (response.status >= 300 && response.status < 400) {
		await response.body?.cancel();
		throw new ShopifyError(
			'credentials',
			'The shop redirects to another address, as closed or renamed shops do. Use the .myshopify.com address from Settings, Domains.',
			'shop'
		);
	}
	return { status: response.status, headers: response.headers, body: await readBody(response) };
}

async function readBody(response: Response): Promise<string> {
	const announced = Number(response.headers.get('content-length') ?? 0);
	if (announced > MAX_BODY) throw new ShopifyError('refused', 'An answer of Shopify is too large.');
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of response.body ?? []) {
		size += chunk.byteLength;
		if (size > MAX_BODY) throw new ShopifyError('refused', 'An answer of Shopify is too large.');
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}

/** 0.5 s, 1 s, 2 s ... at most 30 s, each between half and all of it. */
function backoff(attempt: number): number {
	const full = Math.min(30_000, 500 * 2 ** attempt);
	return full / 2 + Math.random() * (full / 2);
}

function retryAfter(headers: Headers): number | null {
	const seconds = Number(headers.get('retry-after'));
	return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 120) * 1000 : null;
}

function reasonOf(error: unknown): string {
	const cause = (error as { cause?: { code?: string } }).cause;
	return (
		cause?.code ?? (error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'connection failed')
	);
}
