import { z } from 'zod';
import { changeProduct, createProduct, deleteProduct, getProduct } from '../../../catalog/index.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams, uuidOr404 } from '../../ids.ts';
import { SAMPLE } from '../../samples.ts';
import { product, sampleProduct } from './fields.ts';

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

export const createEndpoint = endpoint({
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

export const changeEndpoint = endpoint({
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

export const removeEndpoint = endpoint({
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
