import { MAX_WEBHOOK_BYTES, receiveShopifyWebhook } from '#lib/server/channels/index.ts';
import type { RequestHandler } from './$types';

/** Shopify's deliveries. The body is read raw: its signature is over the bytes, and nothing is parsed before that is checked. */
export const POST: RequestHandler = async ({ request }) => {
	const body = await readLimited(request);
	if (body === null) return new Response('The body is too large.', { status: 413 });
	const { status, message, retryAfter } = await receiveShopifyWebhook(request.headers, body);
	return new Response(message, {
		status,
		headers: retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }
	});
};

/** The raw body, or null when it is longer than we read; the rest is then not waited for. */
async function readLimited(request: Request): Promise<Buffer | null> {
	if (Number(request.headers.get('content-length') ?? 0) > MAX_WEBHOOK_BYTES) return null;
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of request.body ?? []) {
		size += chunk.byteLength;
		if (size > MAX_WEBHOOK_BYTES) return null;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
