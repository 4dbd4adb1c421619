export { channelOrderSchema, toChannelOrder, type ChannelOrder, type ChannelOrderInput, type OrderStatus, type Source } from './channel-order.ts';
export { decideKind, type OrderKind } from './kind.ts';
export { differences, figuresByDay, type FiguredOrder } from './figures.ts';
export { localDay } from './day.ts';
export { recordOrders } from './record.ts';
export type { OrderEntry, OrderOutcome, Recorded } from './record-types.ts';
