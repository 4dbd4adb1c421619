import {
	channelOrderSchema,
	type ChannelOrder,
	type ChannelOrderInput,
	type Source
} from './channel-order.ts';
import { readPlainOrder } from './plain-order.ts';

/**
 * Validates a parser's result and puts the raw payload beside it.
 * @throws ZodError naming the wrong field; the caller keeps the payload as a dead letter
 */
export function toChannelOrder(
	input: ChannelOrderInput,
	raw: { payload: string; source: Source }
): ChannelOrder {
	return {
		...(readPlainOrder(input) ?? channelOrderSchema.parse(input)),
		payload: raw.payload.replaceAll('\0', '').toWellFormed(),
		source: raw.source
	};
}
