import type { JobHandler } from '../platform/queue.ts';
import { forecastJob, forecastSweepJob } from './jobs.ts';
import { performRun } from './perform.ts';
import { sweep } from './sweep.ts';

/** The work behind this domain's jobs. */
export const forecastHandlers: JobHandler[] = [
	{
		contract: forecastJob,
		run: async (payload, { signal }) => void (await performRun(payload, signal))
	} satisfies JobHandler<typeof forecastJob.payload>,
	{ contract: forecastSweepJob, run: () => sweep() } satisfies JobHandler<typeof forecastSweepJob.payload>
] as JobHandler[];
