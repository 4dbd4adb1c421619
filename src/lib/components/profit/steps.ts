import type { MetricId } from '#lib/contracts/metrics/index.ts';
import type { ProfitSums } from '#lib/contracts/profit.ts';

/** One line of the waterfall. `amount` is as it moves the running sum; sums stand from zero. */
export interface Step {
	key: StepKey;
	metric: MetricId;
	label: string;
	amount: number;
	/** The exact decimal, signed as shown. */
	text: string;
	isSum: boolean;
	/** Part of `amount` that is an estimate, as a positive number. */
	estimated: number;
	/** Nobody told it: not zero. */
	unknown: boolean;
	/** Where the bar stands, in the currency. */
	from: number;
	to: number;
}

const negated = (value: string) =>
	value === '0' ? '0' : value.startsWith('-') ? value.slice(1) : `-${value}`;

const STEP_METRICS = {
	gross: 'gross_sales',
	discounts: 'discounts',
	refunds: 'refunds',
	net: 'net_sales',
	shipping: 'shipping_income',
	cogs: 'cost_of_goods',
	fees: 'channel_fees',
	labels: 'shipping_cost',
	ads: 'ad_spend',
	other: 'adjustments',
	margin: 'contribution_margin'
} as const satisfies Record<string, MetricId>;
export type StepKey = keyof typeof STEP_METRICS;

/** From gross sales to contribution margin; steps in which nothing happened are left out, but for cost of goods and fees. */
export function waterfall(sums: ProfitSums): Step[] {
	const estimatedFees = Number(sums.feesEstimated);
	const estimatedLabels = Number(sums.labelsEstimated);
	const plan: [
		key: StepKey,
		label: string,
		text: string,
		estimated: number,
		kind: 'sum' | 'always' | 'if'
	][] = [
		['gross', 'Gross sales', sums.gross, 0, 'sum'],
		['discounts', 'Discounts', negated(sums.discounts), 0, 'if'],
		['refunds', 'Refunds', negated(sums.refunds), 0, 'if'],
		['net', 'Net sales', sums.net, 0, 'sum'],
		['shipping', 'Shipping income', sums.shipping, 0, 'if'],
		['cogs', 'Cost of goods', negated(sums.cogs), 0, 'always'],
		['fees', 'Channel fees', negated(sum(sums.fees, sums.feesEstimated)), estimatedFees, 'always'],
		['labels', 'Shipping cost', negated(sum(sums.labels, sums.labelsEstimated)), estimatedLabels, 'if'],
		['ads', 'Ads', negated(sums.ads ?? '0'), 0, 'if'],
		['other', 'Adjustments', sums.other, 0, 'if'],
		['margin', 'Contribution margin', sums.margin, 0, 'sum']
	];
	const untold: Partial<Record<StepKey, boolean>> = {
		cogs: sums.unitsWithoutCost > 0 && Number(sums.cogs) === 0,
		fees: sums.units > 0 && Number(sums.fees) === 0 && estimatedFees === 0
	};
	let running = 0;
	return plan
		.filter(([, , text, , kind]) => kind !== 'if' || Number(text) !== 0)
		.map(([key, label, text, estimated, kind]) => {
			const amount = Number(text);
			const from = kind === 'sum' ? 0 : running;
			running = kind === 'sum' ? amount : running + amount;
			return {
				key,
				metric: STEP_METRICS[key],
				label,
				amount,
				text,
				isSum: kind === 'sum',
				estimated,
				unknown: untold[key] ?? false,
				from,
				to: running
			};
		});
}

/** Sum of two decimal strings of at most four decimals, exact. */
function sum(a: string, b: string): string {
	const units = (text: string) => {
		const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
		const value = BigInt(whole + fraction.padEnd(4, '0').slice(0, 4));
		return text.startsWith('-') ? -value : value;
	};
	const total = units(a) + units(b);
	const digits = (total < 0n ? -total : total).toString().padStart(5, '0');
	const text = `${digits.slice(0, -4)}.${digits.slice(-4)}`.replace(/\.?0+$/, '');
	return total < 0n ? `-${text}` : text;
}
