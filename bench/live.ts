import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchBrowser } from './browser.ts';
import { DomProbe } from './dom-probe.ts';
import { median, percentile } from './percentiles.ts';
import { Poster } from './poster.ts';
import { freePort, startApp, startChild, temporaryFolder } from './process.ts';
import type { Line, Result } from './report.ts';
import { openEvents, type EventStream } from './sse.ts';
import { openStore, plantShop, plantTenant, type Shop, type Tenant } from './tenants.ts';
import { orderCreated, type Delivery } from './webhook.ts';

/** Samples of one side in one round: five rounds make 1,250. */
const PER_ROUND = 250;
const WARM_UP = 300;
/** Changed texts looked at in the browser, all rounds together: at least 200. */
const DOM_SAMPLES = 220;
const STEADY_SECONDS = 8;

/** One of the two paths from a webhook to a stream. */
interface Side {
	port: number;
	shop: Shop;
	streamUrl: string;
	cookie?: string;
	/** What an event says of the delivery it came from. */
	nameIn(data: string): string | undefined;
	nameOf(delivery: Delivery): string;
}

/** Webhook to stream and to screen, beside the bare path, in interleaved rounds on one machine. */
export async function run(rounds: number): Promise<Result> {
	const ownFolder = temporaryFolder('live');
	const bareFolder = temporaryFolder('live-bare');
	const app = await startApp({ dataDir: ownFolder.path });
	const sql = openStore(ownFolder.path);
	try {
		const tenant = await plantTenant(sql, { name: 'Bench' });
		const shop = await plantShop(sql, ownFolder.path, tenant);
		const barePort = await freePort();
		const bare = await startChild({
			args: ['bench/bare.ts', bareFolder.path, String(barePort), shop.secret],
			port: barePort,
			ready: /bare path ready/
		});
		try {
			const product: Side = {
				port: app.port,
				shop,
				streamUrl: `${app.url}/${tenant.slug}/stream`,
				cookie: tenant.cookie,
				nameIn: (data) => (JSON.parse(data) as { order?: { name: string } }).order?.name,
				nameOf: (delivery) => delivery.name
			};
			const reference: Side = {
				port: barePort,
				shop,
				streamUrl: `${bare.url}/stream`,
				nameIn: (data) => (JSON.parse(data) as { delivery: string }).delivery,
				nameOf: (delivery) => delivery.headers['x-shopify-webhook-id']!
			};
			const bytes = await toStream(product, reference, rounds);
			const watched = await plantTenant(sql, { name: 'Watched' });
			const dom = await toScreen(app.url, watched, {
				...product,
				shop: await plantShop(sql, ownFolder.path, watched)
			});
			const steady = await underLoad(await plantShops(sql, ownFolder.path, tenant, shop, 1), app.port, {
				rate: 200,
				clients: 1
			});
			const wide = await underLoad(await plantShops(sql, ownFolder.path, tenant, shop, 200), app.port, {
				rate: 1000,
				clients: 1000
			});
			return {
				bench: 'live',
				lines: [
					...bytes,
					gated('webhook to changed figure, p50', median(dom), null),
					gated('webhook to changed figure, p99', percentile(dom, 0.99), 150),
					...steady,
					...wide
				],
				facts: {
					rounds,
					'samples per side': rounds * PER_ROUND,
					'samples on screen': dom.length,
					'app memory at its peak, MB': Math.round(app.peakMemory() / 1e6)
				}
			};
		} finally {
			await bare.stop();
		}
	} finally {
		await sql.end({ timeout: 2 });
		await app.stop();
		await ownFolder.remove();
		await bareFolder.remove();
	}
}

function gated(name: string, candidate: number, atMost: number | null): Line {
	return {
		name,
		candidate,
		reference: null,
		unit: 'ms',
		gate: atMost === null ? null : { atMost },
		judge: 'absolute'
	};
}

async function toStream(product: Side, reference: Side, rounds: number): Promise<Line[]> {
	const samples = new Map<Side, number[]>([
		[product, []],
		[reference, []]
	]);
	const p50s: number[] = [];
	for (const side of samples.keys()) await oneByOne(side, WARM_UP);
	for (let round = 0; round < rounds; round++) {
		const order = round % 2 === 0 ? [product, reference] : [reference, product]; // neither always runs on the warmer machine
		const medians = new Map<Side, number>();
		for (const side of order) {
			const measured = await oneByOne(side, PER_ROUND);
			samples.get(side)!.push(...measured);
			medians.set(side, median(measured));
		}
		p50s.push(medians.get(product)! / medians.get(reference)!);
	}
	const line = (name: string, share: number): Line => ({
		name: `webhook to stream byte, ${name}`,
		candidate: percentile(samples.get(product)!, share),
		reference: percentile(samples.get(reference)!, share),
		unit: 'ms',
		gate: { atMost: 3 },
		...(share === 0.5 && { note: `ratio by round: ${p50s.map((ratio) => ratio.toFixed(2)).join(' ')}` })
	});
	return [line('p50', 0.5), line('p99', 0.99)];
}

