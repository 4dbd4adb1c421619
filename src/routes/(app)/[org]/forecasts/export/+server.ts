import { Readable } from 'node:stream';
import { parseHorizon } from '#lib/components/forecasts/url.ts';
import { exportForecasts, exportProductForecast } from '#lib/server/forecasting/index.ts';
import type { RequestHandler } from './$types';

/** Sums of all products as CSV, streamed; with `product` the days of one. */
export const GET: RequestHandler = async ({ locals: { ctx }, url }) => {
	const horizon = parseHorizon(url.searchParams);
	const productId = url.searchParams.get('product');
	const body =
		productId === null
			? streamOf(await exportForecasts(ctx, { horizon }))
			: await exportProductForecast(ctx, { productId, horizon });
	return new Response(body, {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="${ctx.organization.slug}-forecast${productId === null ? 's' : ''}-${horizon}-days.csv"`,
			'cache-control': 'private, no-store'
		}
	});
};

/** Reads a piece when the browser has taken the one before, and stops reading when the browser goes. */
function streamOf(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
	return Readable.toWeb(Readable.from(pieces, { objectMode: false })) as ReadableStream<Uint8Array>;
}
