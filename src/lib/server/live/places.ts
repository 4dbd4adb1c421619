import { TooManyStreams } from '../platform/errors.ts';
import { settings } from '../platform/running.ts';

const held = globalThis as unknown as { tidemarkPlaces?: Map<string, number> };
const places = (held.tidemarkPlaces ??= new Map());

/**
 * Takes a place for an open stream, of a page, the API or a WebSocket; answers the function that gives it back. At most
 * STREAMS_PER_MEMBER and STREAMS_PER_ORGANIZATION in this process, about 18 KiB each; visitors of the demo count for the organization only.
 * @throws TooManyStreams
 */
export function takePlace(organizationId: string, userId: string | null): () => void {
	const { STREAMS_PER_MEMBER, STREAMS_PER_ORGANIZATION } = settings();
	const member = userId === null ? null : `${organizationId} ${userId}`;
	if (member !== null && (places.get(member) ?? 0) >= STREAMS_PER_MEMBER)
		throw new TooManyStreams(`You have ${STREAMS_PER_MEMBER} streams open. Close one, then connect again.`);
	if ((places.get(organizationId) ?? 0) >= STREAMS_PER_ORGANIZATION)
		throw new TooManyStreams(
			`The organization has ${STREAMS_PER_ORGANIZATION} streams open. Close some, then connect again.`
		);
	const keys = member === null ? [organizationId] : [organizationId, member];
	for (const key of keys) places.set(key, (places.get(key) ?? 0) + 1);
	let taken = true;
	return () => {
		if (!taken) return;
		taken = false;
		for (const key of keys) {
			const left = places.get(key)! - 1;
			if (left > 0) places.set(key, left);
			else places.delete(key);
		}
	};
}
