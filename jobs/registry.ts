import { analyticsHandlers, analyticsJobs } from '#lib/server/analytics/index.ts';
import { billingHandlers, billingJobs } from '#lib/server/billing/index.ts';
import { channelHandlers, channelJobs } from '#lib/server/channels/index.ts';
import { forecastHandlers, forecastJobs } from '#lib/server/forecasting/index.ts';
import { importHandlers, importJobs } from '#lib/server/imports/index.ts';
import { mappingHandlers, mappingJobs } from '#lib/server/mapping/index.ts';
import { reportingHandlers, reportingJobs } from '#lib/server/reporting/index.ts';
import type { JobContract, JobHandler } from '#lib/server/platform/queue.ts';

/** Every job of every domain. The start refuses a contract without a handler and the other way round. */
export const contracts: readonly JobContract[] = [
	...analyticsJobs,
	...billingJobs,
	...channelJobs,
	...forecastJobs,
	...importJobs,
	...mappingJobs,
	...reportingJobs
];
export const handlers: readonly JobHandler[] = [
	...analyticsHandlers,
	...billingHandlers,
	...channelHandlers,
	...forecastHandlers,
	...importHandlers,
	...mappingHandlers,
	...reportingHandlers
];
