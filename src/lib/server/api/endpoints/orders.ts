import { z } from 'zod';
import { orderFiltersSchema, orderQuerySchema } from '#lib/contracts/orders.ts';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { listConnections, syncNow } from '../../channels/index.ts';
import { exportOrders, getOrder, listOrders, localDay } from '../../orders/index.ts';
import { Conflict, NotFound } from '../../platform/errors.ts';
import { endpoint } from '../endpoint.ts';
import { idParams } from '../ids.ts';
import { named } from '../names.ts';
import { pageOf, paging } from '../paging.ts';
import { day } from '../period.ts';
import { SAMPLE } from '../samples.ts';
import { money, unitMoney } from '../shape.ts';
import { textStream } from '../../platform/text-stream.ts';

const { channels, statuses, kinds, countries, search } = orderFiltersSchema.shape;
const filters = {
	from: day.optional().meta({ description: 'First day of placing, in the organization’s time zone.' }),
	to: day.optional().meta({ description: 'Last day of placing, included.' }),
	channels,
	statuses,
	kinds: kinds.meta({ description: 'Only `sale` counts in figures.' }),
	countries: countries.meta({ description: 'ISO 3166-1 alpha-2.' }),
	search: search.meta({
		description: 'Beginning of an order number, customer name, e-mail or SKU, or words of a title.'
	})
};

/** A row of the list, and what stream/orders sends. */
export const orderRow = named(
	'OrderRow',
	z.strictObject({
		id: z.string(),
		name: z.string().meta({ description: 'The channel’s order number.' }),
		channel: z.enum(CHANNELS),
		kind: z.string(),
		status: z.string(),
		placed_at: z.string(),
		summary: z.string(),
		units: z.int(),
		currency: z.string().meta({ description: 'Of the shop.' }),
		total: money('What the buyer paid. Null while the channel has not told a price.').nullable(),
		net: money('gross - discounts - refunds.').nullable(),
		city: z.string().nullable(),
		region: z.string().nullable(),
		country: z.string().nullable()
	})
);

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

const order = named(
	'Order',
	z.strictObject({
		id: z.string(),
		name: z.string(),
		channel: z.enum(CHANNELS),
		connection_id: z.string(),
		connection_name: z.string(),
		external_id: z.string().meta({ description: 'The channel’s id.' }),
		kind: z.string(),
		status: z.string(),
		financial_status: z.string().nullable(),
		fulfillment_status: z.string().nullable(),
		placed_at: z.string(),
		cancelled_at: z.string().nullable(),
		source_updated_at: z.string(),
		currency: z.string(),
		presentment: z
			.strictObject({ currency: z.string(), total: money().nullable() })
			.nullable()
			.meta({ description: 'What the buyer saw, where that was another currency.' }),
		gross: money().nullable(),
		discounts: money(),
		shipping: money().nullable(),
		tax: money(),
		total: money().nullable(),
		refunded: money(),
		net: money().nullable(),
		units: z.int(),
		partial: z
			.boolean()
			.meta({ description: 'True where the member sees some lines only: sums are of these.' }),
		customer: z
			.strictObject({
				id: z.string(),
				name: z.string().nullable(),
				email: z.string().nullable(),
				country: z.string().nullable(),
				orders: z.int()
			})
			.nullable(),
		ship_to: z.strictObject({
			name: z.string().nullable(),
			city: z.string().nullable(),
			region: z.string().nullable(),
			country: z.string().nullable()
		}),
		lines: z.array(
			z.strictObject({
				id: z.string(),
				product_id: z.string(),
				sku: z.string().nullable(),
				title: z.string(),
				variant_title: z.string().nullable(),
				category: z.string().nullable(),
				quantity: z.int(),
				unit_price: unitMoney().nullable(),
				gross: money().nullable(),
				discount: money(),
				tax: money(),
				is_gift_card: z.boolean()
			})
		),
		refunds: z.array(
			z.strictObject({
				id: z.string(),
				refunded_at: z.string(),
				total: money().nullable(),
				lines: z.array(
					z.strictObject({
						id: z.string(),
						kind: z.enum(['item', 'shipping', 'adjustment']),
						title: z.string().nullable(),
						sku: z.string().nullable(),
						quantity: z.int(),
						amount: money(),
						tax: money(),
						restocked: z.boolean()
					})
				)
			})
		),
		timeline: z.array(
			z.strictObject({
				kind: z.string(),
				at: z.string(),
				received_at: z.string().nullable(),
				source: z.string().nullable()
			})
		)
	})
);

