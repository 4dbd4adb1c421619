import type { JobHandler } from '../platform/queue.ts';
import { log } from '../platform/log.ts';
import { fetchRates } from './fetch-rates.ts';
import { checkRollupsJob, fetchRatesJob, pruneOutboxJob, sweepRemovedJob } from './jobs.ts';
import { checkTonight } from './projection/check-rollups.ts';
import { sweepRemoved } from './projection/sweep-removed.ts';
import { pruneOutbox } from './prune-outbox.ts';

export const analyticsHandlers: readonly JobHandler[] = [
	{
		contract: pruneOutboxJob,
		run: async () => {
			log.info({ removed: await pruneOutbox() }, 'outbox pruned');
		}
	},
	{ contract: checkRollupsJob, run: (_payload, { signal }) => checkTonight(new Date(), signal) },
	{
		contract: sweepRemovedJob,
		run: async (_payload, { signal }) => {
			await sweepRemoved(signal);
		}
	},
	{
		contract: fetchRatesJob,
		run: async (_payload, { signal }) => {
			await fetchRates(new Date(), signal);
		}
	}
];
