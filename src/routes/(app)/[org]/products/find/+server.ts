import { listProducts } from '#lib/server/catalog/index.ts';
import type { RequestHandler } from './$types';

/** Products for a chooser: the first ones that match `q`. */
export const GET: RequestHandler = async ({ locals: { ctx }, url }) => {
	const { products } = await listProducts(ctx, { search: (url.searchParams.get('q') ?? '').slice(0, 100) });
	const found = products.slice(0, 8).map(({ id, sku, title, channels }) => ({ id, sku, title, channels }));
	return Response.json(found, { headers: { 'cache-control': 'private, no-store' } });
};
