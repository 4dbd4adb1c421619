import http from 'node:http';
import https from 'node:https';

/** Shopify waits five seconds in all for an answer. */
const TOTAL_TIMEOUT_MS = 5000;

/** Posts bodies over kept-alive connections, at most so many to one host. */
export function createPoster(mostSockets: number) {
	const options = { keepAlive: true, maxSockets: mostSockets, scheduling: 'lifo' } as const;
	const plain = new http.Agent(options);
	const secure = new https.Agent(options);
	return {
		/** Resolves with the status of the answer; rejects when there is none in five seconds. */
		post(uri: string, body: string, headers: Record<string, string>): Promise<number> {
			const url = new URL(uri);
			const isSecure = url.protocol === 'https:';
			return new Promise((resolve, reject) => {
				const request = (isSecure ? https : http).request(
					url,
					{
						method: 'POST',
						agent: isSecure ? secure : plain,
						headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
						signal: AbortSignal.timeout(TOTAL_TIMEOUT_MS)
					},
					(response) => {
						response.resume();
						response.on('end', () => resolve(response.statusCode ?? 0));
						response.on('error', reject);
					}
				);
				request.on('error', reject);
				request.end(body);
			});
		},
		close(): void {
			plain.destroy();
			secure.destroy();
		}
	};
}
