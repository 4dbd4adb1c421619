export { mappingHandlers } from './handlers.ts';
export { mappingJobs } from './jobs.ts';
export { mergeProducts } from './merge.ts';
export { splitListing } from './split.ts';
