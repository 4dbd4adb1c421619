import { z } from 'zod';
import type { JobContract } from '../platform/queue.ts';

/**
 * Does what an import's row asks for: checks, records or undoes. The row is the record: a lost job is found by the sweep, so the
 * queue never tries again by itself. One at a time in a process: a file is much work, and pages come first.
 */
export const importJob = {
	name: 'imports.work',
	payload: z.object({ organizationId: z.uuid(), importId: z.uuid() }),
	retryLimit: 0,
	expireInSeconds: 23 * 3600,
	concurrency: 1
} satisfies JobContract;

/** Takes up what a crash left behind, and removes the files of imports that nobody started. */
export const importSweepJob = {
	name: 'imports.sweep',
	payload: z.object({}),
	schedule: '* * * * *',
	atStart: true,
	retryLimit: 0,
	expireInSeconds: 300
} satisfies JobContract;

export const importJobs = [importJob, importSweepJob] as const;
