import { median } from './percentiles.ts';
import { Poster } from './poster.ts';
import { freePort, startApp, startChild, temporaryFolder, type Child } from './process.ts';
import type { Line, Result } from './report.ts';
import { openStore, plantShop, plantTenant, type Shop } from './tenants.ts';
import { orderCreated } from './webhook.ts';

/** Connections that each wait for their answer before they post again. */
const CONCURRENCY = 64;
/** Webhooks of one round, so that both sides take about as long. */
const CANDIDATE_HOOKS = 4000;
const REFERENCE_HOOKS = 1500;
const MANY = 200;

interface Side {
	child: Child;
	/** The first is alone in the measure of one organization. */
	shops: Shop[];
	hooks: number;
	perSecond: Map<number, number[]>;
}

/** Webhooks a second that are answered with 200 after their commit, beside one transaction per hook. */
export async function run(rounds: number): Promise<Result> {
	const folders = [temporaryFolder('hooks'), temporaryFolder('hooks-single')] as const;
	const sides: Side[] = [];
	try {
		sides.push(await prepare(await startApp({ dataDir: folders[0].path }), folders[0].path, CANDIDATE_HOOKS));
		sides.push(await prepare(await startPerHook(folders[1].path), folders[1].path, REFERENCE_HOOKS));
		for (const side of sides) for (const organizations of [1, MANY]) await measure(side, organizations, 500);
		for (let round = 0; round < rounds; round++) {
			for (const organizations of [1, MANY]) {
				// neither always runs first
				for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
					const figures = side.perSecond.get(organizations) ?? [];
					side.perSecond.set(organizations, [...figures, await measure(side, organizations, side.hooks)]);
				}
			}
		}
		const [candidate, reference] = sides as [Side, Side];
		return {
			bench: 'hooks',
			lines: [1, MANY].map((organizations) => line(organizations, candidate, reference)),
			facts: {
				rounds,
				'hooks per round': `${CANDIDATE_HOOKS} and ${REFERENCE_HOOKS}`,
				connections: CONCURRENCY,
				'lines per order': 3,
				'app memory at its peak, MB': Math.round(candidate.child.peakMemory() / 1e6)
			}
		};
	} finally {
		for (const { child } of sides) await child.stop();
		for (const folder of folders) await folder.remove();
	}
}

function line(organizations: number, candidate: Side, reference: Side): Line {
	const [own, other] = [candidate.perSecond.get(organizations)!, reference.perSecond.get(organizations)!];
	const ratios = own.map((figure, round) => figure / other[round]!);
	return {
		name: `webhooks/s, ${organizations} ${organizations === 1 ? 'organization' : 'organizations'}`,
		candidate: median(own),
		reference: median(other),
		unit: '/s',
		gate: { atLeast: 2 },
		note: `ratio by round: ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}`
	};
}

async function startPerHook(dataDir: string): Promise<Child> {
	const port = await freePort();
	const env = { HOST: '127.0.0.1', PORT: String(port), DATA_DIR: dataDir, DEMO: 'off', LOG_LEVEL: 'warn' };
	return startChild({ args: ['bench/per-hook.ts'], env, port, ready: /one transaction per hook: ready/ });
}

async function prepare(child: Child, dataDir: string, hooks: number): Promise<Side> {
	const sql = openStore(dataDir);
	const shops: Shop[] = [];
	for (let n = 0; n < MANY; n++) shops.push(await plantShop(sql, dataDir, await plantTenant(sql)));
	await sql.end({ timeout: 2 });
	return { child, shops, hooks, perSecond: new Map() };
}

/** Posts `count` new orders over the connections, spread over the organizations; answers webhooks a second. */
async function measure({ child, shops }: Side, organizations: number, count: number): Promise<number> {
	const deliveries = Array.from({ length: count }, (_, n) => orderCreated(shops[n % organizations]!)); // signed before the clock runs
	let next = 0;
	const refused = new Map<number, number>();
	const worker = async () => {
		const poster = new Poster(child.port, '/webhooks/shopify');
		while (next < count) {
			const { status } = await poster.post(deliveries[next++]!);
			if (status !== 200) refused.set(status, (refused.get(status) ?? 0) + 1);
		}
		poster.close();
	};
	const begun = performance.now();
	await Promise.all(Array.from({ length: CONCURRENCY }, worker));
	const seconds = (performance.now() - begun) / 1000;
	if (refused.size > 0)
		throw new Error(`Webhooks were refused: ${JSON.stringify([...refused])}. ${child.output().slice(-2000)}`);
	return count / seconds;
}
