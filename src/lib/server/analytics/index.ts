export { dashboard } from './dashboard.ts';
export { catchUp, startProjection } from './projection/projection.ts';
export { rebuildOrganization, type RebuildProgress } from './projection/rebuild.ts';
export { resolvePeriod } from './periods.ts';
