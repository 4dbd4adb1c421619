import type { ChannelClient } from '../channel.ts';
import type { ShopifyCredentials } from '../credentials.ts';
import { log } from '../../platform/log.ts';
import { settings } from '../../platform/running.ts';
import { addressOf } from './address.ts';
import { ChannelError } from '../error.ts';
import { explainApiError, missingScope } from './errors.ts';
import { pause, type Traffic } from '../http.ts';
import { noteTrouble } from '../journal.ts';
import { post } from './http.ts';
import { object, objects, text, type Json } from './read.ts';
import { bucketFor, take, told, waitFor, type ThrottleStatus } from './throttle.ts';
import { validCredentials, type Shop } from './token.ts';

/** One shop's Admin API. */
export interface ShopifyClient extends ChannelClient {
	readonly shop: string;
	/** Runs a query or mutation and answers `data`. `cost` is what we expect it to cost before Shopify has told. */
	ask(query: string, variables?: Record<string, unknown>, options?: { cost?: number }): Promise<Json>;
	/** The version Shopify answered with, when it is not the one we asked for. */
	readonly fellForwardTo: string | null;
	/** What the last answer said of the budget. */
	readonly budget: ThrottleStatus | null;
}

export interface ClientOptions extends Shop {
	credentials: ShopifyCredentials;
	/** The row whose token may be renewed; absent while a connection is being made. */
	row?: { id: string; organizationId: string };
	signal?: AbortSignal;
}

const THROTTLED_TRIES = 30;

/** Opens the API of a shop. Nothing is sent yet. */
export function shopifyClient(options: ClientOptions): ShopifyClient {
	const { shop, signal } = options;
	const { base, headers } = addressOf(options);
	const version = settings().SHOPIFY_API_VERSION;
	const url = `${base}/admin/api/${version}/graphql.json`;
	const bucket = bucketFor(appOf(options.credentials), `${shop}@${base}`);
	const traffic: Traffic = { requests: 0, retries: 0 };
	const costs = new Map<string, number>();
	let credentials = options.credentials;
	let fellForwardTo: string | null = null;
	let budget: ThrottleStatus | null = null;

	/** The token to use now, renewed when it is near its end or was refused. */
	const token = async (refused?: string): Promise<string> => {
		if (options.row)
			credentials = await validCredentials(
				{ ...options.row, shop, baseUrl: options.baseUrl },
				credentials,
				refused
			);
		if (credentials.accessToken === null || credentials.accessToken === refused)
			throw explainApiError(shop, 401, '');
		return credentials.accessToken;
	};

	return {
		shop,
		traffic,
		get fellForwardTo() {
			return fellForwardTo;
		},
		get budget() {
			return budget;
		},
		facts: () => ({
			fellForwardTo,
			...(budget && {
				limits: {
					'Admin API points': {
						rate: budget.restoreRate,
						left: Math.floor(budget.currentlyAvailable),
						most: budget.maximumAvailable
					}
				}
			})
		}),
		async ask(query, variables = {}, { cost = 10 } = {}) {
			let renewed = false;
			for (let attempt = 0; ; attempt++) {
				await take(bucket, costs.get(query) ?? cost, signal).catch((cause: unknown) => {
					throw new ChannelError('aborted', 'The sync was stopped.', null, { cause });
				});
				const accessToken = await token();
				const reply = await post(
					url,
					{ ...headers, 'X-Shopify-Access-Token': accessToken },
					JSON.stringify({ query, variables }),
					{ signal, traffic }
				);
				if (reply.status === 401 && options.row && !renewed) {
					renewed = true;
					traffic.retries++;
					noteTrouble('Shopify no longer took the access token; it was renewed.');
					await token(accessToken);
					continue;
				}
				if (reply.status !== 200) throw explainApiError(shop, reply.status, reply.body);
				const answered = reply.headers.get('x-shopify-api-version');
				if (answered && answered !== version && fellForwardTo !== answered) {
					fellForwardTo = answered;
					log.warn({ shop, asked: version, answered }, 'Shopify answered with another API version');
				}
				const body = parseReply(reply.body);
				const told_ = costOf(body);
				if (told_) {
					costs.set(query, told_.requested);
					budget = told_.status;
					told(bucket, told_.status);
				}
				const errors = objects(Array.isArray(body.errors) ? body.errors : [], 'The errors');
				if (errors.some((error) => codeOf(error) === 'THROTTLED') && attempt < THROTTLED_TRIES) {
					traffic.retries++;
					const wait = told_
						? waitFor(told_.requested, told_.status.currentlyAvailable, told_.status.restoreRate)
						: 1000;
					noteTrouble('Shopify answered THROTTLED: the budget of points was used up.', Math.max(wait, 1000));
					await pause(Math.max(wait, 1000), signal);
					continue;
				}
				if (errors.length > 0 || body.errors !== undefined) throw graphqlError(shop, body.errors, errors);
				return object(body.data) ?? {};
			}
		}
	};
}

