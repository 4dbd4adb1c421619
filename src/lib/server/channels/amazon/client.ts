import { sha256 } from '../../platform/crypto.ts';
import { log } from '../../platform/log.ts';
import { settings } from '../../platform/running.ts';
import type { Account, ChannelClient } from '../channel.ts';
import type { AmazonCredentials, Credentials } from '../credentials.ts';
import { ChannelError } from '../error.ts';
import { backoff, request, type Reply } from '../http.ts';
import type { Json } from '../json.ts';
import { rateBucket, type RateBucket } from '../rate-bucket.ts';
import { renewed } from '../renewal.ts';
import { AmazonRefused, jsonOf, missingRole, refusalOf } from './errors.ts';
import { applicationToken, tokenDue, withNewToken, type LwaToken } from './lwa.ts';
import { addressOfCall, OPERATIONS, type CallInput, type OperationName } from './operations.ts';
import { endpointOf, LWA_ENDPOINT, marketplaceOf, REGIONS, type Region } from './regions.ts';

/** One seller's Selling Partner API in one region. */
export interface AmazonClient extends ChannelClient {
	readonly sellerId: string;
	readonly region: Region;
	/** The marketplaces that are read, the main one first. */
	readonly marketplaceIds: readonly string[];
	/** The address of a simulated account, null for any other: names its queue of notifications. */
	readonly baseUrl: string | null;
	/** The server that answers in Amazon's place (a simulator), null at Amazon itself: decides where documents may come from, and how long to wait for them. */
	readonly standIn: string | null;
	/**
	 * Calls an operation and answers its JSON, null for 204 and, when `absent` says so, for 404.
	 * @throws AmazonRefused with Amazon's words, ChannelError otherwise
	 */
	call(name: OperationName, input?: CallInput, options?: { absent?: boolean }): Promise<Json | null>;
	/** Amazon's clock, as its last answer told; a window must end two minutes before it, whatever our own clock says. */
	serverNow(): Promise<Date>;
	facts(): Record<string, unknown>;
}

const MOST_TRIES = 10;
/** Waits after a refusal without any header: 2 s, 4 s ... at most the time in which a token comes back. */
const MOST_BACKOFF_MS = 180_000;

