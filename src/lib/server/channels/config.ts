import { settings } from '../platform/running.ts';

/** Where a channel reaches our webhook route; null when it cannot. A simulated channel runs on this machine and needs no public address. */
export function webhookUri(connection: { isSimulated: boolean }): string | null {
	const { ORIGIN, PORT } = settings();
	if (connection.isSimulated) return `http://127.0.0.1:${PORT}/webhooks/shopify`;
	return ORIGIN ? `${ORIGIN.replace(/\/+$/, '')}/webhooks/shopify` : null;
}
