import type { AddressInfo } from 'node:net';
import { parseOptions } from '../../simulator/options.ts';
import { createServer } from '../../simulator/server.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';

/** A simulator in this process, on a free port. */
export interface SimulatedShop {
	simulator: Simulator;
	baseUrl: string;
	shop: string;
	accessToken: string;
	clientId: string;
	clientSecret: string;
	/** Calls the control endpoint. */
	control(action: string, body?: Record<string, unknown>): Promise<unknown>;
	stop(): Promise<void>;
}

/** Starts a small shop that places no orders by itself. */
export async function startShop(...more: string[]): Promise<SimulatedShop> {
	const simulator = await createSimulator(
		parseOptions([
			'--port',
			'0',
			'--rate',
			'0',
			'--bulk-delay',
			'20',
			'--plan',
			'enterprise',
			'--bucket',
			'20000',
			...more
		])!
	);
	const server = createServer(simulator);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	simulator.baseUrl = baseUrl;
	simulator.start();
	const tenant = simulator.tenants[0]!;
	return {
		simulator,
		baseUrl,
		shop: tenant.shop.domain,
		accessToken: tenant.legacyToken,
		clientId: simulator.app.clientId,
		clientSecret: simulator.app.clientSecret,
		async control(action, body = {}) {
			const reply = await fetch(`${baseUrl}/__control`, {
				method: 'POST',
				headers: { 'Content-Type': 'application/json', 'X-Shopify-Shop-Domain': tenant.shop.domain },
				body: JSON.stringify({ action, ...body })
			});
			const text = await reply.text();
			if (!reply.ok) throw new Error(`${action}: ${text}`);
			return JSON.parse(text);
		},
		async stop() {
			simulator.stop();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		}
	};
}
