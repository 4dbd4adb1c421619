import { MAX_WEBHOOK_BYTES, receiveWalmartWebhook } from '#lib/server/channels/index.ts';
import type { RequestHandler } from './$types';

/** Walmart's notifications. The signature is over the raw body and the address: nothing is read before it is checked. */
export const POST: RequestHandler = async ({ request, url }) => {
	if (Number(request.headers.get('content-length') ?? 0) > MAX_WEBHOOK_BYTES) return tooLarge();
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of request.body ?? []) {
		size += chunk.byteLength;
		if (size > MAX_WEBHOOK_BYTES) return tooLarge();
		chunks.push(chunk);
	}
	const { status, message, retryAfter } = await receiveWalmartWebhook(
		url,
		request.headers,
		Buffer.concat(chunks)
	);
	return new Response(message, {
		status,
		headers: retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }
	});
};

function tooLarge(): Response {
	return new Response('The body is too large.', { status: 413 });
}
