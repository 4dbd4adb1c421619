import type { Answer } from '../shopify/oauth.ts';
import { deterministicSecret } from '../shopify/tenant.ts';

type Fields = Record<string, unknown>;

/** Stripe's side of the simulator: what it holds, as objects of the official shape, and the secrets to use it with. */
export interface Stripe {
	secretKey: string;
	webhookSecret: string;
	customers: Map<string, Fields>;
	subscriptions: Map<string, Fields & { customer: string; status: string }>;
	sessions: Map<string, Fields>;
	/** Numbers ids. */
	next: number;
	/** Answers a request to `/stripe/v1/...`. */
	answer(url: URL, authorization: string | undefined): Answer;
}

const problem = (status: number, message: string): Answer => ({
	status,
	body: { error: { type: 'invalid_request_error', message } }
});

export function createStripe(seed: string): Stripe {
	const stripe: Stripe = {
		secretKey: deterministicSecret('sk_test_', seed, 'stripe key'),
		webhookSecret: deterministicSecret('whsec_', seed, 'stripe webhooks'),
		customers: new Map(),
		subscriptions: new Map(),
		sessions: new Map(),
		next: Date.now(), // another start has other ids: events that are known already count for nothing
		answer({ pathname, searchParams }, authorization) {
			if (authorization !== `Bearer ${stripe.secretKey}`) return problem(401, 'Invalid API Key provided');
			const [kind = '', id, last] = pathname.replace(/^\/stripe\/v1\//, '').split('/');
			if (kind === 'subscriptions' && id === undefined)
				return { status: 200, body: listed(stripe, searchParams) };
			const found =
				kind === 'customers'
					? stripe.customers.get(id ?? '')
					: kind === 'checkout'
						? stripe.sessions.get(last ?? '')
						: kind === 'subscriptions'
							? stripe.subscriptions.get(id ?? '')
							: undefined;
			return found ? { status: 200, body: found } : problem(404, 'No such object');
		}
	};
	return stripe;
}

function listed({ subscriptions }: Stripe, query: URLSearchParams): Fields {
	const all = [...subscriptions.values()].filter(
		({ customer, status }) =>
			(!query.has('customer') || customer === query.get('customer')) &&
			(query.get('status') === 'all' || status !== 'canceled')
	);
	const from = all.findIndex(({ id }) => id === query.get('starting_after')) + 1;
	const limit = Math.min(100, Math.max(1, Number(query.get('limit') ?? 10) || 10));
	return {
		object: 'list',
		url: '/v1/subscriptions',
		has_more: all.length > from + limit,
		data: all.slice(from, from + limit)
	};
}
