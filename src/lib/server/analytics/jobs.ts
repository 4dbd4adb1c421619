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

/** Looks for organizations whose night has just begun, in all time zones, and holds their rollups against their facts. */
export const checkRollupsJob = {
	name: 'analytics.check-rollups',
	payload: z.object({}),
	schedule: '*/15 * * * *',
	retryLimit: 1,
	expireInSeconds: 900
} satisfies JobContract;

/** Drops facts of organizations that were removed. */
export const sweepRemovedJob = {
	name: 'analytics.sweep-removed',
	payload: z.object({}),
	schedule: '23 3 * * *',
	retryLimit: 1,
	expireInSeconds: 900
} satisfies JobContract;

/** Reads the provider's exchange rates: they come out at 16:00 in Frankfurt on working days. */
export const fetchRatesJob = {
	name: 'analytics.fetch-rates',
	payload: z.object({}),
	schedule: '35 2,15,17 * * *',
	retryLimit: 3,
	retryDelay: 300,
	expireInSeconds: 600
} satisfies JobContract;

export const analyticsJobs = [pruneOutboxJob, checkRollupsJob, sweepRemovedJob, fetchRatesJob] as const;
