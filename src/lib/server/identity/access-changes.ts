import { closeStreams } from '../live/index.ts';

/**
 * Someone may see less than a moment ago: closes their open streams (of one organization, or all), whose browsers connect
 * again and are asked anew who they are. Call after the commit. Streams of other processes end at their own age limit.
 */
export function accessChanged({ userId, organizationId }: { userId: string; organizationId?: string }): void {
	closeStreams(
		(owner) =>
			owner.userId === userId && (organizationId === undefined || owner.organizationId === organizationId)
	);
}
