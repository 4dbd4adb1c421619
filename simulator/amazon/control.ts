import type { AmazonSeller } from './seller.ts';

type Body = Record<string, unknown>;

/** What the control endpoint can do to the Amazon side alone (`"channel":"amazon"`). */
export const AMAZON_ACTIONS: Readonly<Record<string, (seller: AmazonSeller, body: Body) => unknown>> = {
	/** The seller withdraws the authorisation: tokens die, LWA answers invalid_grant. */
	revoke: (seller) => {
		seller.revoked = true;
		return { authorized: false };
	},
	authorize: (seller) => {
		seller.revoked = false;
		return { authorized: true };
	},
	/** Kills the access tokens, as an hour would (F13). */
	'expire-tokens': (seller) => {
		const count = seller.tokens.size;
		for (const token of seller.tokens.values()) token.expiresAt = 0;
		return { expired: count };
	},
	/** Shows the orders that F06 and F15 hide. */
	reveal: (seller) => {
		const count = seller.hidden.size;
		seller.hidden.clear();
		return { revealed: count };
	},
	/** Another rate of an operation, as dynamic usage plans have; without `perSecond` the default again. */
	'rate-limit': (seller, body) => {
		const operation = String(body.operation);
		if (body.perSecond === undefined) seller.usage.rates.delete(operation);
		else seller.usage.rates.set(operation, Number(body.perSecond));
		return { operation, perSecond: body.perSecond ?? null };
	},
	api: (seller) => ({
		...seller.counters,
		tokensAlive: [...seller.tokens.values()].filter(({ expiresAt }) => expiresAt > seller.now()).length,
		authorized: !seller.revoked,
		hidden: seller.hidden.size,
		destinations: seller.destinations.size,
		subscriptions: [...seller.subscriptions.keys()],
		reports: seller.reports.size,
		queue: { waiting: seller.queue.size, ...seller.queue.counters }
	})
};