/** Milliseconds from the first byte of a webhook to the first byte of its event, one webhook after the other. */
async function oneByOne(side: Side, count: number): Promise<number[]> {
	const waiting = new Map<string, (at: number) => void>();
	const stream = await openEvents(side.streamUrl, {
		...(side.cookie && { cookie: side.cookie }),
		onEvent: ({ data, at }) => waiting.get(side.nameIn(data) ?? '')?.(at)
	});
	const poster = new Poster(side.port, '/webhooks/shopify');
	const samples: number[] = [];
	try {
		for (let n = 0; n < count; n++) {
			const delivery = orderCreated(side.shop);
			const name = side.nameOf(delivery);
			const arrived = new Promise<number>((resolve, reject) => {
				waiting.set(name, resolve);
				setTimeout(reject, 10_000, new Error(`The event of ${name} did not arrive within 10 s.`)).unref();
			});
			const [answer, at] = await Promise.all([poster.post(delivery), arrived]);
			if (answer.status !== 200) throw new Error(`A webhook was answered with ${answer.status}.`);
			waiting.delete(name);
			samples.push(at - answer.sentAt);
		}
	} finally {
		poster.close();
		stream.close();
	}
	return samples;
}

/** Milliseconds from the first byte of a webhook to the changed "Orders" figure of the dashboard in Chromium. */
async function toScreen(url: string, tenant: Tenant, { port, shop }: Side): Promise<number[]> {
	const browser = await launchBrowser();
	const poster = new Poster(port, '/webhooks/shopify');
	try {
		const first = await poster.post(orderCreated(shop)); // with an order the dashboard has figures to show
		if (first.status !== 200) throw new Error(`A webhook was answered with ${first.status}.`);
		await sleep(1000);
		const probe = await DomProbe.open(browser, `${url}/${tenant.slug}/dashboard`, tenant.cookie);
		let figure = await probe.figure();
		const samples: number[] = [];
		for (let n = 0; n < DOM_SAMPLES + 20; n++) {
			const reached = await probe.expect(++figure);
			const sent = Date.now(); // the browser's clock is the same machine's
			await poster.post(orderCreated(shop));
			const at = await reached();
			if (n >= 20) samples.push(at - sent);
			await sleep(30 + Math.random() * 60); // not in step with the page's own timers
		}
		return samples;
	} finally {
		poster.close();
		await browser.close();
	}
}

interface Planted {
	tenant: Tenant;
	shop: Shop;
}

async function plantShops(
	sql: Parameters<typeof plantTenant>[0],
	dataDir: string,
	tenant: Tenant,
	shop: Shop,
	count: number
): Promise<Planted[]> {
	const planted: Planted[] = [{ tenant, shop }];
	while (planted.length < count) {
		const made = await plantTenant(sql);
		planted.push({ tenant: made, shop: await plantShop(sql, dataDir, made) });
	}
	return planted;
}

/** A steady rate over all organizations, with the clients spread over them. A webhook counts from the moment it was due. */
async function underLoad(
	planted: Planted[],
	port: number,
	{ rate, clients }: { rate: number; clients: number }
): Promise<Line[]> {
	const due = new Map<string, number>();
	const samples: number[] = [];
	const agent = new http.Agent({ maxSockets: Infinity });
	const streams: EventStream[] = [];
	for (let n = 0; n < clients; n++) {
		const { tenant } = planted[n % planted.length]!;
		const onEvent = ({ data, at }: { data: string; at: number }) => {
			const name = (/"name":"(#B\d+)"/.exec(data) ?? [])[1];
			const since = name === undefined ? undefined : due.get(name);
			if (since !== undefined) samples.push(at - since);
		};
		streams.push(
			await openEvents(`http://127.0.0.1:${port}/${tenant.slug}/stream`, {
				cookie: tenant.cookie,
				agent,
				onEvent
			})
		);
	}
	const pool = Array.from({ length: 128 }, () => new Poster(port, '/webhooks/shopify'));
	const idle = [...pool];
	const freed: (() => void)[] = [];
	let refused = 0;
	const post = async (delivery: Delivery) => {
		while (idle.length === 0) await new Promise<void>((resolve) => freed.push(resolve));
		const poster = idle.pop()!;
		const answer = await poster.post(delivery).catch(() => null);
		if (answer?.status !== 200) refused++;
		idle.push(poster);
		freed.shift()?.();
	};
	const total = rate * STEADY_SECONDS;
	const posts: Promise<void>[] = [];
	const begun = performance.now();
	for (let n = 0; n < total; n++) {
		const at = begun + (n * 1000) / rate;
		const pause = at - performance.now();
		if (pause > 1) await sleep(pause);
		const delivery = orderCreated(planted[n % planted.length]!.shop);
		due.set(delivery.name, at);
		posts.push(post(delivery));
	}
	await Promise.all(posts);
	const took = (performance.now() - begun) / 1000;
	await sleep(1000);
	pool.forEach((poster) => poster.close());
	streams.forEach((stream) => stream.close());
	agent.destroy();
	const where = `at ${rate} hooks/s, ${clients} ${clients === 1 ? 'client' : 'clients'}, ${planted.length} ${planted.length === 1 ? 'organization' : 'organizations'}`;
	const expected = (total * clients) / planted.length;
	const note = `reached ${Math.round(total / took)}/s, refused ${refused}, events ${samples.length} of ${expected}`;
	return [
		{
			name: `${where}: stream byte p50`,
			candidate: median(samples),
			reference: null,
			unit: 'ms',
			gate: null,
			note
		},
		{
			name: `${where}: stream byte p99`,
			candidate: percentile(samples, 0.99),
			reference: null,
			unit: 'ms',
			gate: null
		}
	];
}
