import { log } from '../platform/log.ts';
import type { JobHandler } from '../platform/queue.ts';
import { moveSalesJob } from './jobs.ts';
import { sweepMoves } from './move-sales.ts';

export const mappingHandlers: readonly JobHandler[] = [
	{
		contract: moveSalesJob,
		run: async () => {
			const orders = await sweepMoves();
			if (orders > 0) log.info({ orders }, 'past sales followed their listings');
		}
	}
];
