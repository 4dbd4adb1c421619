import { settings } from '../platform/running.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Where a channel reaches our webhook route; null when it cannot. A simulated channel runs on this machine and needs no public address. */
export function webhookUri(connection: { isSimulated: boolean }): string | null {
	const { ORIGIN, PORT, SHOPIFY_API_URL } = settings();
	const local =
		connection.isSimulated ||
		(!ORIGIN && SHOPIFY_API_URL !== undefined && LOOPBACK.has(new URL(SHOPIFY_API_URL).hostname));
	if (local) return `http://127.0.0.1:${PORT}/webhooks/shopify`;
	return ORIGIN ? `${ORIGIN.replace(/\/+$/, '')}/webhooks/shopify` : null;
}
