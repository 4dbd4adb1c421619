import { placeOrder, type OrderWish } from './basket.ts';
import { cancelOrder, editOrder, fulfil, refundOrder, stockChanges, type RefundKind } from './changes.ts';
import { variantPicker } from './generate.ts';
import type { Change, Customer, Order, Shop, Variant } from './model.ts';
import { makeCustomer } from './people.ts';
import { receiveDue } from './stock.ts';
import { MINUTE, SECOND, wholeSecond } from './time.ts';

export interface LiveOptions {
	/** Orders a minute. */
	rate: number;
	/** Multiplies the rate and shortens every wait. */
	speed: number;
	/** Orders a day the history was made with, to scale suppliers' lead times. */
	ordersPerDay: number;
	now: () => number;
	publish: (changes: readonly Change[]) => void;
	faults: ReadonlySet<string>;
}

const TICK = 20;
/** A customer who finds something sold out looks for something else: the rate stays what was asked for. */
const MOST_LOOKS = 8;
const REFUNDS: readonly RefundKind[] = ['full', 'partial', 'shipping', 'discrepancy', 'no_restock'];
const TREATMENTS: readonly RefundKind[] = ['partial', 'shipping', 'no_restock'];

export type Live = ReturnType<typeof createLive>;

/** Lets a shop go on living after its history: orders arrive at a rate, stock moves, refunds follow. */
export function createLive(shop: Shop, options: LiveOptions) {
	const { random } = shop;
	const pending = new Map<number, (() => void)[]>();
	let { rate } = options;
	let paused = false;
	let timer: NodeJS.Timeout | undefined;
	let nextOrderAt = Infinity;
	let swept = 0;
	let turn = 0;
	let picker: { minute: number; pick: () => Variant } | undefined;

	function setPace(): void {
		shop.pace = Math.max(1, (rate * options.speed * 1440) / Math.max(1, options.ordersPerDay));
	}

	function schedule(delay: number, run: (at: number) => Change[]): void {
		const due = options.now() + delay / options.speed;
		const second = Math.ceil(due / SECOND);
		const task = () => options.publish(run(wholeSecond(options.now())));
		const tasks = pending.get(second);
		if (tasks) tasks.push(task);
		else pending.set(second, [task]);
	}

	function pickVariant(at: number): () => Variant {
		const minute = Math.floor(at / MINUTE);
		if (picker?.minute !== minute) picker = { minute, pick: variantPicker(shop, random, at) };
		return picker.pick;
	}

	function chooseCustomer(at: number, country?: string): { customer: Customer; isNew: boolean } {
		const known = shop.customers;
		if (!country && known.length > 10 && random.chance(0.33)) {
			return {
				customer: known[random.int(Math.max(0, known.length - 3000), known.length - 1)]!,
				isNew: false
			};
		}
		const customer = makeCustomer(random, known.length + 1, at, country);
		known.push(customer);
		return { customer, isNew: true };
	}

	function wishOfFaults(): OrderWish {
		const wish: OrderWish = {};
		const { faults } = options;
		turn++;
		if (faults.has('F22')) wish.presentment = { currency: 'EUR', rate: 0.92 };
		if (faults.has('F23')) {
			wish.test = turn % 3 === 0;
			wish.giftCard = turn % 3 === 1;
		}
		if (faults.has('F25')) wish.lineCount = 180;
		return wish;
	}

	function planLife(order: Order): void {
		const { faults } = options;
		if (faults.has('F23') && turn % 3 === 2) {
			order.financial = 'AUTHORIZED';
			schedule(2 * SECOND, (at) => cancelOrder(shop, order, at, false));
			return;
		}
		if (faults.has('F21')) {
			const kind = TREATMENTS[turn % 4];
			schedule(2 * SECOND, (at) => {
				return kind ? refundOrder(shop, order, at, kind) : editOrder(shop, order, at);
			});
			return;
		}
		if (faults.has('F22') && turn % 2 === 0) {
			schedule(2 * SECOND, (at) => refundOrder(shop, order, at, 'partial'));
			return;
		}
		const fate = random.next();
		if (fate < 0.012) schedule(random.int(40, 200) * SECOND, (at) => cancelOrder(shop, order, at, true));
		else if (fate < 0.018) {
			order.financial = 'AUTHORIZED';
			schedule(random.int(40, 200) * SECOND, (at) => cancelOrder(shop, order, at, false));
		} else if (fate < 0.03) schedule(random.int(30, 120) * SECOND, (at) => editOrder(shop, order, at));
		if (fate >= 0.018) schedule(random.int(3, 15) * MINUTE, (at) => fulfil(shop, order, at));
		if (fate > 0.96) {
			const kind = random.pick(REFUNDS);
			schedule(random.int(5, 30) * MINUTE, (at) => refundOrder(shop, order, at, kind));
		}
	}

	/** Places one order now and publishes it; null when nothing was in stock, however often it looked. */
	function emit(wish: OrderWish & { country?: string } = {}): Order | null {
		const at = wholeSecond(options.now());
		const { customer, isNew } = chooseCustomer(at, wish.country);
		const wanted = { ...wishOfFaults(), ...wish };
		let order: Order | null = null;
		for (let looks = 0; looks < MOST_LOOKS && !order; looks++) {
			order = placeOrder(shop, random, at, customer, pickVariant(at), wanted);
		}
		if (!order) {
			if (isNew) shop.customers.pop();
			return null;
		}
		const changes: Change[] = isNew ? [{ topic: 'customers/create', customer }] : [];
		planLife(order);
		changes.push({ topic: 'orders/create', order }, ...stockChanges(order));
		if (order.financial === 'PAID') changes.push({ topic: 'orders/paid', order });
		options.publish(changes);
		if (random.chance(0.02)) refundSomethingOld(at);
		return order;
	}

	/** Now and then a customer of the last weeks sends something back. */
	function refundSomethingOld(at: number): void {
		const { orders } = shop;
		const order = orders[random.int(Math.max(0, orders.length - 1500), orders.length - 1)];
		if (order && order.refunds.length === 0 && order.fulfilled && order.financial === 'PAID') {
			options.publish(refundOrder(shop, order, at, random.pick(REFUNDS)));
		}
	}

	function receiveDeliveries(): void {
		const at = wholeSecond(options.now());
		const changes: Change[] = [];
		for (const variant of shop.variants) {
			if (!receiveDue(variant, at)) continue;
			for (const location of variant.levels.keys()) {
				changes.push({ topic: 'inventory_levels/update', variant, location });
			}
		}
		if (changes.length > 0) options.publish(changes);
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
			const second = Math.floor(now / SECOND);
			for (const [due, tasks] of pending) {
				if (due > second) continue;
				pending.delete(due);
				for (const task of tasks) task();
			}
			if (now - swept > SECOND) {
				swept = now;
				receiveDeliveries();
			}
		}
		timer = setTimeout(tick, TICK);
	}

	setPace();
	return {
		start(): void {
			planNext(options.now());
			tick();
		},
		stop(): void {
			clearTimeout(timer);
		},
		emit,
		setRate(perMinute: number): void {
			rate = perMinute;
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
		state: () => ({ ratePerMinute: rate, speed: options.speed, paused, scheduled: pending.size })
	};
}
