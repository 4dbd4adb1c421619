export { ADJUST_REASONS, adjustStock, MAX_PIECES, type AdjustedStock } from './adjust.ts';
export { emptyDays } from './empty-days.ts';
export { listStock, type StockedItem } from './list-stock.ts';
export { upsertLocations, type ChannelLocation, type StockScope } from './locations.ts';
export { DEFAULT_REORDER_POINT, lowStock, type LowProduct } from './low-stock.ts';
export { mergeStock, splitStock } from './move-stock.ts';
export { recordStock, type ChannelLevel } from './stock.ts';
export { stockOuts, type StockOut } from './stock-history.ts';
export { stockedProducts } from './stocked.ts';
