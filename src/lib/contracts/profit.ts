import type { Granularity, Period } from './analytics.ts';
import type { Channel } from './channels.ts';

/** From gross to contribution margin. Money: decimal strings in the organization's currency. */
export interface ProfitSums {
	gross: string;
	discounts: string;
	refunds: string;
	/** gross - discounts - refunds */
	net: string;
	/** What buyers paid for shipping, less what was given back. */
	shipping: string;
	/** Cost of the pieces sold, less those that came back into stock. */
	cogs: string;
	/** Channel fees, settled and deferred, positive. */
	fees: string;
	/** Fees that the channel has not told yet, as estimated, positive. */
	feesEstimated: string;
	/** What shipping cost us, positive. */
	labels: string;
	labelsEstimated: string;
	/** What ads have cost, positive; null where nobody has told: nothing entered, or a product or category, which spend is not split by. */
	ads: string | null;
	/** Adjustments and other movements; positive is income. */
	other: string;
	/** net + shipping - cogs - fees - labels - ads + other */
	margin: string;
	/** margin / net in percent, one decimal; null without sales. */
	marginPercent: string | null;
	units: number;
	/** Pieces of `units` whose cost we do not know: the margin is too high by their cost. */
	unitsWithoutCost: number;
	/** Pieces of `units` for which no receipt was left, under first in, first out: they cost what the period says. 0 by average. */
	unitsWithoutReceipt: number;
}

export interface ProfitOfChannel extends ProfitSums {
	channel: Channel;
}

export interface ProfitOfProduct extends ProfitSums {
	/** Null for what belongs to no product: fees of the account, refunds without an item. */
	productId: string | null;
	sku: string;
	title: string;
	category: string | null;
}

/** Units of the organization's currency for one unit of `currency`; `lowest` and `highest` within the range. */
export interface UsedRate {
	currency: string;
	rate: string;
	day: string;
	source: 'manual' | 'provider';
	lowest: string;
	highest: string;
}

/** What one order leaves over; `rate` where it was sold in another currency. */
export interface OrderProfit {
	/** ISO instant at which the figures were true. */
	asOf: string;
	currency: string;
	sums: ProfitSums;
	rate: UsedRate | null;
}

/** Money that waits for an exchange rate, in its own currency; in no sum. */
export interface Unconverted {
	currency: string;
	net: string;
	shipping: string;
	fees: string;
	labels: string;
	other: string;
}

/** Everything the profit page shows, as of one position of the outbox. */
export interface ProfitView {
	position: number;
	asOf: string;
	currency: string;
	period: Period;
	by: Exclude<Granularity, 'hour'>;
	totals: ProfitSums;
	/** The period before, in whole days. */
	previous: ProfitSums;
	series: { at: string; net: string; margin: string }[];
	channels: ProfitOfChannel[];
	/** At most 200, highest margin first. */
	products: ProfitOfProduct[];
	/** Products in the range besides those listed. */
	moreProducts: number;
	rates: UsedRate[];
	unconverted: Unconverted[];
	/** Ad spend in a currency without a rate, in no sum. */
	unconvertedAds: { currency: string; amount: string }[];
	/** Pieces whose cost is known in a currency without a rate. */
	unitsWithUnconvertedCost: number;
	costMethod: 'average' | 'fifo';
}

/** Exchange rates as an organization sees them: units of `base` for one unit of a currency. */
export interface RatesView {
	base: string;
	/** Entered by hand. */
	own: { currency: string; day: string; rate: string }[];
	/** Newest rate of each currency in use; null where none is known. */
	current: {
		currency: string;
		rate: string | null;
		day: string | null;
		source: 'manual' | 'provider' | null;
	}[];
	/** What the provider's history covers. */
	provider: { enabled: boolean; first: string | null; last: string | null };
}
