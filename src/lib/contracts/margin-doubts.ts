import { CHANNEL_NAMES } from './channels.ts';
import type { ProfitView } from './profit.ts';

/** Why a margin may be another one, in words that pages and mails share; `kind` says what would settle it. */
export interface MarginDoubt {
	kind: 'cost' | 'receipt' | 'cost-rate' | 'fees';
	text: string;
}

/** What makes a margin too high or only nearly right: costs, receipts, rates and fees that nobody has told. Empty: nothing known of. */
export function marginDoubts(
	view: Pick<ProfitView, 'totals' | 'channels' | 'currency' | 'unitsWithUnconvertedCost'>,
	locale: string
): MarginDoubt[] {
	const { unitsWithoutCost, unitsWithoutReceipt, units } = view.totals;
	const count = (number: number) => new Intl.NumberFormat(locale).format(number);
	const pieces = (number: number, one: string, many: string) =>
		`${count(number)} ${number === 1 ? `piece ${one}` : `pieces ${many}`}`;
	const doubts: MarginDoubt[] = [];
	if (unitsWithoutCost > 0)
		doubts.push({
			kind: 'cost',
			text: `${pieces(unitsWithoutCost, `of ${count(units)} sold has`, `of ${count(units)} sold have`)} no cost yet, so the margin is too high by what ${unitsWithoutCost === 1 ? 'it costs' : 'they cost'}.`
		});
	if (unitsWithoutReceipt > 0)
		doubts.push({
			kind: 'receipt',
			text: `${pieces(unitsWithoutReceipt, 'has', 'have')} no receipt left to take from: ${unitsWithoutReceipt === 1 ? 'it costs' : 'they cost'} what is entered for the period.`
		});
	if (view.unitsWithUnconvertedCost > 0)
		doubts.push({
			kind: 'cost-rate',
			text: `${pieces(view.unitsWithUnconvertedCost, 'costs', 'cost')} money in a currency without a rate to ${view.currency}: ${view.unitsWithUnconvertedCost === 1 ? 'its' : 'their'} cost is left out.`
		});
	// unknown is not zero: sold, and no fee told, settled or estimated
	const silent = view.channels
		.filter((row) => row.units > 0 && Number(row.fees) === 0 && Number(row.feesEstimated) === 0)
		.map(({ channel }) => CHANNEL_NAMES[channel]);
	if (silent.length > 0)
		doubts.push({
			kind: 'fees',
			text: `${silent.join(' and ')} told no fees in this range, so the margin is too high by them.`
		});
	return doubts;
}
