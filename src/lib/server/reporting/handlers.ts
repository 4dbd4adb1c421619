import type { JobHandler } from '../platform/queue.ts';
import { reportJob, reportSweepJob } from './jobs.ts';
import { queueDueReports, sendReport } from './send.ts';

export const reportingHandlers: readonly JobHandler[] = [
	{
		contract: reportSweepJob,
		run: async () => {
			await queueDueReports(new Date());
		}
	},
	{
		contract: reportJob,
		run: async (payload) => {
			await sendReport(reportJob.payload.parse(payload));
		}
	}
];
