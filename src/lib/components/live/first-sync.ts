import { CHANNEL_NAMES, type Channel } from '#lib/contracts/channels.ts';
import type { LiveEvent } from '#lib/contracts/live.ts';
import type { LiveState } from './source.ts';

/** What stands in place of "Live" while the history of channels is still being read; undefined when there is nothing to say. */
export function firstSyncText(channels: readonly Channel[], state: LiveState): string | undefined {
	// that the stream broke matters more
	if (state !== 'live' || channels.length === 0) return undefined;
	return channels.length === 1 ? `First sync of ${CHANNEL_NAMES[channels[0]!]}` : 'First syncs';
}

/** Whether an event begins or ends a first sync, by what the page knows of them: then it asks for its data again. */
export function movesFirstSync(event: LiveEvent, channels: readonly Channel[]): boolean {
	if (event.kind !== 'connection') return false;
	const reading =
		event.run?.kind === 'backfill' && (event.run.status === 'queued' || event.run.status === 'running');
	return reading ? channels.length === 0 : channels.length > 0;
}
