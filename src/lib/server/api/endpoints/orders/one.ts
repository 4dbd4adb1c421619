import { z } from 'zod';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { getOrder } from '../../../orders/index.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams } from '../../ids.ts';
import { named } from '../../names.ts';
import { SAMPLE } from '../../samples.ts';
import { money, unitMoney } from '../../shape.ts';
import { sampleRow } from './row.ts';

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

export const oneEndpoint = endpoint({
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

function without<T extends object, K extends keyof T>(value: T, keys: readonly K[]): Omit<T, K> {
	return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key as K))) as Omit<T, K>;
}
