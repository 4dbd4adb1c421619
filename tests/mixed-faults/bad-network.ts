import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How many in a hundred requests under a path meet trouble. */
export interface BadNetwork {
	url: string;
	/** By the beginning of the path; the longest that fits counts. */
	trouble: Map<string, number>;
	/** What was done to requests, by kind. */
	done: Record<string, number>;
	stop(): Promise<void>;
}

/**
 * A network between the app and the simulator that loses requests before and after they were served, cuts answers in the middle,
 * lets them wait, and stands in for overloaded gateways. `random` decides, so a seed repeats it.
 */
export async function startBadNetwork(target: string, random: () => number): Promise<BadNetwork> {
	const trouble = new Map<string, number>();
	const done: Record<string, number> = {};
	const agent = new http.Agent({ keepAlive: true });
	const server = http.createServer((request, response) => {
		const path = request.url ?? '/';
		const [, share] = [...trouble]
			.filter(([start]) => path.startsWith(start))
			.sort(([a], [b]) => b.length - a.length)[0] ?? ['', 0];
		const kind = random() * 100 < share ? KINDS[Math.floor(random() * KINDS.length)]! : 'none';
		done[kind] = (done[kind] ?? 0) + 1;
		void serve(kind, request, response).catch(() => response.destroy());
	});

	async function serve(
		kind: string,
		request: http.IncomingMessage,
		response: http.ServerResponse
	): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		if (kind === 'lost before') return void response.destroy();
		if (kind === 'overloaded') return void response.writeHead(503).end();
		if (kind === 'gateway page')
			return void response
				.writeHead(502, { 'Content-Type': 'text/html' })
				.end('<html><h1>Bad gateway</h1></html>');
		if (kind === 'slow') await sleep(300);
		const answer = await forward(request, Buffer.concat(chunks));
		if (kind === 'lost after') return void response.destroy();
		const { 'transfer-encoding': _chunked, ...headers } = answer.headers;
		response.writeHead(answer.status, { ...headers, 'content-length': answer.body.length });
		if (kind !== 'cut' || answer.body.length < 2) return void response.end(answer.body);
		response.write(answer.body.subarray(0, answer.body.length >> 1), () => response.destroy());
	}

	function forward(
		request: http.IncomingMessage,
		body: Buffer
	): Promise<{ status: number; headers: http.IncomingHttpHeaders; body: Buffer }> {
		return new Promise((resolve, reject) => {
			const { method, headers, url } = request;
			const onward = http.request(new URL(url ?? '/', target), { method, headers, agent }, (answer) => {
				const parts: Buffer[] = [];
				answer.on('data', (part: Buffer) => parts.push(part));
				answer.on('error', reject);
				answer.on('end', () =>
					resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(parts) })
				);
			});
			onward.on('error', reject);
			onward.end(body);
		});
	}

	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		trouble,
		done,
		async stop() {
			agent.destroy();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		}
	};
}

const KINDS = ['lost before', 'lost after', 'cut', 'slow', 'overloaded', 'gateway page'] as const;
