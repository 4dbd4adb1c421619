// What customers did in the Online Retail II file, counted a second time: plain Node, shares no code with the product, the simulator or
// the program beside it but the reading of lines. Money is integer pence; days and months are what is written (London time).

/**
 * Collects invoices as they are read; `result` says what customers did. The rules: an invoice without a leading C and with a sale is an
 * order, a C invoice a refund at its own time; a customer is the file's customer id; an order or refund without one belongs to nobody.
 * New is what a customer buys on the day of their first order, and what is refunded that day. A refund before the first order counts
 * in the cohort's first month.
 */
export function customerCount() {
	const people = new Map();
	const nobody = new Map();
	return {
		/** @param {{ time: string, customer: string, sold: number, pence: bigint }} seen */
		add(invoice, seen) {
			const returned = invoice.startsWith('C');
			if (!returned && seen.sold === 0) return;
			const day = seen.time.slice(0, 10);
			if (!seen.customer) {
				nobody.set(day.slice(0, 7), (nobody.get(day.slice(0, 7)) ?? 0n) + seen.pence);
				return;
			}
			const person = people.get(seen.customer) ?? { orders: [], refunds: [] };
			people.set(seen.customer, person);
			(returned ? person.refunds : person.orders).push({ time: seen.time, day, pence: seen.pence });
		},
		result: () => resultOf([...people.values()], nobody)
	};
}

function resultOf(everybody, nobody) {
	const months = {};
	const month = (name) =>
		(months[name] ??= {
			newNet: 0n,
			returningNet: 0n,
			unidentifiedNet: 0n,
			newCustomers: 0,
			newOrders: 0,
			returningOrders: 0
		});
	for (const [name, pence] of nobody) month(name).unidentifiedNet += pence;
	const cohorts = {};
	const gaps = [];
	let customers = 0;
	let repeat = 0;
	let spent = 0n;
	let orders = 0;
	for (const { orders: own, refunds } of everybody) {
		if (own.length === 0) {
			// money back to somebody of whom no order is known: of no customer
			for (const { day, pence } of refunds) month(day.slice(0, 7)).unidentifiedNet += pence;
			continue;
		}
		own.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
		const first = own[0].day;
		const cohort = (cohorts[first.slice(0, 7)] ??= { customers: 0, repeat: 0, active: {}, revenue: {} });
		customers++;
		cohort.customers++;
		orders += own.length;
		if (own.length > 1) {
			repeat++;
			cohort.repeat++;
			gaps.push(Math.round((Date.parse(own[1].day) - Date.parse(first)) / 86_400_000));
		}
		month(first.slice(0, 7)).newCustomers++;
		const active = new Set();
		for (const [moves, isOrder] of [
			[own, true],
			[refunds, false]
		]) {
			for (const { day, pence } of moves) {
				spent += pence;
				const cell = month(day.slice(0, 7));
				cell[day === first ? 'newNet' : 'returningNet'] += pence;
				const after = Math.max(0, monthsFrom(first, day));
				cohort.revenue[after] = (cohort.revenue[after] ?? 0n) + pence;
				if (!isOrder) continue;
				cell[day === first ? 'newOrders' : 'returningOrders']++;
				active.add(after);
			}
		}
		for (const after of active) cohort.active[after] = (cohort.active[after] ?? 0) + 1;
	}
	gaps.sort((a, b) => a - b);
	const median = gaps.length === 0 ? null : (gaps[(gaps.length - 1) >> 1] + gaps[gaps.length >> 1]) / 2;
	return { customers, repeat, orders, spent, medianDays: median, months, cohorts };
}

function monthsFrom(a, b) {
	const number = (day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
	return number(b) - number(a);
}
