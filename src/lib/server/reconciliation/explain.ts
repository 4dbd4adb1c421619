import Big from 'big.js';
import type { DayFigures, Reason, ReconciledDay, ToldFigures } from '#lib/contracts/reconciliation.ts';

/** Amounts that differ by less than this are the same: channels round sums of items. */
const CENT = '0.011';

/** True when both sides say the same, as far as the channel says it. */
export function equal(a: DayFigures, b: ToldFigures): boolean {
	return (
		a.orders === b.orders &&
		(b.units === null || a.units === b.units) &&
		new Big(a.gross).minus(b.gross).abs().lt(CENT)
	);
}

/**
 * Says why the channel's figures differ from ours. `candidates` are what could be counted otherwise, each with what it would move;
 * the fewest that together make up the difference exactly, orders, units and amount, are the explanation. When no set does, all
 * candidates that move something in the right direction are shown as possible. Pure.
 * @param unpriced sales whose price the channel withholds while they are pending. It may count them at that price: what remains
 *   when orders and units agree is then theirs
 */
export function explain(
	ours: DayFigures,
	theirs: ToldFigures,
	candidates: readonly Reason[],
	unpriced = 0
): Pick<ReconciledDay, 'verdict' | 'reasons'> {
	if (equal(ours, theirs)) return { verdict: 'equal', reasons: [] };
	const moving = candidates.filter((one) => one.orders !== 0 || one.units !== 0 || !new Big(one.gross).eq(0));
	const sets = 2 ** moving.length;
	let best: Reason[] | null = null;
	for (let set = 1; set < sets; set++) {
		const chosen = moving.filter((_, at) => set & (2 ** at));
		if (best && chosen.length >= best.length) continue;
		if (equal(chosen.reduce(add, ours), theirs)) best = chosen;
	}
	if (!best && unpriced > 0)
		for (let set = 0; set < sets; set++) {
			const chosen = moving.filter((_, at) => set & (2 ** at));
			if (best && chosen.length + 1 >= best.length) continue;
			const moved = chosen.reduce(add, ours);
			const gross = new Big(theirs.gross).minus(moved.gross);
			if (gross.gt(0) && equal({ ...moved, gross: theirs.gross }, theirs))
				best = [...chosen, { key: 'pendingPriced', orders: 0, units: 0, gross: gross.toFixed() }];
		}
	if (best) return { verdict: 'explained', reasons: best };
	return { verdict: 'open', reasons: moving.filter((one) => leads(ours, theirs, one)) };
}

/** Sum of two sides. */
export function add(a: DayFigures, b: DayFigures): DayFigures {
	return {
		orders: a.orders + b.orders,
		units: a.units + b.units,
		gross: new Big(a.gross).plus(b.gross).toFixed()
	};
}

/** The reason brings at least one figure nearer and none further away. */
function leads(ours: DayFigures, theirs: ToldFigures, reason: DayFigures): boolean {
	const moved = add(ours, reason);
	const steps = [
		Math.abs(ours.orders - theirs.orders) - Math.abs(moved.orders - theirs.orders),
		theirs.units === null ? 0 : Math.abs(ours.units - theirs.units) - Math.abs(moved.units - theirs.units),
		Number(
			new Big(ours.gross).minus(theirs.gross).abs().minus(new Big(moved.gross).minus(theirs.gross).abs())
		)
	];
	return steps.some((step) => step > 0) && steps.every((step) => step >= 0);
}
