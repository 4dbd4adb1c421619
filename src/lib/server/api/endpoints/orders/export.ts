import { z } from 'zod';
import { exportOrders, localDay } from '../../../orders/index.ts';
import { textStream } from '../../../platform/text-stream.ts';
import { endpoint } from '../../endpoint.ts';
import { daysInOrder } from '../../period.ts';
import { filters } from './filters.ts';

export const exportEndpoint = endpoint({
	method: 'GET',
	path: '/orders/export',
	name: 'exportOrders',
	tag: 'Orders',
	summary: 'All matching orders as CSV',
	description:
		'Oldest first, streamed: any number. Names and addresses need the permission `customers.read` besides.',
	permission: 'orders.export',
	query: z.strictObject(filters).refine(...daysInOrder),
	stream: {
		type: 'text/csv',
		description: 'One line per order under a line of headings.',
		sample: 'order,channel,placed_at\r\n#1001,shopify,2026-11-20T05:00:00-05:00\r\n'
	},
	examples: [
		{ name: 'A month', query: { from: '2026-11-01', to: '2026-11-30' } },
		{ name: 'A day that is none', query: { from: '2026-11-31' }, status: 400 }
	],
	async handle({ ctx, query }) {
		const pieces = await exportOrders(ctx, query as Parameters<typeof exportOrders>[1]);
		const today = localDay(new Date().toISOString(), ctx.organization.timeZone);
		return new Response(textStream(pieces), {
			headers: {
				'content-type': 'text/csv; charset=utf-8',
				'content-disposition': `attachment; filename="${ctx.organization.slug}-orders-${today}.csv"`,
				'cache-control': 'no-store'
			}
		});
	}
});
