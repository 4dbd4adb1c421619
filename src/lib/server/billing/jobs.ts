import { z } from 'zod';
import type { JobContract } from '../platform/queue.ts';

/** Reads from Stripe what an event is about, and stores it. */
export const applyEventJob = {
	name: 'billing.apply-event',
	payload: z.object({ id: z.string() }),
	retryLimit: 8,
	retryDelay: 5,
	expireInSeconds: 120,
	concurrency: 2
} satisfies JobContract;

/** Takes up events that are stored and not applied: their job was lost, or Stripe did not answer for long. */
export const sweepEventsJob = {
	name: 'billing.sweep-events',
	payload: z.object({}),
	schedule: '*/10 * * * *',
	retryLimit: 0,
	expireInSeconds: 300
} satisfies JobContract;

export const billingJobs = [applyEventJob, sweepEventsJob] as const;
