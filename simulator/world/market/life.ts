import type { Random } from '../random.ts';
import { DAY, HOUR, MINUTE, SECOND, wholeSecond } from '../time.ts';
import type { Market, MarketOrder, Step, StepKind } from './model.ts';

export interface Pace {
	/** Divides every wait: 1 in the history. */
	hurry: number;
	/** F07: money is posted late, held back, then corrected; these waits are never shortened. */
	lateMoney: boolean;
}

const BUYER_REASONS = ['BUYER_CANCELED', 'NO_INVENTORY', 'GENERAL_ADJUSTMENT'];

/**
 * What will happen to a new order, in order of time: on Amazon it waits for its price, then it is shipped (in parts now and
 * then), delivered, its money is posted, held back and released; some orders are cancelled, refunded or replaced.
 */
export function planLife(market: Market, random: Random, order: MarketOrder, pace: Pace): Step[] {
	const steps: Step[] = [];
	const { createdAt } = order;
	const plan = (kind: StepKind, delay: number, more: Partial<Step> = {}): void => {
		steps.push({ at: createdAt + Math.max(SECOND, wholeSecond(delay / pace.hurry)), kind, order, ...more });
	};
	const amazon = market.name === 'amazon';
	const fate = random.next();
	const priced = amazon
		? (random.chance(0.1) ? random.int(120, 1200) : random.int(20, 45)) * MINUTE
		: random.int(10, 300) * MINUTE;
	if (fate < 0.022) {
		order.cancelReason = amazon ? 'BUYER_CANCELED' : 'CUSTOMER_REQUESTED_SELLER_TO_CANCEL';
		plan('cancel', random.int(5, 120) * MINUTE);
		return steps;
	}
	plan(amazon ? 'price' : 'acknowledge', priced);
	if (fate < 0.03) {
		order.cancelReason = amazon ? random.pick(BUYER_REASONS) : 'SELLER_CANCEL_OUT_OF_STOCK';
		plan('cancel', priced + random.int(1, 20) * HOUR);
		return steps;
	}
	let ships = priced + random.int(order.fulfilment === 'channel' ? 2 : 5, 40) * HOUR;
	const [first, second] = order.lines;
	if (second && !amazon && random.chance(0.15)) plan('cancel_line', priced + HOUR, { line: second });
	if (second && order.fulfilment === 'seller' && random.chance(0.25)) {
		plan('ship', ships, { line: first });
		ships += random.int(5, 30) * HOUR;
	}
	plan('ship', ships);
	const arrives = ships + random.int(20, 120) * HOUR;
	plan('deliver', arrives);
	planMoney(steps, random, order, pace, ships, arrives);
	if (random.chance(0.055)) {
		const part = random.pick(['full', 'full', 'line', 'line', 'unit', 'shipping'] as const);
		plan('refund', arrives + random.int(3, 26) * DAY + random.int(0, 86_399) * SECOND, { part });
	} else if (random.chance(0.006)) {
		plan('replace', arrives + random.int(2, 8) * DAY);
	}
	return steps.sort((a, b) => a.at - b.at);
}

function planMoney(
	steps: Step[],
	random: Random,
	order: MarketOrder,
	pace: Pace,
	ships: number,
	arrives: number
): void {
	const { createdAt } = order;
	const hurry = pace.lateMoney ? 1 : pace.hurry;
	const posted = ships + (pace.lateMoney ? 49 * HOUR : random.int(1, 30) * HOUR);
	const at = (delay: number) => createdAt + wholeSecond(delay / hurry);
	const released = Math.max(posted, arrives) + 7 * DAY;
	steps.push({ at: at(posted), kind: 'post', order }, { at: at(released), kind: 'release', order });
	if (random.chance(pace.lateMoney ? 1 : 0.004)) {
		order.adjustment = random.int(200, 1800) * (random.chance(0.8) ? 1 : -1);
		steps.push({ at: at(released + random.int(1, 14) * DAY), kind: 'adjust', order });
	}
}
