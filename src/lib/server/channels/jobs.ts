import { z } from 'zod';
import type { JobContract } from '../platform/queue.ts';

/** Looks which connections are due, and takes up what a crash left behind. */
export const sweepJob = {
	name: 'channels.sweep',
	payload: z.object({}),
	schedule: '* * * * *',
	atStart: true,
	retryLimit: 0,
	expireInSeconds: 120
} satisfies JobContract;

/**
 * Does one sync run. The run's own row is the record: a lost job is found by the sweep, so the queue never tries again by itself.
 * One at a time per connection; a run mostly waits for its channel, so that slow accounts leave room for others.
 */
export const syncJob = {
	name: 'channels.sync',
	payload: z.object({ organizationId: z.uuid(), connectionId: z.uuid(), runId: z.uuid() }),
	retryLimit: 0,
	expireInSeconds: 23 * 3600,
	concurrency: 12
} satisfies JobContract;

/**
 * Reads single orders again, for messages that say that something happened without saying what. An order that the channel does
 * not show yet is asked for again after 10 s, 20 s ... about ten minutes in all; then the next window brings it.
 */
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

/** Reads the notifications that wait in the channels' queues: a round of less than a minute, begun every minute. */
export const listenJob = {
	name: 'channels.listen',
	payload: z.object({}),
	schedule: '* * * * *',
	retryLimit: 0,
	expireInSeconds: 120
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

export const channelJobs = [sweepJob, syncJob, fetchOrdersJob, listenJob, pruneJob, eraseJob] as const;