const sampleRow = {
	id: SAMPLE.order,
	name: '#1001',
	channel: 'shopify',
	kind: 'sale',
	status: 'paid',
	placed_at: '2026-11-20T10:00:00.000Z',
	summary: 'Mug, blue',
	units: 1,
	currency: 'USD',
	total: 12.5,
	net: 12.5,
	city: 'Portland',
	region: 'OR',
	country: 'US'
};

const list = endpoint({
	method: 'GET',
	path: '/orders',
	name: 'listOrders',
	tag: 'Orders',
	summary: 'List orders',
	description:
		'The latest first, unless told otherwise. As fast at the end of ten million as at the beginning.',
	permission: 'orders.read',
	query: z.strictObject({
		...filters,
		sort: orderQuerySchema.shape.sort,
		direction: orderQuerySchema.shape.direction,
		...paging
	}),
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

const one = endpoint({
	method: 'GET',
	path: '/orders/{id}',
	name: 'getOrder',
	tag: 'Orders',
	summary: 'One order with its lines, refunds and timeline',
	permission: 'orders.read',
	params: idParams,
	answer: order,
	examples: [
		{
			name: 'An order',
			params: { id: SAMPLE.order },
			answer: {
				...without(sampleRow, ['summary', 'city', 'region', 'country']),
				connection_id: SAMPLE.connection,
				connection_name: 'Northwind on Shopify',
				external_id: '5123456789',
				financial_status: 'PAID',
				fulfillment_status: 'UNFULFILLED',
				cancelled_at: null,
				source_updated_at: '2026-11-20T10:00:04.000Z',
				presentment: null,
				gross: 12.5,
				discounts: 0,
				shipping: 0,
				tax: 0,
				refunded: 0,
				partial: false,
				customer: {
					id: SAMPLE.customer,
					name: 'Ada Byron',
					email: 'ada@example.com',
					country: 'US',
					orders: 3
				},
				ship_to: { name: 'Ada Byron', city: 'Portland', region: 'OR', country: 'US' },
				lines: [
					{
						id: SAMPLE.line,
						product_id: SAMPLE.product,
						sku: 'MUG-BLUE',
						title: 'Mug, blue',
						variant_title: null,
						category: 'Kitchen',
						quantity: 1,
						unit_price: 12.5,
						gross: 12.5,
						discount: 0,
						tax: 0,
						is_gift_card: false
					}
				],
				refunds: [],
				timeline: [{ kind: 'placed', at: '2026-11-20T10:00:00.000Z', received_at: null, source: null }]
			}
		},
		{ name: 'An order of somebody else', params: { id: SAMPLE.organization }, status: 404 }
	],
	handle: ({ ctx, params }) => getOrder(ctx, params.id)
});

const sync = endpoint({
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

const exported = endpoint({
	method: 'GET',
	path: '/orders/export',
	name: 'exportOrders',
	tag: 'Orders',
	summary: 'All matching orders as CSV',
	description:
		'Oldest first, streamed: any number. Names and addresses need the permission `customers.read` besides.',
	permission: 'orders.export',
	query: z.strictObject(filters),
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

function without<T extends object, K extends keyof T>(value: T, keys: readonly K[]): Omit<T, K> {
	return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key as K))) as Omit<T, K>;
}

export const orderEndpoints = [list, one, sync, exported];
