/** How an organization values what it sells: by the average of its receipts or the cost of the period, or first in, first out. */
export type CostMethod = 'average' | 'fifo';

/** Goods received. `receivedOn` is a day; amounts are decimal strings per piece. */
export interface Receipt {
	id: string;
	productId: string;
	sku: string;
	title: string;
	receivedOn: string;
	quantity: number;
	unitCost: string;
	currency: string;
	note: string | null;
}

/** The newest receipts first; `total` of all that match. */
export interface ReceiptsPage {
	receipts: Receipt[];
	total: number;
	page: number;
	pages: number;
}

/** What a receipts file would do. Lines count from 1, the heading included. */
export interface ReceiptsPreview {
	rows: number;
	added: number;
	/** Rows that are known already, with the same day, pieces, cost and note. */
	same: number;
	errors: { line: number; message: string }[];
	/** The first rows that add something. */
	sample: {
		line: number;
		sku: string;
		receivedOn: string;
		quantity: number;
		unitCost: string;
		currency: string;
	}[];
}
