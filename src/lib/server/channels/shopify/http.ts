import { ChannelError } from '../error.ts';
import { request, type Reply, type RequestOptions } from '../http.ts';

/** One POST with JSON to a shop; see `request`. */
export function post(
	url: string,
	headers: Record<string, string>,
	body: string,
	options: Pick<RequestOptions, 'signal' | 'traffic' | 'tries'> = {}
): Promise<Reply> {
	return request(
		{ method: 'POST', url, headers: { 'Content-Type': 'application/json', ...headers }, body },
		{
			...options,
			channel: 'Shopify',
			redirected: () =>
				new ChannelError(
					'credentials',
					'The shop redirects to another address, as closed or renamed shops do. Use the .myshopify.com address from Settings, Domains.',
					'shop'
				)
		}
	);
}
