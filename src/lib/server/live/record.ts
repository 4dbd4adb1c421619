import type { LiveEvent } from '#lib/contracts/live.ts';
import { inOrganization, type Ahead, type Tx } from '../platform/db.ts';
import { publish } from './hub.ts';
import { appendToOutbox, type PendingEvent } from './outbox.ts';

/**
 * The one way to change what people watch: runs `work`, appends the events it answers to the outbox as the transaction's last
 * act, commits, and only then wakes the subscribers. Several organizations may share the commit (webhook intake).
 * @throws Unavailable when PostgreSQL cannot be reached; then nothing was written
 */
export async function record<T>(
	organization: string | readonly string[],
	work: (tx: Tx, ahead: Ahead) => Promise<{ result: T; events: PendingEvent[] }>
): Promise<T> {
	let appended: Promise<Map<string, LiveEvent[]>> | undefined;
	const result = await inOrganization(organization, async (tx, ahead) => {
		const done = await work(tx, ahead);
		ahead((appended = appendToOutbox(tx, done.events))); // leaves with the commit
		return done.result;
	});
	for (const [organizationId, events] of await appended!) publish(organizationId, events);
	return result;
}
