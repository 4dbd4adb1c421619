import { z } from 'zod';
import type { JobContract } from '../platform/queue.ts';

/** Looks which connections are due, and takes up what a crash left behind. */
export const sweepJob = {
	name: 'channels.sweep',
	payload: z.object({}),
	schedule: '* * * * *',
	retryLimit: 0,
	expireInSeconds: 120
} satisfies JobContract;

/**
 * Does one sync run. The run's own row is the record: a lost job is found by the sweep, so the queue never tries again by itself.
 * Four at a time in one process, one at a time per connection.
 */
export const syncJob = {
	name: 'channels.sync',
	payload: z.object({ organizationId: z.uuid(), connectionId: z.uuid(), runId: z.uuid() }),
	retryLimit: 0,
	expireInSeconds: 23 * 3600,
	concurrency: 4
} satisfies JobContract;

/** Reads single orders again, for webhooks that say that something happened without saying what. */
export const fetchOrdersJob = {
	name: 'channels.fetch-orders',
	payload: z.object({
		organizationId: z.uuid(),
		connectionId: z.uuid(),
		externalIds: z.array(z.string()).min(1).max(50)
	}),
	retryLimit: 6,
	retryDelay: 10,
	expireInSeconds: 600,
	concurrency: 2
} satisfies JobContract;

/** Removes processed deliveries and payload files that are past their time. */
export const pruneJob = {
	name: 'channels.prune',
	payload: z.object({}),
	schedule: '17 * * * *',
	retryLimit: 1,
	expireInSeconds: 600
} satisfies JobContract;

/** Erases what a shop asked for: all open requests of a connection. */
export const eraseJob = {
	name: 'channels.erase',
	payload: z.object({ organizationId: z.uuid(), connectionId: z.uuid() }),
	retryLimit: 6,
	retryDelay: 60,
	expireInSeconds: 3600
} satisfies JobContract;

export const channelJobs = [sweepJob, syncJob, fetchOrdersJob, pruneJob, eraseJob] as const;
