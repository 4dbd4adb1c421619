import { z } from 'zod';
import { getProduct, listProducts } from '../../../catalog/index.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams, uuidOr404 } from '../../ids.ts';
import { narrowingQuery, searchQuery } from '../../narrowing.ts';
import { pageOf, paging, readPage, writePage } from '../../paging.ts';
import { SAMPLE } from '../../samples.ts';
import { listed, product, sampleProduct } from './fields.ts';

export const listEndpoint = endpoint({
	method: 'GET',
	path: '/products',
	name: 'listProducts',
	tag: 'Products',
	summary: 'List products',
	description: 'By title. Merged products stand under the one they were merged into.',
	permission: 'products.read',
	query: z.strictObject({
		search: searchQuery,
		...narrowingQuery,
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

export const oneEndpoint = endpoint({
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