/** @throws ChannelError with Shopify's own words when a mutation refused its input */
export function assertNoUserErrors(payload: unknown, doing: string): Json {
	const result = object(payload);
	if (!result) throw new ChannelError('rejected', `Shopify gave no answer to ${doing}.`);
	const said = objects(result.userErrors, 'userErrors')
		.map((error) => text(error.message))
		.filter(Boolean);
	if (said.length > 0) throw new ChannelError('rejected', `Shopify refused ${doing}: ${said.join('; ')}`);
	return result;
}

function appOf(credentials: ShopifyCredentials): string {
	return credentials.kind === 'access_token' ? 'legacy' : credentials.clientId;
}

function parseReply(body: string): Json {
	try {
		const parsed = object(JSON.parse(body));
		if (parsed) return parsed;
	} catch {
		// falls through to the same answer as a reply that is no object
	}
	throw new ChannelError(
		'unavailable',
		'Shopify’s answer was cut off or not readable. Tidemark tries again by itself.'
	);
}

function costOf(body: Json): { requested: number; status: ThrottleStatus } | null {
	const cost = object(object(body.extensions)?.cost);
	const status = object(cost?.throttleStatus);
	const numbers = [
		cost?.requestedQueryCost,
		status?.maximumAvailable,
		status?.currentlyAvailable,
		status?.restoreRate
	].map(Number);
	if (!cost || !status || numbers.some((one) => !Number.isFinite(one))) return null;
	return {
		requested: numbers[0]!,
		status: { maximumAvailable: numbers[1]!, currentlyAvailable: numbers[2]!, restoreRate: numbers[3]! }
	};
}

function codeOf(error: Json): string | null {
	return text(object(error.extensions)?.code);
}

function graphqlError(shop: string, raw: unknown, errors: Json[]): ChannelError {
	const words =
		errors.length > 0
			? errors
					.map((error) => text(error.message))
					.filter(Boolean)
					.join('; ')
			: String(raw);
	const codes = errors.map(codeOf);
	if (codes.includes('ACCESS_DENIED') || /access denied/i.test(words))
		return missingScope(`${words} ${JSON.stringify(errors).slice(0, 2000)}`);
	if (codes.includes('SHOP_INACTIVE')) return explainApiError(shop, 402, words);
	if (codes.includes('MAX_COST_EXCEEDED')) return new ChannelError('rejected', `MAX_COST_EXCEEDED: ${words}`);
	if (codes.includes('THROTTLED'))
		return new ChannelError(
			'unavailable',
			'Shopify keeps asking us to wait. Tidemark tries again by itself.'
		);
	if (codes.includes('INTERNAL_SERVER_ERROR'))
		return new ChannelError('unavailable', 'Shopify had an internal error. Tidemark tries again by itself.');
	return new ChannelError('rejected', `Shopify refused a query: ${words.slice(0, 300)}`);
}
