import http from 'node:http';
import type { AddressInfo } from 'node:net';

type Fields = Record<string, unknown>;

/** Stands for api.stripe.com: answers what it holds now, as lists and objects of the official shape, and counts who asks. */
export interface StripeFake {
	url: string;
	/** Paths asked for, in order. */
	asked: string[];
	customers: Map<string, Fields>;
	subscriptions: Map<string, Fields>;
	sessions: Map<string, Fields>;
	/** Answers wait until this is over. */
	hold: Promise<void>;
	/** Status that every answer has instead, such as 500. */
	broken: number | null;
	stop(): Promise<void>;
}

export const KEY = 'sk_test_fake';

/** Starts the fake on a port of its own. */
export async function startStripe(): Promise<StripeFake> {
	const fake: StripeFake = {
		url: '',
		asked: [],
		customers: new Map(),
		subscriptions: new Map(),
		sessions: new Map(),
		hold: Promise.resolve(),
		broken: null,
		stop: () => new Promise((resolve) => server.close(() => resolve()))
	};
	const server = http.createServer((request, response) => {
		const url = new URL(request.url!, 'http://stripe');
		const signedIn = request.headers.authorization === `Bearer ${KEY}`;
		const [status, body] = fake.broken
			? [fake.broken, problem('api_error')]
			: signedIn
				? answer(fake, url)
				: [401, problem('invalid_request_error')];
		// what is told is what was true when it was asked
		const text = JSON.stringify(body);
		fake.asked.push(url.pathname);
		void fake.hold.then(() => response.writeHead(status, { 'content-type': 'application/json' }).end(text));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return fake;
}

function answer(fake: StripeFake, { pathname, searchParams }: URL): [number, unknown] {
	const [, , kind, id, last] = pathname.split('/');
	const found =
		kind === 'customers'
			? fake.customers.get(id!)
			: kind === 'checkout'
				? fake.sessions.get(last!)
				: id
					? fake.subscriptions.get(id)
					: undefined;
	if (found) return [200, found];
	if (kind !== 'subscriptions' || id) return [404, problem('invalid_request_error')];
	const all = [...fake.subscriptions.values()].filter(
		(one) =>
			one.customer === searchParams.get('customer') &&
			(searchParams.get('status') === 'all' || one.status !== 'canceled')
	);
	const from = all.findIndex((one) => one.id === searchParams.get('starting_after')) + 1;
	const limit = Number(searchParams.get('limit') ?? 10);
	const data = all.slice(from, from + limit);
	return [200, { object: 'list', url: '/v1/subscriptions', has_more: all.length > from + limit, data }];
}

const problem = (type: string) => ({ error: { type, message: 'No such thing.' } });
