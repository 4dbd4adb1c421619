import { z } from 'zod';
import type { JobContract } from '../platform/queue.ts';

/**
 * Does a forecast run. The row is the record: a lost one is found by the sweep, so the queue never tries again by itself. One at a time in a
 * process: each takes a core.
 */
export const forecastJob = {
	name: 'forecasting.run',
	payload: z.object({ organizationId: z.uuid(), runId: z.uuid() }),
	retryLimit: 0,
	expireInSeconds: 6 * 3600,
	concurrency: 1
} satisfies JobContract;

/** Queues what is due by each organization's clock, and hands waiting or lost runs to the queue. */
export const forecastSweepJob = {
	name: 'forecasting.sweep',
	payload: z.object({}),
	schedule: '* * * * *',
	retryLimit: 0,
	expireInSeconds: 300
} satisfies JobContract;

export const forecastJobs = [forecastJob, forecastSweepJob] as const;