/** Opens the API of a seller. Nothing is sent yet. */
export function amazonClient(account: Account, { signal }: { signal?: AbortSignal } = {}): AmazonClient {
	const { region, marketplaceIds } = chosen(account);
	const { api, lwa, standIn } = addresses(account.baseUrl, region);
	const traffic = { requests: 0, retries: 0 };
	const used = new Map<OperationName, RateBucket>();
	let credentials = amazonOnly(account.credentials);
	let grantless: LwaToken | null = null;
	let skewMs: number | null = null;

	const bucketOf = (name: OperationName): RateBucket => {
		let bucket = used.get(name);
		if (!bucket) {
			const {
				rate,
				burst,
				grantless: free
			} = OPERATIONS[name] as (typeof OPERATIONS)[OperationName] & {
				grantless?: true;
			};
			const whom = free ? '' : account.externalId;
			const key = `amazon:${sha256(`${api} ${credentials.clientId}`).slice(0, 16)}:${whom}:${name}`;
			used.set(name, (bucket = rateBucket({ key, channel: 'Amazon', rate, burst })));
		}
		return bucket;
	};
	const sellerAccess = async (refused?: string): Promise<string> => {
		if (tokenDue(credentials, refused)) {
			credentials = account.row
				? await renewed<AmazonCredentials>(account.row, {
						own: amazonOnly,
						due: (stored) => tokenDue(stored, refused),
						renew: (stored) => withNewToken(lwa, stored)
					})
				: await withNewToken(lwa, credentials);
		}
		return credentials.accessToken!;
	};
	const applicationAccess = async (refused?: string): Promise<string> => {
		if (!grantless || grantless.accessToken === refused || grantless.expiresAt < Date.now() + 60_000)
			grantless = await applicationToken(lwa, credentials);
		return grantless.accessToken;
	};
	const heard = ({ headers }: Reply) => {
		const date = Date.parse(headers.get('date') ?? '');
		if (!Number.isNaN(date)) skewMs = date - Date.now();
	};

	return {
		traffic,
		sellerId: account.externalId,
		region,
		marketplaceIds,
		baseUrl: account.baseUrl,
		standIn,
		async call(name, input = {}, { absent = false } = {}) {
			const operation = OPERATIONS[name];
			const bucket = bucketOf(name);
			const access = 'grantless' in operation ? applicationAccess : sellerAccess;
			const url = `${api}${addressOfCall(name, input)}`;
			let refused: string | undefined;
			for (let attempt = 0; ; attempt++) {
				await bucket.take(signal);
				const token = await access(refused);
				const reply = await request(
					{
						method: operation.method,
						url,
						headers: { 'x-amz-access-token': token, 'Content-Type': 'application/json' },
						...(input.body !== undefined && { body: JSON.stringify(input.body) })
					},
					{ channel: 'Amazon', signal, traffic, keeps: ({ status }) => status === 429 }
				);
				heard(reply);
				await bucket.adopt(Number(reply.headers.get('x-amzn-ratelimit-limit') ?? NaN));
				if (reply.status === 429) {
					if (attempt + 1 >= MOST_TRIES)
						throw new ChannelError('throttled', 'Amazon keeps asking us to wait.', null, { waitMs: 120_000 });
					traffic.retries++;
					const step = 1000 / bucket.state().rate;
					await bucket.refused(Math.min(backoff(attempt + 2, MOST_BACKOFF_MS), Math.max(300, step)));
					continue;
				}
				if ((reply.status === 403 || reply.status === 401) && refused === undefined) {
					// a token that ended between two pages: one renewal for all callers, then the same page again
					refused = token;
					traffic.retries++;
					continue;
				}
				if (reply.status === 204) return null;
				if (reply.status >= 200 && reply.status < 300) return parsed(reply, name);
				const refusal = refusalOf(reply.status, reply.body);
				if (reply.status === 404 && absent) return null;
				if (reply.status === 403 || reply.status === 401) throw missingRole(name, refusal);
				log.debug({ operation: name, status: reply.status, code: refusal.code }, 'Amazon refused a call');
				throw new AmazonRefused(name, refusal);
			}
		},
		async serverNow() {
			if (skewMs === null) {
				// the root answers anybody with its Date, and costs no call of any plan
				const reply = await request(
					{ url: `${api}/`, headers: {} },
					{ channel: 'Amazon', signal, traffic, tries: 3 }
				);
				heard(reply);
				skewMs ??= 0;
			}
			// a clock that seems seconds off is the network's delay
			return new Date(Date.now() + (Math.abs(skewMs) < 2000 ? Math.min(0, skewMs) : skewMs));
		},
		facts: () => ({
			...(skewMs !== null && { clockSkewMs: Math.round(skewMs / 1000) * 1000 }),
			limits: Object.fromEntries([...used].map(([name, bucket]) => [name, bucket.state()]))
		})
	};
}

/** @throws ChannelError for credentials of another channel */
export function amazonOnly(credentials: Credentials): AmazonCredentials {
	if (credentials.kind === 'amazon_lwa') return credentials;
	throw new ChannelError('credentials', 'These are not the credentials of an Amazon seller.');
}

/** Region and marketplaces that were chosen when the account was connected. */
function chosen({ facts = {} }: Account): { region: Region; marketplaceIds: string[] } {
	const ids = Array.isArray(facts.marketplaceIds)
		? facts.marketplaceIds.filter((id): id is string => typeof id === 'string')
		: [];
	const region = REGIONS.find((one) => one === facts.region) ?? marketplaceOf(ids[0] ?? '')?.region;
	return { region: region ?? 'na', marketplaceIds: ids };
}

function addresses(
	baseUrl: string | null,
	region: Region
): { api: string; lwa: string; standIn: string | null } {
	const { AMAZON_API_URL, AMAZON_LWA_URL } = settings();
	const standIn = baseUrl ?? AMAZON_API_URL ?? null;
	const ownLwa = baseUrl === null ? AMAZON_LWA_URL : undefined;
	return {
		api: standIn ?? endpointOf(region),
		lwa: ownLwa ?? (standIn === null ? LWA_ENDPOINT : `${standIn}/lwa`),
		standIn
	};
}

function parsed(reply: Reply, name: string): Json {
	const json = jsonOf(reply.body) ?? listOf(reply.body);
	if (json) return json;
	throw new ChannelError(
		'unavailable',
		`Amazon’s answer to ${name} was cut off or not readable. Tidemark tries again by itself.`
	);
}

/** One operation answers a bare list. */
function listOf(body: string): Json | null {
	try {
		const value: unknown = JSON.parse(body);
		return Array.isArray(value) ? { list: value } : null;
	} catch {
		return null;
	}
}
