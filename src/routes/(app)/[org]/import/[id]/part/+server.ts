import { json } from '@sveltejs/kit';
import { appendPart, getImport } from '#lib/server/imports/index.ts';
import type { RequestHandler } from './$types';

/** How much of the file is here: where a browser that lost its connection goes on. */
export const GET: RequestHandler = async ({ locals, params }) => {
	const { view } = await getImport(locals.ctx, params.id);
	return json({ received: view.received, complete: view.status !== 'uploading' });
};

/** A part of the file from a byte on, written to the disk as it comes in. */
export const PUT: RequestHandler = async ({ locals, params, request, url }) =>
	json(
		await appendPart(
			locals.ctx,
			params.id,
			Number(url.searchParams.get('offset') ?? Number.NaN),
			request.body
		)
	);
