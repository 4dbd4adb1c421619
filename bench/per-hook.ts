// The reference of the bench `hooks`, as a process: node bench/per-hook.ts. The product's own intake and all its background
// work, but every webhook in a transaction of its own instead of a shared one, behind node:http, which costs less than the
// product's routes: what the reference gains from that counts against us.
import http from 'node:http';
import { start } from '../jobs/start.ts';
import { accountsOf } from '../src/lib/server/channels/intake/accounts.ts';
import { commitDeliveries } from '../src/lib/server/channels/intake/commit.ts';
import { constantTimeEqual, hmacBase64 } from '../src/lib/server/platform/crypto.ts';
import { parseSettings } from '../src/lib/server/platform/settings.ts';

const settings = parseSettings(process.env);
const started = await start(settings);

async function receive(request: http.IncomingMessage): Promise<number> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const body = Buffer.concat(chunks);
	const header = (name: string) => String(request.headers[name] ?? '');
	const account = (await accountsOf(header('x-shopify-shop-domain'))).find(({ secrets }) =>
		secrets.some((secret) => constantTimeEqual(hmacBase64(secret, body), header('x-shopify-hmac-sha256')))
	);
	if (!account) return 401;
	const { secrets: _, ...where } = account;
	const delivery = {
		...where,
		body,
		deliveryId: header('x-shopify-webhook-id'),
		topic: header('x-shopify-topic'),
		triggeredAt: header('x-shopify-triggered-at')
	};
	const [outcome] = await commitDeliveries([delivery]);
	return outcome === 'processed' ? 200 : 500;
}

const server = http.createServer((request, response) => {
	receive(request).then(
		(status) => response.writeHead(status, { 'content-length': 0 }).end(),
		(error: Error) => {
			console.error(error);
			response.writeHead(503).end();
		}
	);
});
server.keepAliveTimeout = 65_000;
server.listen(settings.PORT, '127.0.0.1', () => console.log('one transaction per hook: ready'));
process.on('SIGTERM', async () => {
	server.close();
	server.closeAllConnections();
	await started.stop();
	process.exit(0);
});
