export { publish, subscribe, subscribeAll, type HubMessage } from './hub.ts';
export { appendToOutbox, type PendingEvent } from './outbox.ts';
export { record } from './record.ts';
