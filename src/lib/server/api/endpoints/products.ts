import { z } from 'zod';
import { CHANNELS } from '#lib/contracts/channels.ts';
import {
	changeProduct,
	createProduct,
	deleteProduct,
	getProduct,
	listProducts
} from '../../catalog/index.ts';
import { endpoint } from '../endpoint.ts';
import { idParams, uuidOr404 } from '../ids.ts';
import { named } from '../names.ts';
import { pageOf, paging, readPage, writePage } from '../paging.ts';
import { SAMPLE } from '../samples.ts';
import { unitMoney } from '../shape.ts';

const cost = z.strictObject({
	from_day: z.string().meta({ description: '1970-01-01 is "from the beginning".' }),
	unit_cost: unitMoney(),
	currency: z.string(),
	source: z.enum(['person', 'file', 'channel'])
});

const words = {
	id: z.string(),
	sku: z.string(),
	title: z.string(),
	brand: z.string().nullable(),
	category: z.string().nullable(),
	supplier: z.string().nullable()
};

const listed = named(
	'ListedProduct',
	z.strictObject({
		...words,
		channels: z.array(z.enum(CHANNELS)).meta({ description: 'Channels that offer it.' }),
		listings: z.int(),
		components: z.int().meta({ description: 'Above 0: a bundle of so many products.' }),
		cost: cost.nullable().meta({ description: 'Today’s; of a bundle that of its components.' })
	})
);

const part = z.strictObject({
	product_id: z.string(),
	sku: z.string(),
	title: z.string(),
	quantity: z.int()
});

const product = named(
	'Product',
	z.strictObject({
		...words,
		barcode: z.string().nullable(),
		edited: z.array(z.string()).meta({ description: 'Fields that a member wrote: syncs leave them alone.' }),
		listings: z.array(
			z.strictObject({
				id: z.string(),
				channel: z.enum(CHANNELS),
				connection_id: z.string(),
				external_id: z.string(),
				sku: z.string().nullable(),
				barcode: z.string().nullable(),
				title: z.string(),
				variant_title: z.string().nullable(),
				price: unitMoney().nullable(),
				currency: z.string().nullable(),
				status: z.string().nullable(),
				fulfilled_by: z.enum(['seller', 'channel']).nullable()
			})
		),
		costs: z.array(cost),
		components: z.array(part),
		part_of: z.array(part),
		merged_skus: z.array(z.string())
	})
);

const sampleProduct = {
	id: SAMPLE.product,
	sku: 'MUG-BLUE',
	title: 'Mug, blue',
	brand: 'Northwind',
	category: 'Kitchen',
	supplier: null,
	barcode: '4006381333931',
	edited: [],
	listings: [
		{
			id: SAMPLE.line,
			channel: 'shopify',
			connection_id: SAMPLE.connection,
			external_id: '44012345678901',
			sku: 'MUG-BLUE',
			barcode: '4006381333931',
			title: 'Mug, blue',
			variant_title: null,
			price: 12.5,
			currency: 'USD',
			status: 'active',
			fulfilled_by: 'seller'
		}
	],
	costs: [{ from_day: '1970-01-01', unit_cost: 4.2, currency: 'USD', source: 'person' }],
	components: [],
	part_of: [],
	merged_skus: []
};

const optionalWords = (most: number) =>
	z
		.string()
		.max(most, { error: `must have at most ${most} characters.` })
		.nullable()
		.optional();
const title = z
	.string({ error: 'must be a text.' })
	.trim()
	.min(1, { error: 'must not be empty.' })
	.max(500, { error: 'must have at most 500 characters.' });

const list = endpoint({
	method: 'GET',
	path: '/products',
	name: 'listProducts',
	tag: 'Products',
	summary: 'List products',
	description: 'By title. Merged products stand under the one they were merged into.',
	permission: 'products.read',
	query: z.strictObject({
		search: z
			.string()
			.trim()
			.max(100)
			.default('')
			.meta({ description: 'Part of a title, or the beginning of a SKU or GTIN.' }),
		channels: z.array(z.enum(CHANNELS)).max(3).default([]),
		categories: z.array(z.string().max(200)).max(50).default([]),
		show: z.enum(['all', 'no-cost', 'several', 'one-channel', 'bundle']).default('all'),
		...paging
	}),
	answer: pageOf(listed),
	examples: [
		{
			name: 'All products',
			answer: {
				data: [
					{
						id: SAMPLE.product,
						sku: 'MUG-BLUE',
						title: 'Mug, blue',
						brand: 'Northwind',
						category: 'Kitchen',
						supplier: null,
						channels: ['amazon', 'shopify'],
						listings: 2,
						components: 0,
						cost: { from_day: '1970-01-01', unit_cost: 4.2, currency: 'USD', source: 'person' }
					}
				],
				next_cursor: null
			}
		},
		{ name: 'Without a cost', query: { show: 'no-cost', limit: '10' } }
	],
	async handle({ ctx, query: { cursor, limit, ...query } }) {
		const page = readPage(cursor, limit);
		const { products, count } = await listProducts(ctx, { ...query, page, limit });
		return { data: products, nextCursor: page * limit < count ? writePage(page + 1, limit) : null };
	}
});

