import { stockChangesOf } from './changes.ts';
import type { Change } from '../model.ts';
import { DAY, MINUTE, SECOND, wholeSecond } from '../time.ts';
import { offerPicker } from './demand.ts';
import { planLife } from './life.ts';
import type { Market, MarketChange, MarketOrder, Offer, Step, StepKind } from './model.ts';
import { drawOrder, type MarketWish } from './place.ts';
import { takeStep } from './steps.ts';
import { receiveRemote, takeGoods } from './stock.ts';

export interface MarketLiveOptions {
	/** Orders a minute. */
	rate: number;
	/** Multiplies the rate and shortens every wait. */
	speed: number;
	now: () => number;
	/** Hears what orders of the seller's own goods do to the shop's stock. */
	publish: (changes: readonly Change[]) => void;
	faults: ReadonlySet<string>;
}

const TICK = 50;
const MOST_LOOKS = 8;
/** A new order lives through in minutes what took days: priced after 15 s, shipped after ten minutes or so. */
const HURRY = 120;
/** F01: how long an order stays without a price, unless someone asks for it. */
const F01_HELD = 10 * MINUTE;
const MOST_STEPS_A_TICK = 500;

/** What an order must have been through before a step. */
const BEFORE: Partial<Record<StepKind, readonly StepKind[]>> = {
	ship: ['price'],
	deliver: ['price', 'ship'],
	refund: ['price', 'ship'],
	replace: ['price', 'ship'],
	post: ['price', 'ship'],
	release: ['price', 'ship', 'post'],
	adjust: ['price', 'ship', 'post']
};
const CANCELS: readonly StepKind[] = ['cancel', 'cancel_line'];

export type MarketLive = ReturnType<typeof createMarketLive>;

/** Lets a marketplace go on living after its history: orders arrive, what was under way goes on. */
export function createMarketLive(market: Market, options: MarketLiveOptions) {
	const { random } = market;
	let { rate } = options;
	let paused = false;
	let timer: NodeJS.Timeout | undefined;
	let nextOrderAt = Infinity;
	let swept = 0;
	let picker: { minute: number; pick: () => Offer } | undefined;

	/** A world without live orders stands still: what the history left open waits until someone asks for it. */
	let frozen: Step[] = rate === 0 ? market.agenda.extract(() => true) : [];
	function thaw(only: (step: Step) => boolean = () => true): void {
		for (const step of frozen.filter(only)) market.agenda.add(step);
		frozen = frozen.filter((step) => !only(step));
	}

	function setPace(): void {
		market.pace = Math.max(1, (rate * options.speed * 1440) / Math.max(1, market.ordersPerDay));
	}

	function pickOffer(at: number): () => Offer {
		const minute = Math.floor(at / MINUTE);
		if (picker?.minute !== minute) picker = { minute, pick: offerPicker(market, random, at) };
		return picker.pick;
	}

	function tell(change: MarketChange | null): void {
		if (!change) return;
		options.publish(stockChangesOf(change));
		for (const listener of market.listeners) listener(change);
	}

	/** Places one order now; null when nothing was in stock, however often it looked. */
	function emit(wish: MarketWish = {}): MarketOrder | null {
		const at = wholeSecond(options.now()) - (wish.secondsAgo ?? 0) * SECOND;
		let order: MarketOrder | null = null;
		for (let looks = 0; looks < MOST_LOOKS && !order; looks++) {
			order = drawOrder(market, random, at, pickOffer(at), wish);
		}
		if (!order) return null;
		takeGoods(market, order, at, random);
		const pace = { hurry: HURRY * options.speed, lateMoney: options.faults.has('F07') };
		const held = options.faults.has('F01') && market.name === 'amazon' ? F01_HELD : 0;
		for (const step of planLife(market, random, order, pace)) {
			market.agenda.add({ ...step, at: step.at + held });
		}
		tell({ kind: 'created', order, at });
		return order;
	}

	function runDue(now: number): void {
		for (let i = 0; i < MOST_STEPS_A_TICK; i++) {
			const step = market.agenda.take(now);
			if (!step) return;
			tell(takeStep(market, step, random));
		}
	}

	function planNext(from: number): void {
		const perMinute = rate * options.speed;
		nextOrderAt = perMinute > 0 ? from + random.exponential(MINUTE / perMinute) : Infinity;
	}

	function tick(): void {
		const now = options.now();
		if (!paused) {
			// A stalled process must not answer with a flood: at most two seconds are made up for.
			if (nextOrderAt < now - 2 * SECOND) nextOrderAt = now - 2 * SECOND;
			while (nextOrderAt <= now) {
				emit();
				planNext(nextOrderAt);
			}
			runDue(now);
			if (now - swept > SECOND) {
				swept = now;
				for (const offer of market.offers) receiveRemote(offer, now);
			}
		}
		timer = setTimeout(tick, TICK);
	}

	setPace();
	return {
		market,
		start(): void {
			planNext(options.now());
			tick();
		},
		stop: () => clearTimeout(timer),
		emit,
		/**
		 * Makes a step of an order happen now (or that many seconds ago, though never before the order), with those that must
		 * come before it; what was planned of them is off. False when the order cannot take it any more.
		 */
		hasten(order: MarketOrder, kind: StepKind, more: Partial<Step> = {}, secondsAgo = 0): boolean {
			const at = Math.max(order.createdAt, wholeSecond(options.now()) - secondsAgo * SECOND);
			const first: StepKind = market.name === 'amazon' ? 'price' : 'acknowledge';
			const before = (BEFORE[kind] ?? []).map((one) => (one === 'price' ? first : one));
			const over = new Set<StepKind>([
				kind,
				...before,
				...(before.includes('ship') || kind === 'ship' ? CANCELS : [])
			]);
			if (more.line) over.delete('ship'); // the other lines leave as planned
			thaw((step) => step.order === order && over.has(step.kind));
			market.agenda.extract((step) => step.order === order && over.has(step.kind));
			for (const one of before) tell(takeStep(market, { at, kind: one, order }, random));
			const change = takeStep(market, { ...more, at, kind, order }, random);
			tell(change);
			return change !== null;
		},
		setRate(perMinute: number): void {
			rate = perMinute;
			if (rate > 0) thaw();
			setPace();
			planNext(options.now());
		},
		pause(on: boolean): void {
			paused = on;
			if (!on) planNext(options.now());
		},
		/** Orders that would have come in so many seconds, at once; returns how many were placed. */
		advance(seconds: number): number {
			const count = random.poisson((seconds / 60) * rate * options.speed);
			let placed = 0;
			for (let i = 0; i < count; i++) if (emit()) placed++;
			return placed;
		},
		/** Lets what is under way happen as if days had passed, without new orders. */
		settle(days: number, secondsAgo = 0): void {
			const now = wholeSecond(options.now());
			thaw();
			const due = market.agenda.extract((step) => step.at <= now + days * DAY);
			for (const step of due) {
				const at = Math.max(step.order.createdAt, now - secondsAgo * SECOND);
				tell(takeStep(market, { ...step, at: Math.min(step.at, at) }, random));
			}
		},
		state: () => ({
			ratePerMinute: rate,
			speed: options.speed,
			paused,
			scheduled: market.agenda.size + frozen.length
		})
	};
}
