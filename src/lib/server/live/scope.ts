import type { LiveEvent } from '#lib/contracts/live.ts';
import type { Scope } from '../platform/ctx.ts';
import { withoutContents } from './frames.ts';

/**
 * What a person with this scope may see of an event: the event, the event without its contents, or nothing.
 * A scope is an intersection; what has no channel (exchange rates) concerns everyone.
 */
export function inScope(event: LiveEvent, scope: Scope | null): LiveEvent | null {
	if (!scope) return event;
	const { channel, categories, locations } = event.dimensions;
	if (scope.channels && channel !== null && !scope.channels.includes(channel)) return null;
	if (event.kind === 'connection' || event.kind === 'rates') return event;
	if (scope.categories && !categories.some((category) => scope.categories!.includes(category))) return null;
	if (scope.locations && !locations.some((location) => scope.locations!.includes(location))) return null;
	return event.kind === 'order' && (scope.categories || scope.locations) ? withoutContents(event) : event;
}
