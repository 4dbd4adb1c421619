export { changeProduct } from './change-product.ts';
export { createProduct } from './create-product.ts';
export { deleteProduct } from './delete-product.ts';
export { costEvents } from './cost-events.ts';
export { costMethod, setCostMethod } from './cost-method.ts';
export { markDeleted } from './delist.ts';
export { getProduct } from './get-product.ts';
export { exportCosts, importCosts, previewCosts } from './import-costs.ts';
export { exportReceipts, importReceipts, previewReceipts } from './receipts-import.ts';
export { listProducts, PAGE } from './list-products.ts';
export { getListing, isInBundle } from './listing-rows.ts';
export { priceChanges, type PriceChange } from './price-changes.ts';
export { lockProducts } from './product-rows.ts';
export { absorb, movingListings, settleListing, splitOff, type MovingListing } from './remap.ts';
export { removeUntold } from './remove.ts';
export {
	findListings,
	generatedSku,
	offerKey,
	resolveListings,
	type LineOffer,
	type ResolvedListing
} from './resolve.ts';
export { addReceipt, listReceipts, removeReceipt } from './receipts.ts';
export { removeCost, setCost } from './set-cost.ts';
export { setComponents } from './set-components.ts';
export { productsByStockId, type StockedProduct } from './stock-ids.ts';
export { keepApart, suggestMerges } from './suggestions.ts';
export { upsertListings, type CatalogScope, type ChannelListing } from './upsert.ts';
