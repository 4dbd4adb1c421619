import { randomUUID } from 'node:crypto';
import { generateShop } from '../../world/generate.ts';
import { generateMarket } from '../../world/market/history.ts';
import { answerWalmart, type Call } from '../api.ts';
import { createSeller, type WalmartOptions } from '../seller.ts';

export const NOW = Date.parse('2026-11-22T16:00:00Z');

/** A small world seen as a Walmart seller, its clock in the test's hand, without a server. */
export function testSeller(
	given: Partial<WalmartOptions> & { months?: number; ordersPerDay?: number; faults?: Set<string> } = {}
) {
	const { months = 2, ordersPerDay = 12, faults = new Set<string>(), ...options } = given;
	const clock = { now: NOW };
	const shop = generateShop({
		n: 1,
		seed: 'walmart',
		domain: 'alder.myshopify.com',
		name: 'Alder & Finch',
		currency: 'USD',
		zone: 'America/Los_Angeles',
		now: NOW,
		months,
		products: 60,
		ordersPerDay
	});
	const market = generateMarket('walmart', shop, { seed: 'walmart', now: NOW, ordersPerDay, sites: [] });
	const seller = createSeller(market, { seed: 'walmart', now: () => clock.now, ...options }, faults);
	let token = '';

	function call(
		method: string,
		pathAndQuery: string,
		given: { headers?: Record<string, string>; body?: string } = {}
	) {
		const [path, ...search] = pathAndQuery.split('?');
		const call: Call = {
			method,
			path: path!,
			search: search.join('?'),
			headers: {
				accept: 'application/json',
				'wm_svc.name': 'Walmart Marketplace',
				'wm_qos.correlation_id': randomUUID(),
				host: 'walmart.test',
				...(token && { 'wm_sec.access_token': token }),
				...given.headers
			},
			body: given.body ?? ''
		};
		const reply = answerWalmart(seller, call);
		// Replies are free-form JSON here: each test says what it expects of them.
		// eslint-disable-next-line @typescript-eslint/no-explicit-any
		return { ...reply, body: reply.body as any };
	}

	/** Takes a token for the calls that follow. */
	function signIn() {
		const pair = Buffer.from(`${seller.clientId}:${seller.clientSecret}`).toString('base64');
		const reply = call('POST', '/v3/token', {
			headers: { authorization: `Basic ${pair}` },
			body: 'grant_type=client_credentials'
		});
		token = reply.body.access_token ?? '';
		return reply;
	}

	return { seller, shop, market, clock, call, signIn };
}
