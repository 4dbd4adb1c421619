export { mappingHandlers } from './handlers.ts';
export { mappingJobs } from './jobs.ts';
export { mergeProducts } from './merge.ts';
export { mergeAlike } from './merge-alike.ts';
export { splitListing } from './split.ts';
