import type { ImportSample, ImportSummary, ImportSums } from '#lib/contracts/imports.ts';
import { decideKind, figuresByDay, localDay, type ChannelOrder } from '../orders/index.ts';
import type { FileFacts, ReadOrder } from './read-orders.ts';
import { minus, plus } from './text/money.ts';

/** Lines that are shown of a file. */
const SAMPLES = 12;

/** Adds up what importing a file would do, order by order. */
export class SummaryBuilder {
	readonly #timeZone: string;
	readonly #sums = new Map<string, ImportSums>();
	readonly #notices = new Map<string, number>();
	#first: { line: number; order: ChannelOrder }[] = [];
	#orders = 0;
	#refused = 0;
	#errors = 0;
	#firstDay: string | null = null;
	#lastDay: string | null = null;
	readonly #known = { fresh: 0, imported: 0, told: 0 };

	/** @param timeZone the organization's, IANA */
	constructor(timeZone: string) {
		this.#timeZone = timeZone;
	}

	add({ line, order, problems, notices }: ReadOrder): void {
		for (const notice of notices) this.#notices.set(notice, (this.#notices.get(notice) ?? 0) + 1);
		this.#errors += problems.length;
		if (problems.length > 0) this.#refused++;
		if (order === null) return;
		this.#orders++;
		this.#sample(line, order);
		const day = localDay(order.placedAt, this.#timeZone);
		if (this.#firstDay === null || day < this.#firstDay) this.#firstDay = day;
		if (this.#lastDay === null || day > this.#lastDay) this.#lastDay = day;
		for (const figures of figuresByDay({ ...order, kind: decideKind(order) }, this.#timeZone)) {
			const sums = this.#sums.get(figures.currency) ?? {
				currency: figures.currency,
				orders: 0,
				units: 0,
				gross: '0',
				discounts: '0',
				refunds: '0',
				net: '0'
			};
			this.#sums.set(figures.currency, {
				currency: figures.currency,
				orders: sums.orders + figures.orders,
				units: sums.units + figures.units,
				gross: plus(sums.gross, figures.gross),
				discounts: plus(sums.discounts, figures.discounts),
				refunds: plus(sums.refunds, figures.refunds),
				net: plus(sums.net, figures.net)
			});
		}
	}

	/** What of a batch of orders is here already. */
	know(orders: number, known: Iterable<'told' | 'imported'>): void {
		let fresh = orders;
		for (const how of known) {
			this.#known[how]++;
			fresh--;
		}
		this.#known.fresh += fresh;
	}

	build(facts: FileFacts, keyless: number): ImportSummary {
		const notices = [...this.#notices].map(([text, orders]) => ({ text, orders }));
		if (facts.unreadable > 0)
			notices.unshift({
				text: `${facts.unreadable} characters mean nothing in the chosen encoding. Choose another one below.`,
				orders: 0
			});
		return {
			rows: facts.rows,
			orders: this.#orders,
			refused: this.#refused,
			errors: this.#errors + keyless,
			firstDay: this.#firstDay,
			lastDay: this.#lastDay,
			...this.#known,
			sums: [...this.#sums.values()].sort((a, b) => b.orders - a.orders),
			samples: this.#first.flatMap(samplesOf).slice(0, SAMPLES),
			notices
		};
	}

	/** Keeps the orders that stand first in the file: they come sorted by id. */
	#sample(line: number, order: ChannelOrder): void {
		if (this.#first.length >= SAMPLES && line > this.#first.at(-1)!.line) return;
		this.#first.push({ line, order });
		this.#first.sort((a, b) => a.line - b.line);
		this.#first = this.#first.slice(0, SAMPLES);
	}
}

function samplesOf({ line, order }: { line: number; order: ChannelOrder }): ImportSample[] {
	return order.lines.map((one, at) => ({
		line: at === 0 ? line : null,
		order: order.name,
		placedAt: order.placedAt,
		status: order.status,
		sku: one.sku,
		title: one.title,
		quantity: one.quantity,
		amount: one.gross === null ? null : minus(one.gross, one.discount),
		discount: one.discount,
		currency: order.currency
	}));
}
