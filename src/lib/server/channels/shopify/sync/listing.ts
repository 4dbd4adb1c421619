import type { ChannelListing } from '../../../catalog/index.ts';
import type { ParsedListing } from '../parse-product.ts';

/** The catalogue's form of a variant. A cost in another currency than the shop's is not told: it would be read as the shop's. */
export function channelListing(
	{ costCurrency, cost, ...listing }: ParsedListing,
	currency: string | null
): ChannelListing {
	return { ...listing, currency, cost: costCurrency === null || costCurrency === currency ? cost : null };
}
