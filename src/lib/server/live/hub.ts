import { EventEmitter } from 'node:events';
import type { LiveEvent } from '#lib/contracts/live.ts';

/** Wakes an organization's subscribers with the events of a commit, in position order. */
export interface HubMessage {
	organizationId: string;
	events: LiveEvent[];
}

const held = globalThis as unknown as { tidemarkHub?: EventEmitter };
const emitter = (held.tidemarkHub ??= new EventEmitter().setMaxListeners(0));

/** Hands the events of a committed transaction to this process' subscribers. Call only after the commit. */
export function publish(organizationId: string, events: LiveEvent[]): void {
	if (events.length === 0) return;
	emitter.emit(organizationId, events);
	emitter.emit('*', { organizationId, events } satisfies HubMessage);
}

/** Listens to one organization; answers the function that ends it. */
export function subscribe(organizationId: string, listener: (events: LiveEvent[]) => void): () => void {
	emitter.on(organizationId, listener);
	return () => emitter.off(organizationId, listener);
}

/** Listens to all organizations: the ClickHouse projection and the bridge to other processes. */
export function subscribeAll(listener: (message: HubMessage) => void): () => void {
	emitter.on('*', listener);
	return () => emitter.off('*', listener);
}
