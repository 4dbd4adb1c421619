import { toChannelOrder, type ChannelOrder, type Source } from '../../orders/index.ts';
import { canonicalOrder } from './canonical-order.ts';
import { readGraphqlOrder } from './parse-order-graphql.ts';
import { readRestOrder } from './parse-order-rest.ts';
import type { Json } from './read.ts';

/**
 * An order node of the Admin API, whole: all its lines and all lines of its refunds.
 * @throws Unparsable or ZodError; the caller keeps the payload as a dead letter
 */
export function parseGraphqlOrder(node: Json, source: Exclude<Source, 'webhook'>): ChannelOrder {
	return toChannelOrder(canonicalOrder(readGraphqlOrder(node)), { payload: JSON.stringify(node), source });
}

/**
 * The body of an orders/* webhook.
 * @throws Unparsable or ZodError; the caller keeps the payload as a dead letter
 */
export function parseRestOrder(body: Json, payload: string): ChannelOrder {
	return toChannelOrder(canonicalOrder(readRestOrder(body)), { payload, source: 'webhook' });
}
