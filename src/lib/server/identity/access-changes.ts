import { EventEmitter } from 'node:events';

/** Someone may see less than a moment ago: open streams of that person ask again who they are, or close. */
export interface AccessChange {
	userId: string;
	/** Only this organization's streams; absent: all of the person's. */
	organizationId?: string;
}

const held = globalThis as unknown as { tidemarkAccessChanges?: EventEmitter };
const emitter = (held.tidemarkAccessChanges ??= new EventEmitter().setMaxListeners(0));

/** Tells open streams; call after the commit. Reaches this process only: streams elsewhere ask again by themselves. */
export function accessChanged(change: AccessChange): void {
	emitter.emit('change', change);
}

/** Listens to changes of access; answers the function that ends it. */
export function onAccessChange(listener: (change: AccessChange) => void): () => void {
	emitter.on('change', listener);
	return () => emitter.off('change', listener);
}
