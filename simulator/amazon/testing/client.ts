import { startSimulator } from '../../testing/start.ts';

/** A simulator whose marketplaces are quick to make and whose quotas are no hindrance, with a signed-in Amazon client. */
export async function startAmazon(...args: string[]) {
	const sim = await startSimulator('--channels', 'shopify,amazon', '--amazon-quota', '100000', ...args);
	const seller = sim.simulator.amazon!.sellers[0]!;
	const base = `${sim.url}/amazon`;

	async function token(form: Record<string, string>) {
		const response = await fetch(`${base}/lwa/auth/o2/token`, {
			method: 'POST',
			body: new URLSearchParams({ client_id: seller.clientId, client_secret: seller.clientSecret, ...form })
		});
		// Replies are free-form JSON here: each test says what it expects of them.
		// eslint-disable-next-line @typescript-eslint/no-explicit-any
		return { status: response.status, body: (await response.json()) as any };
	}
	const signIn = async () => {
		const { body } = await token({ grant_type: 'refresh_token', refresh_token: seller.refreshToken });
		return body.access_token as string;
	};
	let current = '';
	async function call(path: string, init: { method?: string; body?: unknown; token?: string } = {}) {
		if (!init.token && !current) current = await signIn();
		const response = await fetch(base + path, {
			method: init.method ?? (init.body === undefined ? 'GET' : 'POST'),
			headers: {
				'x-amz-access-token': init.token ?? current,
				'user-agent': 'Tests/1.0 (Language=TypeScript)'
			},
			...(init.body !== undefined && { body: JSON.stringify(init.body) })
		});
		const text = await response.text();
		// eslint-disable-next-line @typescript-eslint/no-explicit-any
		const body: any = text === '' ? null : JSON.parse(text);
		return { status: response.status, headers: response.headers, body };
	}
	return {
		...sim,
		seller,
		base,
		token,
		signIn,
		call,
		/** A plain call of the simulator itself. */
		get: (path: string) => sim.call(path),
		market: () => seller.market(),
		useToken: (text: string) => (current = text),
		act: (action: string, more: Record<string, unknown> = {}) =>
			sim.control({ channel: 'amazon', action, ...more })
	};
}
