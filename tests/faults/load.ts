import { Poster, type Answer } from '../../bench/poster.ts';
import { orderCreated, orderRefunded, type Delivery } from '../../bench/webhook.ts';
import type { Shop } from '../../bench/tenants.ts';

/** Webhooks of one shop, and what became of each. */
export interface Load {
	/** Answered with 200: these must never be lost. */
	acknowledged: Delivery[];
	/** Refused or never answered: the channel sends them again. */
	open: Delivery[];
	answers: Answer[];
	/** Sends no more and waits for what is under way. */
	stop(): Promise<void>;
	/** Sends everything open again, as the channel does, until each is acknowledged. */
	retry(): Promise<void>;
}

/** Every so many orders one is paid back in part, so that figures also go down and days are restated. */
const REFUND_EVERY = 4;

/** Posts new orders as fast as `writers` connections get their answers. */
export function startLoad(port: number, shop: Shop, writers: number): Load {
	let stopped = false;
	const load: Load = {
		acknowledged: [],
		open: [],
		answers: [],
		stop: async () => {
			stopped = true;
			await Promise.all(loops);
		},
		retry: async () => {
			const poster = new Poster(port, '/webhooks/shopify');
			for (const delivery of load.open.splice(0)) await send(poster, delivery, load);
			poster.close();
			if (load.open.length > 0)
				throw new Error(`${load.open.length} webhooks are refused after everything is back.`);
		}
	};
	const loops = Array.from({ length: writers }, async () => {
		const poster = new Poster(port, '/webhooks/shopify');
		for (let n = 1; !stopped; n++) {
			const order = orderCreated(shop);
			await send(poster, order, load);
			if (n % REFUND_EVERY === 0) await send(poster, orderRefunded(shop, order), load);
		}
		poster.close();
	});
	return load;
}

async function send(poster: Poster, delivery: Delivery, load: Load): Promise<void> {
	try {
		const answer = await poster.post(delivery);
		load.answers.push(answer);
		(answer.status === 200 ? load.acknowledged : load.open).push(delivery);
		if (answer.status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
	} catch {
		load.open.push(delivery);
		await new Promise((resolve) => setTimeout(resolve, 20)); // the server is away
	}
}
