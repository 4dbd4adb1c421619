export { markDeleted } from './delist.ts';
export {
	findListings,
	generatedSku,
	offerKey,
	resolveListings,
	type LineOffer,
	type ResolvedListing
} from './resolve.ts';
export { productsByStockId, type StockedProduct } from './stock-ids.ts';
export { upsertListings, type CatalogScope, type ChannelListing } from './upsert.ts';
export { removeUntold } from './remove.ts';
