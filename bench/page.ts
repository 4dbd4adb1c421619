import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright';
import { launchBrowser } from './browser.ts';
import type { Options } from './options.ts';
import { median, percentile } from './percentiles.ts';
import type { Line, Result } from './report.ts';
import { serveFilled } from './served.ts';

/** Loads on each side in a round. */
const LOADS = 10;
/** After the page's load event: charts and what they bring are in by then. */
const SETTLED_MS = 1200;

/** What one load of the page was. Times from the start of the navigation, ms; bytes on the wire. */
interface Load {
	lcp: number;
	cls: number;
	scriptBytes: number;
	requests: number;
}

/**
 * The dashboard in Chromium, each load with an empty cache and connections of its own, beside the very bytes of the page, its styles and
 * its scripts served as files from memory: what the product adds is sign-in, questions and rendering.
 */
export async function run(rounds: number, options: Options): Promise<Result> {
	const { app, seller, stop } = await serveFilled(options);
	const browser = await launchBrowser();
	const control = await replay(app.url, seller.cookie);
	try {
		const address = `/${seller.slug}/dashboard`;
		const sides = { page: [] as Load[], control: [] as Load[] };
		for (let round = -1; round < rounds; round++)
			for (let n = 0; n < (round < 0 ? 3 : LOADS); n++)
				for (const side of ['page', 'control'] as const) {
					// the first loads keep the page's bytes, so that the control never asks the app
					const url = side === 'page' ? app.url : control.url;
					const load = await visit(browser, url, address, seller.cookie);
					if (round >= 0) sides[side].push(load);
				}
		const of = (side: Load[], what: keyof Load) => side.map((load) => load[what]);
		const lines: Line[] = [
			{
				name: 'LCP, p50',
				candidate: median(of(sides.page, 'lcp')),
				reference: median(of(sides.control, 'lcp')),
				unit: 'ms',
				gate: { atMost: 2 },
				note: 'beside the same bytes as files'
			},
			{
				name: 'LCP, p95',
				candidate: percentile(of(sides.page, 'lcp'), 0.95),
				reference: percentile(of(sides.control, 'lcp'), 0.95),
				unit: 'ms',
				gate: { atMost: 2 },
				note: 'absolute bar on a quiet machine: 600 ms'
			},
			most(
				'JS on the wire',
				of(sides.page, 'scriptBytes').map((bytes) => bytes / 1024),
				'KiB',
				110
			),
			most('requests', of(sides.page, 'requests'), 'requests', 25),
			most('CLS', of(sides.page, 'cls'), '', 0.02)
		];
		return {
			bench: 'page',
			lines,
			facts: { 'order lines': seller.lines, rounds, 'loads on each side': sides.page.length }
		};
	} finally {
		await browser.close();
		await control.close();
		await stop();
	}
}

const most = (name: string, values: number[], unit: string, atMost: number): Line => ({
	name: `${name}, the most of any load`,
	candidate: Math.max(...values),
	reference: null,
	unit,
	gate: { atMost }
});

async function visit(browser: Browser, url: string, address: string, cookie: string): Promise<Load> {
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
	try {
		const [name, value] = cookie.split('=') as [string, string];
		await context.addCookies([{ name, value, url }]);
		const page = await context.newPage();
		await page.addInitScript(observe);
		const devtools = await context.newCDPSession(page);
		await devtools.send('Network.enable');
		const scripts = new Set<string>();
		const load: Load = { lcp: Number.NaN, cls: 0, scriptBytes: 0, requests: 0 };
		devtools.on('Network.requestWillBeSent', ({ request }) => {
			if (request.url.startsWith('http')) load.requests++;
		});
		devtools.on('Network.responseReceived', ({ requestId, response }) => {
			if (/javascript/.test(response.mimeType)) scripts.add(requestId);
		});
		devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
			if (scripts.has(requestId)) load.scriptBytes += encodedDataLength;
		});
		const answer = await page.goto(url + address, { waitUntil: 'load' });
		if (!answer?.ok() || !page.url().endsWith(address))
			throw new Error(`${address} answered ${answer?.status()} and led to ${page.url()}.`);
		await sleep(SETTLED_MS);
		const seen = await page.evaluate(
			() => (globalThis as unknown as { seen: { lcp: number; cls: number } }).seen
		);
		return { ...load, ...seen };
	} finally {
		await context.close();
	}
}

/** Runs in the page before its own scripts. */
function observe(): void {
	const seen = ((globalThis as unknown as { seen: { lcp: number; cls: number } }).seen = {
		lcp: NaN,
		cls: 0
	});
	new PerformanceObserver((list) => {
		for (const entry of list.getEntries()) seen.lcp = entry.startTime;
	}).observe({ type: 'largest-contentful-paint', buffered: true });
	new PerformanceObserver((list) => {
		for (const entry of list.getEntries() as (PerformanceEntry & {
			value: number;
			hadRecentInput: boolean;
		})[])
			if (!entry.hadRecentInput) seen.cls += entry.value;
	}).observe({ type: 'layout-shift', buffered: true });
}

interface Kept {
	status: number;
	headers: http.OutgoingHttpHeaders;
	body: Buffer;
}

/** Serves what the app once answered to each address, from memory, encoded as it came. Event streams stay silent. */
async function replay(app: string, cookie: string): Promise<{ url: string; close(): Promise<void> }> {
	const kept = new Map<string, Promise<Kept>>();
	const server = http.createServer((request, response) => {
		const address = request.url ?? '/';
		if (request.headers.accept?.includes('text/event-stream')) return response.writeHead(204).end();
		const known = kept.get(address) ?? ask(app, address, request.headers, cookie);
		kept.set(address, known);
		void known.then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as { port: number };
	return {
		url: `http://127.0.0.1:${port}`,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		}
	};
}

function ask(app: string, address: string, given: http.IncomingHttpHeaders, cookie: string): Promise<Kept> {
	const headers = {
		accept: given.accept ?? '*/*',
		'accept-encoding': given['accept-encoding'] ?? 'identity',
		cookie
	};
	return new Promise((resolve, reject) => {
		http
			.get(app + address, { headers }, (answer) => {
				const parts: Buffer[] = [];
				answer.on('data', (part: Buffer) => parts.push(part));
				answer.on('end', () => {
					const {
						connection: _hop,
						'keep-alive': _keep,
						'transfer-encoding': _cut,
						...rest
					} = answer.headers;
					resolve({ status: answer.statusCode ?? 500, headers: rest, body: Buffer.concat(parts) });
				});
			})
			.on('error', reject);
	});
}
