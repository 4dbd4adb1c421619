import { toChannelOrder, type ChannelOrder, type Source } from '../../orders/index.ts';
import { objects, type Json } from '../json.ts';
import { canonicalOrder } from './canonical-order.ts';
import { returnedLines } from './parse-return.ts';
import { readOrder } from './raw-order.ts';

/**
 * Reads an order of GET /v3/orders; `returns` beside Walmart's own fields holds the returns of its customer order, as
 * `attachReturns` puts them there.
 * @throws Unparsable or ZodError; the node is then kept as a dead letter
 */
export function parseWalmartOrder(node: Json, source: Source): ChannelOrder {
	const returns = returnedLines(objects(node.returns, 'The returns'));
	return toChannelOrder(canonicalOrder(readOrder(node), returns), { payload: JSON.stringify(node), source });
}

/** True for an order whose refunds are told by its returns: those must be read too. */
export function wantsReturns(node: Json): boolean {
	const { lines } = readOrder(node);
	return lines.some((line) => line.hasReturn || line.statuses.some((status) => status.word === 'refund'));
}
