import { MAX_EVENT_BYTES, receiveStripeEvent } from '#lib/server/billing/index.ts';
import type { RequestHandler } from './$types';

/** Stripe's events. The signature is over the raw body: nothing is read before it is checked. */
export const POST: RequestHandler = async ({ request }) => {
	if (Number(request.headers.get('content-length') ?? 0) > MAX_EVENT_BYTES) return tooLarge();
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of request.body ?? []) {
		size += chunk.byteLength;
		if (size > MAX_EVENT_BYTES) return tooLarge();
		chunks.push(chunk);
	}
	const { status, message, retryAfter } = await receiveStripeEvent(request.headers, Buffer.concat(chunks));
	return new Response(message, {
		status,
		headers: retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }
	});
};

function tooLarge(): Response {
	return new Response('The body is too large.', { status: 413 });
}
