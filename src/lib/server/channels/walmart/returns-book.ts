import { log } from '../../platform/log.ts';
import { text, type Json } from '../json.ts';
import type { WalmartClient } from './client.ts';
import { returnPages, returnsOfOrder } from './listing.ts';
import { wantsReturns } from './parse-order.ts';

/** Returns that a run has read, by customer order. One for each client, so for each run. */
interface Book {
	known: Map<string, Json[]>;
}

const books = new WeakMap<WalmartClient, Book>();

function bookOf(client: WalmartClient): Book {
	let book = books.get(client);
	if (!book) books.set(client, (book = { known: new Map() }));
	return book;
}

/** Reads all returns that changed since an instant at once: a first sync would ask for each order's otherwise. */
export async function preloadReturns(client: WalmartClient, since: Date): Promise<number> {
	const book = bookOf(client);
	let count = 0;
	const window = {
		returnLastModifiedStartDate: since.toISOString(),
		returnLastModifiedEndDate: new Date().toISOString()
	};
	for await (const { rows } of returnPages(client, window)) {
		count += rows.length;
		for (const row of rows) keep(book, row);
	}
	return count;
}

/** Puts beside each order of a page the returns of its customer order, where its lines say that there are some. */
export async function attachReturns(client: WalmartClient, nodes: readonly Json[]): Promise<void> {
	const book = bookOf(client);
	for (const node of nodes) {
		const customerOrder = text(node.customerOrderId);
		if (customerOrder === null || !wanted(node)) continue;
		let returns = book.known.get(customerOrder);
		if (!returns) book.known.set(customerOrder, (returns = await returnsOfOrder(client, customerOrder)));
		node.returns = returns;
	}
}

/** Forgets what was read of a customer order: it has changed since. */
export function forgetReturns(client: WalmartClient, customerOrders: readonly (string | null)[]): void {
	const { known } = bookOf(client);
	for (const id of customerOrders) if (id !== null) known.delete(id);
}

function keep({ known }: Book, row: Json): void {
	const customerOrder = text(row.customerOrderId);
	if (customerOrder === null) return;
	const list = known.get(customerOrder);
	if (list) list.push(row);
	else known.set(customerOrder, [row]);
}

/** An order that cannot be read needs no returns: it becomes a dead letter of its own. */
function wanted(node: Json): boolean {
	try {
		return wantsReturns(node);
	} catch (error) {
		log.debug({ err: error }, 'an order of Walmart cannot be read');
		return false;
	}
}
