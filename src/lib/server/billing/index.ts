export { billingHandlers } from './handlers.ts';
export { billingJobs } from './jobs.ts';
export { MAX_EVENT_BYTES, receiveStripeEvent } from './receive.ts';
