import { setTimeout as sleep } from 'node:timers/promises';
import { connectSimulated } from '../channels/index.ts';
import { ensureDemoOrganization, jobCtx, removeDemoOrganization } from '../identity/index.ts';
import { log } from '../platform/log.ts';
import { settings } from '../platform/running.ts';
import { startSimulator, type SimulatorProcess } from './simulator-process.ts';

const RETRY_MS = 30_000;

/**
 * Keeps the shared demo alive beside the app: a simulated shop with two years of history up to this start, then live orders.
 * The shop of an earlier start is forgotten, since its simulator is gone: so the demo always reaches up to today without a gap.
 * Sends nothing outside: the shop is on loopback, the organization has no members.
 */
export function startDemo(): { stop(): Promise<void> } {
	let ended = false;
	let current: SimulatorProcess | null = null;
	const loop = async () => {
		while (!ended) {
			try {
				current = await openShop();
				await current.ended;
				if (!ended) log.warn('the demo shop ended; it starts again');
			} catch (error) {
				current?.stop();
				if (!ended) log.error({ err: error }, 'the demo shop did not open; trying again');
			}
			if (!ended) await sleep(RETRY_MS, undefined, { ref: false });
		}
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

async function openShop(): Promise<SimulatorProcess> {
	await removeDemoOrganization();
	const organization = await ensureDemoOrganization();
	const simulator = await startSimulator([
		...['--rate', String(settings().DEMO_ORDERS_PER_MINUTE)],
		...['--currency', organization.currency],
		...['--time-zone', organization.timeZone],
		...['--plan', 'enterprise']
	]);
	try {
		const { shop, url, accessToken, webhookSecret } = simulator.ready;
		const ctx = await jobCtx(organization.id, 'demo');
		await connectSimulated(ctx, { shop, baseUrl: url, accessToken, clientSecret: webhookSecret });
		return simulator;
	} catch (error) {
		simulator.stop();
		throw error;
	}
}
