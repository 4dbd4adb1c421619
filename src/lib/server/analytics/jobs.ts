import { z } from 'zod';
import type { JobContract } from '../platform/queue.ts';

/** Removes outbox events that are a week old and applied to ClickHouse. */
export const pruneOutboxJob = {
	name: 'analytics.prune-outbox',
	payload: z.object({}),
	schedule: '41 * * * *',
	retryLimit: 1,
	expireInSeconds: 600
} satisfies JobContract;

export const analyticsJobs = [pruneOutboxJob] as const;
