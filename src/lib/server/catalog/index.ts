export { generatedSku, offerKey, resolveListings, type LineOffer, type ResolvedListing } from './resolve.ts';
