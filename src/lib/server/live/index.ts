export { eraseCities } from './erase.ts';
export { publish, subscribe, subscribeAll, type HubMessage } from './hub.ts';
export { appendToOutbox, type PendingEvent } from './outbox.ts';
export { currentPosition } from './position.ts';
export { record } from './record.ts';
export { startBridge } from './bridge.ts';
export { closeAllStreams, closeStreams, countStreams, openStream, type StreamOwner } from './stream.ts';
