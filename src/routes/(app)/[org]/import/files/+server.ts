import { json } from '@sveltejs/kit';
import { beginImport } from '#lib/server/imports/index.ts';
import type { RequestHandler } from './$types';

/** Announces a file; its bytes follow in parts. */
export const POST: RequestHandler = async ({ locals, request }) => {
	// what is no JSON is refused by the verb, after it knows who asks
	const input: unknown = await request.json().catch(() => null);
	return json({ id: await beginImport(locals.ctx, input) }, { status: 201 });
};
