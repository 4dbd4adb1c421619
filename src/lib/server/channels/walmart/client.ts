import { createHash, randomUUID } from 'node:crypto';
import { settings } from '../../platform/running.ts';
import type { Account, ChannelClient } from '../channel.ts';
import type { WalmartCredentials } from '../credentials.ts';
import { ChannelError } from '../error.ts';
import { backoff, pause, request, type Reply, type Traffic } from '../http.ts';
import { object, type Json } from '../json.ts';
import { MOST_WAIT_MS, rateBucket, type RateBucket } from '../rate-bucket.ts';
import { explainApiError } from './errors.ts';
import { subscriptionSecret } from './subscriptions.ts';
import { replenishmentWait } from './throttle.ts';
import { isDue, requestToken, SERVICE_NAME, validKeys, walmartOnly } from './token.ts';

/** What Walmart answered. 206 means that rows are missing from it. */
export interface Answer {
	status: 200 | 206 | 404;
	body: Json;
}

/** One seller's Marketplace API. */
export interface WalmartClient extends ChannelClient {
	readonly externalId: string;
	readonly traffic: Traffic;
	/**
	 * One call. `path` begins with /v3 and is sent as it is: whoever builds it encodes its parts. 404 is answered, not thrown.
	 * @throws ChannelError; `rejected` for other refusals
	 */
	call(
		path: string,
		options?: { method?: 'GET' | 'POST' | 'PUT' | 'DELETE'; body?: unknown }
	): Promise<Answer>;
	/** The keys as they are now, with the newest token. */
	credentials(): WalmartCredentials;
	/** What signs the notifications of a connection of these keys. */
	secretFor(connection: { id: string; organizationId: string }): string;
	facts(): Record<string, unknown>;
}

/** Calls a second and at once: below what Walmart's pages name; its headers say the rest. */
const RATE = 8;
const BURST = 60;
const MOST_TRIES = 8;

/** Opens the API of a seller. Nothing is sent yet. */
export function walmartClient(account: Account, { signal }: { signal?: AbortSignal } = {}): WalmartClient {
	const { row, externalId } = account;
	const base = (account.baseUrl ?? settings().WALMART_API_URL).replace(/\/+$/, '');
	const traffic: Traffic = { requests: 0, retries: 0 };
	const reached = { base, signal, traffic };
	const buckets = new Map<string, RateBucket>();
	let keys = walmartOnly(account.credentials);
	const app = createHash('sha256').update(`${base}|${keys.clientId}`).digest('base64url').slice(0, 16);

	/** The token to use now. Several callers share one renewal. */
	let renewing: Promise<void> | null = null;
	async function token(refused?: string): Promise<string> {
		while (isDue(keys, refused)) {
			renewing ??= (row ? validKeys(row, reached, refused) : requestToken(reached, keys))
				.then((next) => {
					keys = next;
				})
				.finally(() => {
					renewing = null;
				});
			await renewing;
		}
		return keys.accessToken!;
	}

	function bucketOf(path: string): RateBucket {
		const endpoint = endpointOf(path);
		let bucket = buckets.get(endpoint);
		if (!bucket) {
			const key = `walmart:${app}:${endpoint}`;
			buckets.set(endpoint, (bucket = rateBucket({ key, channel: 'Walmart', rate: RATE, burst: BURST })));
		}
		return bucket;
	}

	async function once(
		path: string,
		accessToken: string,
		method: 'GET' | 'POST' | 'PUT' | 'DELETE',
		body: unknown
	) {
		return request(
			{
				method,
				url: base + path,
				headers: {
					'WM_SEC.ACCESS_TOKEN': accessToken,
					'WM_SVC.NAME': SERVICE_NAME,
					...(body !== undefined && { 'Content-Type': 'application/json' })
				},
				...(body !== undefined && { body: JSON.stringify(body) })
			},
			{
				channel: 'Walmart',
				signal,
				traffic,
				// each try is a call of its own at Walmart
				fresh: () => ({ 'WM_QOS.CORRELATION_ID': randomUUID() }),
				keeps: (reply) => reply.status === 429
			}
		);
	}

	return {
		externalId,
		traffic,
		credentials: () => keys,
		secretFor: (connection) => subscriptionSecret(keys.clientSecret, connection),
		facts: () => ({
			limits: Object.fromEntries([...buckets].map(([endpoint, bucket]) => [endpoint, bucket.state()]))
		}),
		async call(path, { method = 'GET', body } = {}) {
			const bucket = bucketOf(path);
			let refused: string | undefined;
			for (let attempt = 1; ; attempt++) {
				await bucket.take(signal);
				const accessToken = await token(refused);
				const reply = await once(path, accessToken, method, body);
				if (reply.status === 401 && refused === undefined) {
					refused = accessToken;
					traffic.retries++;
					continue;
				}
				const again = attempt < MOST_TRIES;
				if (reply.status === 429) {
					const wait = replenishmentWait(reply.headers) ?? backoff(attempt, 60_000);
					await bucket.refused(wait);
					if (wait > MOST_WAIT_MS || !again) throw throttled(wait);
					traffic.retries++;
					continue;
				}
				const answer = reply.status === 423 ? null : read(reply);
				if (reply.headers.get('x-current-token-count') === '0')
					await bucket.refused(replenishmentWait(reply.headers) ?? 0);
				if (answer) return answer;
				if (!again)
					throw new ChannelError(
						'unavailable',
						`Walmart answered ${reply.status} again and again. Tidemark tries again by itself.`
					);
				traffic.retries++;
				await pause(backoff(attempt), signal);
			}
		}
	};
}

/** What a path's calls are counted under, in the words of the page that shows the limits. The first that fits is taken. */
const ENDPOINTS: [RegExp, string][] = [
	[/^\/v3\/orders/, 'Orders'],
	[/^\/v3\/returns/, 'Returns'],
	[/^\/v3\/items/, 'Items'],
	[/^\/v3\/inventor/, 'Stock'],
	[/^\/v3\/fulfillment\/inventory/, 'Stock at Walmart'],
	[/^\/v3\/reports?\//, 'Reports']
];

function endpointOf(path: string): string {
	return ENDPOINTS.find(([pattern]) => pattern.test(path))?.[1] ?? 'Account';
}

/** What was answered; null for an answer that cannot be read, such as a page of HTML: it is worth another try. */
function read({ status, body }: Reply): Answer | null {
	if (status !== 200 && status !== 206 && status !== 404) throw explainApiError(status, body);
	try {
		const parsed: unknown = body === '' ? {} : JSON.parse(body);
		return { status, body: object(parsed) ?? { list: parsed } };
	} catch {
		return status === 404 ? { status, body: {} } : null;
	}
}

function throttled(waitMs: number): ChannelError {
	return new ChannelError(
		'throttled',
		`Walmart’s limit is reached. Tidemark goes on in ${Math.ceil(waitMs / 1000)} seconds.`,
		null,
		{ waitMs: Math.max(waitMs, 1000) }
	);
}
