import { z } from 'zod';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { listConnections, syncNow } from '../../../channels/index.ts';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import { endpoint } from '../../endpoint.ts';
import { SAMPLE } from '../../samples.ts';

export const syncEndpoint = endpoint({
	method: 'POST',
	path: '/orders/sync',
	name: 'syncOrders',
	tag: 'Orders',
	summary: 'Read new orders from the channels now',
	description:
		'Queues what runs every few minutes by itself. A connection whose first sync is not whole goes on with that.',
	permission: 'channels.sync',
	body: z.strictObject({
		connection_id: z
			.string()
			.max(100)
			.optional()
			.meta({ description: 'One connection; left out: all in use.' })
	}),
	status: 202,
	answer: z.strictObject({
		queued: z.array(
			z.strictObject({
				connection_id: z.string(),
				channel: z.enum(CHANNELS),
				name: z.string(),
				fresh_at: z.string().nullable().meta({ description: 'Everything up to this instant was in already.' })
			})
		)
	}),
	refusals: { 404: 'There is no such connection.' },
	examples: [
		{
			name: 'All channels',
			body: {},
			answer: {
				queued: [
					{
						connection_id: SAMPLE.connection,
						channel: 'shopify',
						name: 'Northwind on Shopify',
						fresh_at: '2026-11-20T10:00:04.000Z'
					}
				]
			}
		},
		{ name: 'One connection', body: { connection_id: SAMPLE.connection } }
	],
	async handle({ ctx, body }) {
		const all = await listConnections(ctx);
		const wanted = body.connection_id === undefined ? all : all.filter(({ id }) => id === body.connection_id);
		if (body.connection_id !== undefined && wanted.length === 0) throw new NotFound('This connection');
		const usable = wanted.filter(({ status }) => ['connecting', 'healthy', 'degraded'].includes(status));
		if (usable.length === 0)
			throw new Conflict('No connection is in use. Connect a channel, or resume one, and send it again.');
		for (const { id } of usable) await syncNow(ctx, id, 'incremental');
		return { queued: usable.map((connection) => ({ ...connection, connectionId: connection.id })) };
	}
});
