import { setTimeout as sleep } from 'node:timers/promises';
import { ChannelError } from './error.ts';
import { noteTrouble } from './journal.ts';

/** Longest answer we read into memory; large files are streamed elsewhere. */
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

export interface Asked {
	method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
	url: string;
	headers: Record<string, string>;
	body?: string;
}

export interface RequestOptions {
	/** As people know the channel: Shopify. */
	channel: string;
	signal?: AbortSignal | undefined;
	traffic?: Traffic | undefined;
	tries?: number;
	/** Milliseconds to wait that the channel's own header tells with a 429, or null. The default reads Retry-After in seconds. */
	waitOf?(reply: Reply): number | null;
	/** True for an answer that is given back although its status is 429 or above 499: the caller waits in its own way. */
	keeps?(reply: Reply): boolean;
	/** Headers made anew for each try, such as a correlation id. */
	fresh?(): Record<string, string>;
	/** What a redirect means here; a token must not follow one to another host. */
	redirected?(): ChannelError;
}

/**
 * One request, tried again on 429 (as long as the channel says), on 5xx and on a broken connection (doubling waits with jitter).
 * Redirects are refused.
 * @throws ChannelError `unavailable` when all tries failed, `aborted` when `signal` fired
 */
export async function request(asked: Asked, options: RequestOptions): Promise<Reply> {
	const tries = options.tries ?? MAX_TRIES;
	let last = `${options.channel} did not answer.`;
	for (let attempt = 0; attempt < tries; attempt++) {
		if (attempt > 0 && options.traffic) options.traffic.retries++;
		let wait = backoff(attempt);
		try {
			if (options.traffic) options.traffic.requests++;
			const reply = await send(asked, options);
			if ((reply.status !== 429 && reply.status < 500) || options.keeps?.(reply)) return reply;
			last = `${options.channel} answered ${reply.status}.`;
			if (reply.status === 429) wait = (options.waitOf ?? retryAfter)(reply) ?? wait;
			else if (reply.status === 501 || reply.status === 505) return reply;
		} catch (error) {
			if (options.signal?.aborted) throw aborted(error);
			if (error instanceof ChannelError) throw error;
			last = `${options.channel} could not be reached (${reasonOf(error)}).`;
		}
		noteTrouble(last, attempt + 1 < tries ? Math.round(wait) : 0);
		if (attempt + 1 < tries) await pause(wait, options.signal);
	}
	throw new ChannelError('unavailable', `${last} Tidemark tries again by itself.`);
}

/** Waits, or throws `aborted` when the signal fires. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	try {
		await sleep(ms, undefined, signal ? { signal } : {});
	} catch (cause) {
		throw aborted(cause);
	}
}

/** 0.5 s, 1 s, 2 s ... at most 30 s, each between half and all of it. */
export function backoff(attempt: number, most = 30_000): number {
	const full = Math.min(most, 500 * 2 ** attempt);
	return full / 2 + Math.random() * (full / 2);
}

/** The error of work that we stopped ourselves. */
export function aborted(cause?: unknown): ChannelError {
	return new ChannelError('aborted', 'The sync was stopped.', null, { cause });
}

async function send(asked: Asked, options: RequestOptions): Promise<Reply> {
	const timeout = AbortSignal.timeout(TIMEOUT_MS);
	const response = await fetch(asked.url, {
		method: asked.method ?? 'GET',
		headers: { Accept: 'application/json', 'User-Agent': 'Tidemark', ...asked.headers, ...options.fresh?.() },
		...(asked.body !== undefined && { body: asked.body }),
		redirect: 'manual',
		signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
	});
	if (response.status >= 300 && response.status < 400) {
		await response.body?.cancel();
		throw (
			options.redirected?.() ??
			new ChannelError(
				'unavailable',
				`${options.channel} sent us to another address, which we do not follow.`
			)
		);
	}
	return {
		status: response.status,
		headers: response.headers,
		body: await readBody(response, options.channel)
	};
}

async function readBody(response: Response, channel: string): Promise<string> {
	const tooLarge = () => new ChannelError('rejected', `An answer of ${channel} is too large.`);
	if (Number(response.headers.get('content-length') ?? 0) > MAX_BODY) throw tooLarge();
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of response.body ?? []) {
		size += chunk.byteLength;
		if (size > MAX_BODY) throw tooLarge();
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}

function retryAfter({ headers }: Reply): number | null {
	const seconds = Number(headers.get('retry-after'));
	return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 120) * 1000 : null;
}

function reasonOf(error: unknown): string {
	const cause = (error as { cause?: { code?: string } }).cause;
	return (
		cause?.code ?? (error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'connection failed')
	);
}
