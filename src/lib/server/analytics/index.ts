export { dashboard, filterOptions } from './dashboard.ts';
export { analyticsHandlers } from './handlers.ts';
export { analyticsJobs } from './jobs.ts';
export { catchUp, startProjection } from './projection/projection.ts';
export { profit, type ProfitFilters } from './profit.ts';
export { pruneOutbox } from './prune-outbox.ts';
export { rebuildCommand, type RebuiltAll } from './rebuild-command.ts';
export { resolvePeriod } from './periods.ts';
