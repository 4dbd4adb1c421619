import type { Order, Shop } from '../world/model.ts';
import { createRandom } from '../world/random.ts';
import { countryAddress } from './countries.ts';
import { readRecords } from './csv.ts';
import { InvoiceBuilder } from './invoices.ts';
import { rowReader, type ReadRow } from './rows.ts';

export interface Replay {
	shop: Shop;
	/** Orders still to come, when the file is replayed live. */
	upcoming: Order[];
}

export interface ReplayOptions {
	shop: string;
	currency: string;
	timeZone: string;
	/** Orders a minute; 0 makes the whole file history. */
	replayLive: number;
}

/**
 * A shop whose orders are the invoices of a CSV file. An invoice without a leading C with at least one sale line
 * (quantity > 0, price >= 0) is an order; a C invoice is an order in which nothing is sold and one refund; all other
 * lines are adjustments: quantity 0, with what the file said in their attributes. Throws on a missing column or an
 * unreadable line, naming it.
 */
export async function replayShop(file: string, options: ReplayOptions): Promise<Replay> {
	const shop = emptyShop(options);
	const builder = new InvoiceBuilder(shop, options.timeZone);
	let read: ReadRow | undefined;
	let line = 0;
	for await (const page of readRecords(file)) {
		for (const record of page) {
			line++;
			if (read) builder.add(read(record, line));
			else read = rowReader(record);
		}
	}
	if (!read) throw new Error(`The replay file ${file} is empty`);
	const orders = builder.finish();
	if (options.replayLive > 0) return { shop, upcoming: orders };
	shop.orders = orders;
	return { shop, upcoming: [] };
}

function emptyShop(options: ReplayOptions): Shop {
	return {
		n: 1,
		domain: options.shop,
		name: 'Online Retail',
		email: 'hello@online-retail.example',
		currency: options.currency,
		zone: options.timeZone,
		createdAt: 0,
		products: [],
		variants: [],
		customers: [],
		orders: [],
		locations: [{ n: 1, name: 'Main warehouse', address: countryAddress('United Kingdom'), createdAt: 0 }],
		promotions: [],
		priceRiseAt: 0,
		random: createRandom('replay'),
		counters: { line: 0, refund: 0, refundLine: 0, adjustment: 0 },
		revision: 1,
		pace: 1,
		replayed: true
	};
}
