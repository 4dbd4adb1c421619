import type { Channel } from '#lib/contracts/channels.ts';
import { inBackground } from '../../platform/background.ts';
import { inOrganization } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import { metrics } from '../../platform/metrics.ts';
import { enqueue } from '../../platform/queue.ts';
import { fetchOrdersJob } from '../jobs.ts';

/** A message that says that something happened to an order, without being believed further: the order is read from the channel. */
export interface Hint {
	organizationId: string;
	connectionId: string;
	/** The channel's id of the message: the same one twice has one effect. */
	deliveryId: string;
	/** As the channel names it: ORDER_CHANGE, PO_CREATED. */
	topic: string;
	body: Buffer;
	/** When the channel says it happened, ISO 8601. */
	triggeredAt: string | null;
	/** The order to read; null for a message that asks for nothing. */
	orderExternalId: string | null;
	/** Why it could not be understood: it is kept as a dead letter. */
	error: string | null;
}

/** Orders are read a moment after the message: channels announce what they do not show yet. */
const WAIT_SECONDS = 3;

/**
 * Keeps messages of any channel and has their orders read. Answers what became of each, in order, after the commit: only then may
 * the message be acknowledged. A crash between commit and job loses freshness, not data: the next window of changes brings it.
 * @throws Unavailable when PostgreSQL cannot be reached; then nothing was kept
 */
export async function receiveHints(
	channel: Channel,
	hints: readonly Hint[]
): Promise<('processed' | 'duplicate' | 'dead' | 'ignored')[]> {
	const outcomes = new Map<Hint, 'processed' | 'duplicate' | 'dead' | 'ignored'>();
	for (const [organizationId, some] of Map.groupBy(hints, (hint) => hint.organizationId)) {
		await inOrganization(organizationId, async ({ sql }) => {
			const sorted = [...some].sort((a, b) => (a.deliveryId < b.deliveryId ? -1 : 1));
			for (const hint of sorted) {
				const status = hint.error !== null ? 'dead' : hint.orderExternalId === null ? 'ignored' : 'processed';
				const made = await sql`
					insert into inbox (id, organization_id, connection_id, delivery_id, topic, body, triggered_at, status, error)
					select ${newId()}, ${organizationId}, c.id, ${hint.deliveryId}, ${hint.topic}, ${hint.body}, ${hint.triggeredAt}, ${status}, ${hint.error}
					from connections c where c.id = ${hint.connectionId} and c.organization_id = ${organizationId}
					on conflict (connection_id, delivery_id) do nothing`;
				outcomes.set(hint, made.count === 0 ? 'duplicate' : status);
			}
			const heard = [...new Set(some.map((hint) => hint.connectionId))].sort();
			await sql`update connections set last_webhook_at = now() where organization_id = ${organizationId} and id = any(${heard}::uuid[])`;
		});
	}
	for (const hint of hints) {
		const outcome = outcomes.get(hint)!;
		metrics.webhooks.inc({ channel, outcome });
		if (outcome === 'processed') fetchSoon(hint, hint.orderExternalId!);
	}
	return hints.map((hint) => outcomes.get(hint)!);
}

/** Has an order read a moment later, once, however many messages name it meanwhile. */
export function fetchSoon(
	{ organizationId, connectionId }: { organizationId: string; connectionId: string },
	externalId: string
): void {
	inBackground('reading an order again', () =>
		enqueue(
			fetchOrdersJob,
			{ organizationId, connectionId, externalIds: [externalId] },
			{ key: `${connectionId}:${externalId}`, startAfterSeconds: WAIT_SECONDS }
		)
	);
}