const one = endpoint({
	method: 'GET',
	path: '/products/{id}',
	name: 'getProduct',
	tag: 'Products',
	summary: 'One product with its listings and costs',
	description: 'The id of a merged product answers the one that took over.',
	permission: 'products.read',
	params: idParams,
	answer: product,
	examples: [
		{ name: 'A product', params: { id: SAMPLE.product }, answer: sampleProduct },
		{ name: 'One that does not exist', params: { id: 'mug' }, status: 404 }
	],
	handle: ({ ctx, params }) => getProduct(ctx, uuidOr404(params.id, 'This product'))
});

const create = endpoint({
	method: 'POST',
	path: '/products',
	name: 'createProduct',
	tag: 'Products',
	summary: 'Make a product',
	description: 'Before a channel offers it: a listing with its SKU joins it by itself.',
	permission: 'products.manage',
	body: z.strictObject({
		sku: z
			.string({ error: 'must be a text.' })
			.trim()
			.min(1, { error: 'must not be empty.' })
			.max(200, { error: 'must have at most 200 characters.' }),
		title,
		brand: optionalWords(200),
		category: optionalWords(200),
		supplier: optionalWords(200),
		barcode: optionalWords(50)
	}),
	status: 201,
	answer: product,
	location: ({ id }: { id: string }) => `/products/${id}`,
	examples: [
		{
			name: 'A new product',
			body: { sku: 'LAMP-BROWN', title: 'Lamp, brown', category: 'Home' },
			answer: {
				...sampleProduct,
				sku: 'LAMP-BROWN',
				title: 'Lamp, brown',
				brand: null,
				category: 'Home',
				barcode: null,
				edited: ['title', 'category'],
				listings: [],
				costs: []
			}
		},
		{ name: 'A SKU that is taken', body: { sku: 'MUG-BLUE', title: 'Another mug' }, status: 409 },
		{ name: 'Without a name', body: { sku: 'LAMP-RED' }, status: 400 }
	],
	handle: async ({ ctx, body }) => getProduct(ctx, await createProduct(ctx, body))
});

const change = endpoint({
	method: 'PATCH',
	path: '/products/{id}',
	name: 'changeProduct',
	tag: 'Products',
	summary: 'Change a product’s words',
	description:
		'Fields left out stay. What is written here stays whatever the channels say later; null lets a brand or category follow them again.',
	permission: 'products.manage',
	params: idParams,
	body: z.strictObject({
		title: title.optional(),
		brand: optionalWords(200),
		category: optionalWords(200),
		supplier: optionalWords(200)
	}),
	answer: product,
	examples: [
		{
			name: 'Another category',
			params: { id: SAMPLE.product },
			body: { category: 'Drinkware' },
			answer: { ...sampleProduct, category: 'Drinkware', edited: ['category'] }
		}
	],
	async handle({ ctx, params, body }) {
		const before = await getProduct(ctx, uuidOr404(params.id, 'This product'));
		const words = (name: 'brand' | 'category' | 'supplier') =>
			(body[name] === undefined ? before[name] : body[name]) ?? '';
		await changeProduct(ctx, {
			productId: before.id,
			title: body.title ?? before.title,
			brand: words('brand'),
			category: words('category'),
			supplier: words('supplier')
		});
		return getProduct(ctx, before.id);
	}
});

const remove = endpoint({
	method: 'DELETE',
	path: '/products/{id}',
	name: 'deleteProduct',
	tag: 'Products',
	summary: 'Remove a product',
	description:
		'Only one that nothing leads to: never sold, not offered, in no bundle, without stock. Anything else would change past figures.',
	permission: 'products.manage',
	params: idParams,
	status: 204,
	examples: [
		{ name: 'A product nobody needs', params: { id: SAMPLE.unusedProduct } },
		{ name: 'One that was sold', params: { id: SAMPLE.product }, status: 409 }
	],
	handle: ({ ctx, params }) => deleteProduct(ctx, { productId: uuidOr404(params.id, 'This product') })
});

export const productEndpoints = [list, one, create, change, remove];
