import { orderProfit } from '#lib/server/analytics/index.ts';
import { getOrder } from '#lib/server/orders/index.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => {
	const order = await getOrder(ctx, params.id);
	// the order is there without it: figures that do not answer must not hide it
	const profit = await orderProfit(ctx, params.id).catch((error: unknown) => {
		if (error instanceof AppError) return null;
		throw error;
	});
	return { order, profit };
};
