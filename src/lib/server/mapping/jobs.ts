import { z } from 'zod';
import type { JobContract } from '../platform/queue.ts';

/** Goes on with past sales that follow a merged or split listing, where a kill cut it short. */
export const moveSalesJob = {
	name: 'mapping.move-sales',
	payload: z.object({}),
	schedule: '17 * * * *',
	retryLimit: 1,
	expireInSeconds: 3000
} satisfies JobContract;

export const mappingJobs = [moveSalesJob] as const;
