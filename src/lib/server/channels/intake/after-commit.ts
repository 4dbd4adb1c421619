import { inBackground } from '../../platform/background.ts';
import { enqueue } from '../../platform/queue.ts';
import { eraseJob, fetchOrdersJob } from '../jobs.ts';
import { tellState } from '../status.ts';
import type { ReadDelivery } from './inbox.ts';

/** Topics that only say that something happened to an order. */
const HINTS = new Set(['refunds/create', 'orders/edited']);
/** Shopify sends orders/updated along with them; the order is read a moment later, once, for the case that it is lost. */
const WAIT_SECONDS = 5;

/** What a delivery leads to outside of its transaction. A crash here loses nothing: the next window of changes, or the sweep, brings it. */
export function afterCommit({ delivery, effect }: ReadDelivery): void {
	if (effect?.kind === 'privacy' && effect.request.kind !== 'data_request') {
		const { organizationId, connectionId } = delivery;
		inBackground('erasing what a shop asked for', () =>
			enqueue(eraseJob, { organizationId, connectionId }, { key: connectionId })
		);
	}
	if (effect?.kind === 'uninstalled') {
		const connection = { organizationId: delivery.organizationId, id: delivery.connectionId };
		inBackground('telling members about a connection', () => tellState(connection));
	}
	if (effect?.kind !== 'fetch-order' || !HINTS.has(delivery.topic)) return;
	const { organizationId, connectionId } = delivery;
	inBackground('reading an order again', () =>
		enqueue(
			fetchOrdersJob,
			{ organizationId, connectionId, externalIds: [effect.externalId] },
			{ key: `${connectionId}:${effect.externalId}`, startAfterSeconds: WAIT_SECONDS }
		)
	);
}
