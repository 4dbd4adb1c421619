import { z } from 'zod';
import type { JobContract } from '../platform/queue.ts';

/** Looks for reports that are due, in all organizations, and queues each of them. */
export const reportSweepJob = {
	name: 'reporting.sweep',
	payload: z.object({}),
	schedule: '*/5 * * * *',
	retryLimit: 1,
	expireInSeconds: 240
} satisfies JobContract;

/** Sends one report to one member. `dueAt` is when it was due: with report and member it makes the mail one, however often it runs. */
export const reportJob = {
	name: 'reporting.send',
	payload: z.object({
		organizationId: z.uuid(),
		reportId: z.uuid(),
		userId: z.uuid(),
		dueAt: z.iso.datetime()
	}),
	retryLimit: 4,
	retryDelay: 60,
	expireInSeconds: 300
} satisfies JobContract;

export const reportingJobs = [reportSweepJob, reportJob] as const;
