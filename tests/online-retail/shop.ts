import { setTimeout as sleep } from 'node:timers/promises';
import { readDashboard } from '../../bench/dashboard.ts';
import { pageData } from '../../bench/page-data.ts';
import { freePort, startChild, type Child } from '../../bench/process.ts';
import { Visitor } from '../../bench/visitor.ts';
import type { ConnectionView, RunView } from '../../src/lib/contracts/channel-views.ts';

/** A simulated shop that holds the file, and what connects to it. */
export interface ReplayedShop {
	child: Child;
	domain: string;
	accessToken: string;
	secret: string;
}

/** The simulator with the whole file as its history. */
export async function startReplay(file: string): Promise<ReplayedShop> {
	const port = await freePort();
	const args = [
		'simulator/main.ts',
		'--port',
		String(port),
		'--replay',
		file,
		'--currency',
		'GBP',
		'--time-zone',
		'Europe/London',
		'--rate',
		'0',
		'--plan',
		'plus'
	];
	const child = await startChild({ args, port, ready: /"event":"ready".*\n/, timeout: 180_000 });
	const line = child
		.output()
		.split('\n')
		.find((one) => one.startsWith('{"event":"ready"'))!;
	const { shop, accessToken, webhookSecret } = JSON.parse(line) as {
		shop: string;
		accessToken: string;
		webhookSecret: string;
	};
	return { child, domain: shop, accessToken, secret: webhookSecret };
}

/** Signs up an organization in pounds and London time and connects the shop, through the pages' own forms. Answers its tenant. */
export async function signUpAndConnect(
	url: string,
	shop: ReplayedShop
): Promise<{ slug: string; cookie: string; connectionId: string }> {
	const visitor = new Visitor(url);
	const first = await visitor.post('/sign-up', {
		name: 'Retail Auditor',
		email: 'auditor@example.com',
		password: 'a count of every penny 1838',
		organizationName: 'Online Retail',
		currency: 'GBP',
		timeZone: 'Europe/London',
		locale: 'en-GB'
	});
	const slug = first.split('/')[1]!;
	const connected = await visitor.post(`/${slug}/channels/connect?/token`, {
		shop: shop.domain,
		accessToken: shop.accessToken,
		clientSecret: shop.secret
	});
	return { slug, cookie: visitor.cookie, connectionId: connected.split('/').at(-1)! };
}

/**
 * Waits until the first sync is done and its figures are on the dashboard. `tell` gets a line of progress every few seconds.
 * @throws Error when the sync fails or takes longer than half an hour
 */
export async function waitForHistory(
	url: string,
	tenant: { slug: string; cookie: string; connectionId: string },
	tell: (line: string) => void
): Promise<{ run: RunView; figuresAfterMs: number }> {
	const deadline = Date.now() + 30 * 60_000;
	let told = 0;
	for (;;) {
		const page = await pageData<{ connection: ConnectionView; runs: RunView[] }>(
			`${url}/${tenant.slug}/channels/${tenant.connectionId}`,
			tenant.cookie
		);
		const run = page.runs.find(({ kind }) => kind === 'backfill');
		if (run?.status === 'failed' || run?.status === 'cancelled')
			throw new Error(`The first sync ${run.status}: ${run.error}`);
		if (run?.status === 'succeeded') {
			const finished = Date.now();
			const { position } = await pageData<{ position: number }>(
				`${url}/${tenant.slug}/channels`,
				tenant.cookie
			);
			while ((await readDashboard(url, tenant)).position < position) {
				if (Date.now() > deadline) throw new Error('The figures did not catch up.');
				await sleep(250);
			}
			return { run, figuresAfterMs: Date.now() - finished };
		}
		if (Date.now() > deadline)
			throw new Error(`The first sync was not done after half an hour: ${JSON.stringify(run)}`);
		if (run && Date.now() - told > 5000) {
			told = Date.now();
			tell(
				Object.entries(run.progress)
					.map(([part, { done, total }]) => `${part} ${done}${total ? ` of ${total}` : ''}`)
					.join(', ')
			);
		}
		await sleep(500);
	}
}
