import type { JobContract, JobHandler } from '#lib/server/platform/queue.ts';

/** Every job of every domain. The start refuses a contract without a handler and the other way round. */
export const contracts: readonly JobContract[] = [];
export const handlers: readonly JobHandler[] = [];
