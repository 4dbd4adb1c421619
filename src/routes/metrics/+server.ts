import { constantTimeEqual } from '#lib/server/platform/crypto.ts';
import { metrics } from '#lib/server/platform/metrics.ts';
import { settings } from '#lib/server/platform/running.ts';
import type { RequestHandler } from './$types.js';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Prometheus metrics: for METRICS_TOKEN's bearer, or from this machine when none is set. */
export const GET: RequestHandler = async ({ request, getClientAddress }) => {
	const token = settings().METRICS_TOKEN;
	const given = request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '';
	const allowed = token ? constantTimeEqual(given, token) : LOOPBACK.has(getClientAddress());
	if (!allowed) return new Response('Set METRICS_TOKEN and send it as a bearer token.\n', { status: 401 });
	return new Response(await metrics.registry.metrics(), {
		headers: { 'content-type': metrics.registry.contentType }
	});
};
