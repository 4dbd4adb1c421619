import { record } from '../../live/index.ts';
import { recordOrders } from '../../orders/index.ts';
import { loadInUse } from '../connection-rows.ts';
import { openCredentials } from '../credentials.ts';
import { ChannelError, needsPerson } from '../error.ts';
import { channelOf } from '../registry.ts';
import { changeStatus, WORKING } from '../status.ts';

/** At most so many orders are held between the channel's answer and the commit. */
const LOT = 10;

/**
 * Reads single orders of a connection again and records them. Does nothing for a connection that is not in use.
 * @throws ChannelError when the channel does not show one of them yet, or cannot be asked: the job tries again later
 */
export async function fetchOrders(
	target: { organizationId: string; connectionId: string; externalIds: string[] },
	signal?: AbortSignal
): Promise<void> {
	const { connection, timeZone, inUse } = await loadInUse(target.organizationId, target.connectionId);
	if (!inUse) return;
	const channel = channelOf(connection.channel);
	const client = channel.open(
		{
			externalId: connection.externalId,
			baseUrl: connection.baseUrl,
			credentials: openCredentials({ ...connection, credentials: connection.credentials! }),
			row: { id: connection.id, organizationId: connection.organizationId },
			facts: connection.facts
		},
		signal ? { signal } : {}
	);
	const missing = new Set(target.externalIds);
	try {
		for (let from = 0; from < target.externalIds.length; from += LOT) {
			const orders = await channel.fetchOrders(client, target.externalIds.slice(from, from + LOT));
			for (const { externalId } of orders) missing.delete(externalId);
			await record(connection.organizationId, async (tx) => {
				const place = {
					organizationId: connection.organizationId,
					connectionId: connection.id,
					timeZone,
					currency: connection.currency,
					externalId: connection.externalId
				};
				const whole = (await channel.join?.(tx, place, orders)) ?? orders;
				const { events } = await recordOrders(
					tx,
					whole.map((order) => ({
						organizationId: connection.organizationId,
						connectionId: connection.id,
						channel: connection.channel,
						timeZone,
						order
					}))
				);
				return { result: undefined, events };
			});
		}
	} catch (error) {
		if (!needsPerson(error)) throw error;
		// trying again would only ask a locked door: the connection waits for a person
		await changeStatus(connection, 'needs_reauthorization', error.message, WORKING);
		return;
	}
	if (missing.size > 0)
		throw new ChannelError(
			'unavailable',
			`${channel.label} does not show ${missing.size} of ${target.externalIds.length} orders yet.`
		);
}
