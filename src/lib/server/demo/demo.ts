import { setTimeout as sleep } from 'node:timers/promises';
import {
	connectSimulated,
	connectSimulatedAmazon,
	connectSimulatedWalmart,
	forgetSimulatedQueue
} from '../channels/index.ts';
import { ensureDemoOrganization, jobCtx, removeDemoOrganization } from '../identity/index.ts';
import { countStreams } from '../live/index.ts';
import { electOne } from '../platform/election.ts';
import { log } from '../platform/log.ts';
import { settings } from '../platform/running.ts';
import { enterMarketing } from './marketing.ts';
import { startSimulator, type SimulatorProcess } from './simulator-process.ts';

const START_AFTER_MS = 1_500;
const RETRY_MS = 30_000;
/** Orders a day of the seller's history, and of its present while nobody looks, all channels together. */
const ORDERS_PER_DAY = 72;
/** The simulator counts the shop's orders; the marketplaces beside it sell 0.9 and 0.35 times as many. */
const SHOP_SHARE = 1 / (1 + 0.9 + 0.35);
/** The same, a minute. */
const QUIET_RATE = ORDERS_PER_DAY / 1440;
const PACE_MS = 2_000;
/** The marketplaces' documented request rates, times this: a first sync of two years would take hours. */
const QUOTA = 200;

/**
 * Keeps the shared demo alive beside the app: a simulated shop with two years of history up to this start, then live orders.
 * The shop of an earlier start is forgotten, since its simulator is gone: so the demo always reaches up to today without a gap.
 * Sends nothing outside: the shop is on loopback, the organization has no members. Of several processes one keeps it.
 */
export function startDemo(): { stop(): Promise<void> } {
	let ended = false;
	let current: Shop | null = null;
	const loop = async () => {
		await sleep(START_AFTER_MS, undefined, { ref: false }); // the first pages come first
		const election = await electOne('demo', () => ended);
		while (!ended && (await election.held())) {
			try {
				current = await openShop();
				await keepPace(current);
				if (!ended) log.warn('the demo shop ended; it starts again');
			} catch (error) {
				current?.stop();
				if (!ended) log.error({ err: error }, 'the demo shop did not open; trying again');
			}
			if (!ended) await sleep(RETRY_MS, undefined, { ref: false });
		}
		await election.release();
	};
	void loop().catch((error: unknown) => log.error({ err: error }, 'the demo ended'));
	return {
		stop: async () => {
			ended = true;
			current?.stop();
			await current?.ended;
		}
	};
}

/** Orders come often while someone looks, and as seldom as in the history otherwise: today stays comparable with the days before. */
async function keepPace(simulator: Shop): Promise<void> {
	let busy = false;
	const timer = setInterval(() => {
		if (countStreams(simulator.organizationId) > 0 === busy) return;
		busy = !busy;
		void simulator.control({
			action: 'rate',
			perMinute: (busy ? settings().DEMO_ORDERS_PER_MINUTE : QUIET_RATE) * SHOP_SHARE
		});
	}, PACE_MS);
	await simulator.ended;
	clearInterval(timer);
}

/** A running shop of an organization. */
type Shop = SimulatorProcess & { organizationId: string };

async function openShop(): Promise<Shop> {
	await removeDemoOrganization();
	const organization = await ensureDemoOrganization();
	const simulator = await startSimulator([
		...['--rate', String(QUIET_RATE * SHOP_SHARE)],
		...['--orders-per-day', String(ORDERS_PER_DAY * SHOP_SHARE)],
		...['--amazon-quota', String(QUOTA)],
		...['--walmart-quota', String(QUOTA)],
		...['--currency', organization.currency],
		...['--time-zone', organization.timeZone],
		...['--plan', 'enterprise']
	]);
	try {
		const { shop, url, accessToken, webhookSecret, amazon, walmart } = simulator.ready;
		const ctx = await jobCtx(organization.id, 'demo');
		await connectSimulated(ctx, { shop, baseUrl: url, accessToken, clientSecret: webhookSecret });
		await connectSimulatedAmazon(ctx, amazon);
		await connectSimulatedWalmart(ctx, { ...walmart, baseUrl: walmart.url });
		await enterMarketing(ctx, simulator.ready.promotions);
		void simulator.ended.then(() => forgetSimulatedQueue(amazon.apiUrl));
		return Object.assign(simulator, { organizationId: organization.id });
	} catch (error) {
		simulator.stop();
		throw error;
	}
}
