import { z } from 'zod';
import { orderQuerySchema } from '#lib/contracts/orders.ts';
import { listOrders } from '../../../orders/index.ts';
import { endpoint } from '../../endpoint.ts';
import { named } from '../../names.ts';
import { pageOf, paging } from '../../paging.ts';
import { daysInOrder } from '../../period.ts';
import { filters } from './filters.ts';
import { orderRow, sampleRow } from './row.ts';

const listed = named(
	'ListedOrder',
	z.strictObject({
		...orderRow.shape,
		line_count: z.int(),
		financial_status: z.string().nullable().meta({ description: 'The channel’s word.' }),
		fulfillment_status: z.string().nullable().meta({ description: 'The channel’s word.' }),
		customer_name: z
			.string()
			.nullable()
			.meta({ description: 'Null without the permission `customers.read`.' })
	})
);

export const listEndpoint = endpoint({
	method: 'GET',
	path: '/orders',
	name: 'listOrders',
	tag: 'Orders',
	summary: 'List orders',
	description:
		'The latest first, unless told otherwise. As fast at the end of ten million as at the beginning.',
	permission: 'orders.read',
	query: z
		.strictObject({
			...filters,
			sort: orderQuerySchema.shape.sort,
			direction: orderQuerySchema.shape.direction,
			...paging
		})
		.refine(...daysInOrder),
	answer: pageOf(listed),
	examples: [
		{
			name: 'The latest orders',
			query: { limit: '2' },
			answer: {
				data: [
					{
						...sampleRow,
						line_count: 1,
						financial_status: 'PAID',
						fulfillment_status: 'UNFULFILLED',
						customer_name: 'Ada Byron'
					}
				],
				next_cursor: 'WyIyMDI2LTExLTIwVDEwOjAwOjAwLjAwMFoiLCIwMTk5Iixmd10'
			}
		},
		{ name: 'Refunded at Amazon', query: { channels: 'amazon', statuses: 'refunded,partially_refunded' } },
		{ name: 'By order number', query: { search: '#1001' } },
		{ name: 'A cursor that is none', query: { cursor: 'second page' }, status: 400 }
	],
	async handle({ ctx, query }) {
		const { orders, next } = await listOrders(ctx, query as Parameters<typeof listOrders>[1]);
		return { data: orders, nextCursor: next };
	}
});
