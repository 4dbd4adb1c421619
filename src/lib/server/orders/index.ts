export {
	channelOrderSchema,
	type ChannelOrder,
	type ChannelOrderInput,
	type OrderStatus,
	type Source
} from './channel-order.ts';
export { toChannelOrder } from './to-channel-order.ts';
export { ordersByExternalId } from './by-external-id.ts';
export { dayParts, type DayParts } from './day-parts.ts';
export { localDay } from './day.ts';
export { buyerOrders, eraseBuyers } from './erase.ts';
export { exportOrders } from './export.ts';
export { amount, currencyCode, instant, jsonObject, key, label, price } from './fields.ts';
export { differences, figuresByDay, type FiguredOrder } from './figures.ts';
export { getOrder, getPayload } from './get.ts';
export { decideKind, type OrderKind } from './kind.ts';
export { countOrders, listOrders } from './list.ts';
export { endOfDay, startOfDay } from './local-instant.ts';
export { findStored } from './find-stored.ts';
export { moveLines } from './move-lines.ts';
export { hourOfDay, nextNightly, sinceNightly } from './nightly.ts';
export { MAX_BATCH, recordOrders } from './record.ts';
export type { OrderEntry, OrderOutcome, Recorded } from './record-types.ts';
export { buyersChanged, ordersOfBuyer } from './of-buyer.ts';
export { knownOrders, madeAlong, removeImported, unnamed, type MadeAlong } from './remove.ts';
