import { BEGINNING, type CostPeriod, type CostSource, type Evidence } from '#lib/contracts/products.ts';
import { day } from '#lib/components/format/date.ts';

/** Where a cost is from, where that is worth saying. */
export const SOURCE_WORDS: Record<CostSource, string> = {
	person: 'entered by hand',
	file: 'from a file',
	channel: 'from Shopify'
};

/** "from the beginning", "from Nov 1". */
export function fromWords(
	{ fromDay }: Pick<CostPeriod, 'fromDay'>,
	locale: string,
	thisYear: number
): string {
	return fromDay === BEGINNING ? 'from the beginning' : `from ${day(fromDay, locale, { thisYear })}`;
}

/** A price of one piece: at least the currency's digits, at most the six it is kept with. */
export function unitPrice(amount: string, currency: string, locale: string): string {
	return new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 6 }).format(
		amount as `${number}`
	);
}

/** Why two products may be one. */
export function evidenceWords(evidence: Evidence, shared: string): string {
	switch (evidence) {
		case 'gtin':
			return `Same GTIN ${shared}`;
		case 'asin':
			return `Same ASIN ${shared} on one Amazon account: FBA and FBM twins`;
		case 'sku':
			return 'SKUs that differ only in spelling';
		case 'title':
			return 'Same title';
	}
}

/** Who ships a listing, in the channel's word. */
export function fulfilmentWords(channel: string, fulfilledBy: 'seller' | 'channel' | null): string | null {
	if (fulfilledBy === null) return null;
	if (channel === 'amazon') return fulfilledBy === 'channel' ? 'FBA' : 'FBM';
	if (channel === 'walmart') return fulfilledBy === 'channel' ? 'WFS' : 'Seller fulfilled';
	return fulfilledBy === 'channel' ? 'Shipped by the channel' : null;
}
