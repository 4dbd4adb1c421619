import type { Channel } from './channels.ts';

/** Where a cost is from: a member, a file, or the channel's own field. */
export type CostSource = 'person' | 'file' | 'channel';

/** What a piece costs from a day on. `fromDay` 1970-01-01 is "from the beginning"; amounts are decimal strings. */
export interface CostPeriod {
	fromDay: string;
	unitCost: string;
	currency: string;
	source: CostSource;
}

/** The first day of a cost that holds from the beginning. */
export const BEGINNING = '1970-01-01';

export interface ListedProduct {
	id: string;
	sku: string;
	title: string;
	brand: string | null;
	category: string | null;
	supplier: string | null;
	/** Channels that offer it, without deleted listings. */
	channels: Channel[];
	listings: number;
	components: number;
	/** Today's; of a bundle that of its components. Null where none is known. */
	cost: CostPeriod | null;
}

/** What a list of products is narrowed to. */
export interface ProductFilters {
	search: string;
	channels: Channel[];
	categories: string[];
	/** no-cost: products without a cost today. several: with listings of several channels. bundle: bundles. */
	show: 'all' | 'no-cost' | 'several' | 'one-channel' | 'bundle';
	page: number;
}

export interface ProductListing {
	id: string;
	channel: Channel;
	connectionId: string;
	connectionName: string;
	externalId: string;
	sku: string | null;
	barcode: string | null;
	title: string;
	variantTitle: string | null;
	price: string | null;
	currency: string | null;
	status: string | null;
	/** FBA and WFS are the channel. */
	fulfilledBy: 'seller' | 'channel' | null;
	mappedBy: 'sku' | 'person';
	/** Past sales are still on their way to this product. */
	moving: boolean;
}

export interface ProductComponent {
	productId: string;
	sku: string;
	title: string;
	quantity: number;
}

export interface ProductView {
	id: string;
	sku: string;
	title: string;
	brand: string | null;
	category: string | null;
	supplier: string | null;
	barcode: string | null;
	/** Fields that a member wrote. */
	edited: string[];
	listings: ProductListing[];
	costs: CostPeriod[];
	/** What this bundle is made of. */
	components: ProductComponent[];
	/** Bundles that hold this product. */
	partOf: ProductComponent[];
	/** SKUs of products that were merged into this one. */
	mergedSkus: string[];
}

/** Why two products may be one. */
export type Evidence = 'gtin' | 'asin' | 'sku' | 'title';

export interface SuggestedProduct {
	id: string;
	sku: string;
	title: string;
	barcode: string | null;
	listings: {
		channel: Channel;
		sku: string | null;
		externalId: string;
		fulfilledBy: 'seller' | 'channel' | null;
	}[];
}

/** Two products that look like one; `into` would stay. */
export interface Suggestion {
	evidence: Evidence;
	/** The GTIN, ASIN, SKU or title they share. */
	shared: string;
	into: SuggestedProduct;
	from: SuggestedProduct;
}

/** What a costs file would do. Lines count from 1, the heading included. */
export interface CostsPreview {
	rows: number;
	added: number;
	changed: number;
	same: number;
	errors: { line: number; message: string }[];
	/** The first rows that change something. */
	sample: {
		line: number;
		sku: string;
		fromDay: string;
		unitCost: string;
		currency: string;
		before: string | null;
	}[];
}
