import { z } from 'zod';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { ADJUST_REASONS, adjustStock, listStock, lowStock, MAX_PIECES } from '../../inventory/index.ts';
import { endpoint } from '../endpoint.ts';
import { uuidOr404 } from '../ids.ts';
import { askingFor } from '../issue-words.ts';
import { named } from '../names.ts';
import { narrowingQuery, searchQuery } from '../narrowing.ts';
import { pageOf, paging } from '../paging.ts';
import { SAMPLE } from '../samples.ts';

/** A product at or below its reorder point. */
export const lowProduct = named(
	'LowProduct',
	z.strictObject({
		product_id: z.string(),
		sku: z.string(),
		title: z.string(),
		category: z.string().nullable(),
		available: z.int().meta({ description: 'Over all active locations.' }),
		reorder_point: z.int().meta({ description: '10 where the product has none of its own.' })
	})
);

const sampleLow = {
	product_id: SAMPLE.product,
	sku: 'MUG-BLUE',
	title: 'Mug, blue',
	category: 'Kitchen',
	available: 4,
	reorder_point: 10
};

const item = named(
	'StockedProduct',
	z.strictObject({
		...lowProduct.shape,
		low: z.boolean(),
		locations: z.array(
			z.strictObject({
				location_id: z.string(),
				name: z.string(),
				channel: z
					.enum(CHANNELS)
					.nullable()
					.meta({ description: 'Who counts it; null is a location of our own.' }),
				available: z.int(),
				on_hand: z.int().nullable().meta({ description: 'Null where the channel does not tell.' }),
				committed: z.int().nullable(),
				incoming: z.int().nullable(),
				reserved: z.int().nullable(),
				updated_at: z.string()
			})
		)
	})
);

const list = endpoint({
	method: 'GET',
	path: '/inventory',
	name: 'listInventory',
	tag: 'Inventory',
	summary: 'Stock of products at their locations',
	description: 'By SKU; products of which some stock was told.',
	permission: 'inventory.read',
	query: z.strictObject({
		search: searchQuery,
		channels: narrowingQuery.channels,
		product_id: z.string().max(100).optional(),
		...paging
	}),
	answer: pageOf(item),
	refusals: { 404: 'There is no such product.' },
	examples: [
		{
			name: 'All stock',
			answer: {
				data: [
					{
						...sampleLow,
						low: true,
						locations: [
							{
								location_id: SAMPLE.location,
								name: 'Portland',
								channel: 'shopify',
								available: 4,
								on_hand: 6,
								committed: 2,
								incoming: 0,
								reserved: null,
								updated_at: '2026-11-20T10:00:00.000Z'
							}
						]
					}
				],
				next_cursor: null
			}
		},
		{ name: 'Of one product', query: { product_id: SAMPLE.product } }
	],
	async handle({ ctx, query: { product_id: productId, ...query } }) {
		const productIds = productId === undefined ? [] : [uuidOr404(productId, 'This product')];
		const { items, next } = await listStock(ctx, { ...query, productIds });
		return { data: items, nextCursor: next };
	}
});

const low = endpoint({
	method: 'GET',
	path: '/inventory/low-stock',
	name: 'listLowStock',
	tag: 'Inventory',
	summary: 'Products at or below their reorder point',
	description: 'The fewest pieces first; tracked products that a channel still offers.',
	permission: 'inventory.read',
	query: z.strictObject({ limit: z.int().min(1).max(200).default(50) }),
	answer: z.strictObject({
		count: z.int().meta({ description: 'How many there are in all.' }),
		data: z.array(lowProduct)
	}),
	examples: [{ name: 'What runs low', answer: { count: 1, data: [sampleLow] } }],
	async handle({ ctx, query }) {
		const { count, products } = await lowStock(ctx, query);
		return { count, data: products };
	}
});

const adjust = endpoint({
	method: 'POST',
	path: '/inventory/adjust',
	name: 'adjustInventory',
	tag: 'Inventory',
	summary: 'Set or change the pieces at a location of our own',
	description:
		'Either `available` (what is there now) or `delta` (how many came or went). Stock that a channel counts is changed at the channel: there it answers 409. Send an Idempotency-Key with a `delta`, so that a repeated request counts once.',
	permission: 'inventory.adjust',
	body: z.strictObject({
		product_id: z.string(askingFor('Send the id of a product.')).max(100),
		location_id: z
			.string()
			.max(100)
			.optional()
			.meta({ description: 'Left out: the organization’s own stock, made when there is none.' }),
		available: z.int().min(0).max(MAX_PIECES).optional(),
		delta: z.int().min(-MAX_PIECES).max(MAX_PIECES).optional(),
		reason: z.enum(ADJUST_REASONS).default('correction')
	}),
	answer: z.strictObject({
		product_id: z.string(),
		location_id: z.string(),
		location_name: z.string(),
		before: z.int(),
		available: z.int(),
		total_available: z.int().meta({ description: 'Over all active locations.' })
	}),
	refusals: { 404: 'There is no such product or location.' },
	examples: [
		{
			name: 'A count',
			body: { product_id: SAMPLE.product, available: 42, reason: 'count' },
			answer: {
				product_id: SAMPLE.product,
				location_id: SAMPLE.location,
				location_name: 'Own stock',
				before: 40,
				available: 42,
				total_available: 46
			}
		},
		{ name: 'Goods received', body: { product_id: SAMPLE.product, delta: 24, reason: 'received' } },
		{ name: 'Neither of both', body: { product_id: SAMPLE.product }, status: 400 },
		{
			name: 'A location that the channel counts',
			body: { product_id: SAMPLE.product, location_id: SAMPLE.location, delta: 1 },
			status: 409
		}
	],
	handle: ({ ctx, body: { product_id: productId, location_id: locationId, ...change } }) =>
		adjustStock(ctx, {
			...change,
			productId: uuidOr404(productId, 'This product'),
			...(locationId !== undefined && { locationId: uuidOr404(locationId, 'This location') })
		})
});

export const inventoryEndpoints = [list, low, adjust];
