import type { Options } from './options.ts';
import { median, percentile } from './percentiles.ts';
import type { Line, Result } from './report.ts';
import { serveFilled } from './served.ts';
import { givePassword, signIn } from './sign-in.ts';

const RANGES = ['last-7-days', 'last-30-days', 'last-90-days', 'this-month', 'last-12-months'];
/** How often each address is asked before it counts. */
const WARM = 10;

interface Asked {
	name: string;
	gated: boolean;
	path(n: number): string;
}

const ADDRESSES: Asked[] = [
	{
		name: 'dashboard/metrics',
		gated: true,
		path: (n) => `dashboard/metrics?range=${RANGES[n % RANGES.length]}`
	},
	{ name: 'orders', gated: true, path: () => 'orders?limit=50' },
	{ name: 'orders of a channel', gated: true, path: () => 'orders?limit=50&channels=walmart' },
	{ name: 'products', gated: true, path: () => 'products?limit=50' },
	{ name: 'inventory/low-stock', gated: true, path: () => 'inventory/low-stock' },
	// a range of days that nobody has asked for: no cache knows it
	{
		name: 'dashboard/metrics, days nobody asked for',
		gated: false,
		path: (n) => {
			const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
			return `dashboard/metrics?from=${day(40 + (n % 900))}&to=${day(2 + (n % 30))}`;
		}
	}
];

/** A member's program: signed in with a password, one request after the other over one connection. */
export async function run(rounds: number, options: Options): Promise<Result> {
	const { app, seller, stop } = await serveFilled(options, ({ sql, big }) => givePassword(sql, big.ownerId));
	try {
		const token = await signIn(app.url, seller.ownerId);
		const get = async (path: string): Promise<number> => {
			const began = performance.now();
			const response = await fetch(`${app.url}/api/v1/${path}`, {
				headers: { authorization: `Bearer ${token}` }
			});
			const text = await response.text();
			if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${text.slice(0, 300)}`);
			return performance.now() - began;
		};
		const perRound = Math.max(5, Math.ceil(options.samples / rounds));
		const took = new Map(ADDRESSES.map((address) => [address, [] as number[]]));
		for (const { path } of ADDRESSES) for (let n = 0; n < WARM; n++) await get(path(n));
		for (let round = 0; round < rounds; round++)
			for (const [{ path, gated }, samples] of took)
				for (let n = 0; n < (gated ? perRound : Math.ceil(perRound / 10)); n++)
					samples.push(await get(path(round * perRound + n)));
		return {
			bench: 'api',
			lines: [...took].map(([{ name, gated }, samples]): Line => ({
				name: `GET ${name}: p95`,
				candidate: percentile(samples, 0.95),
				reference: null,
				unit: 'ms',
				gate: gated ? { atMost: 25 } : null,
				note: `p50 ${median(samples).toFixed(1)} ms`
			})),
			facts: { 'order lines': seller.lines, rounds, 'samples of each': perRound * rounds }
		};
	} finally {
		await stop();
	}
}
