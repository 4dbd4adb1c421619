import type { Address } from '../model.ts';
import { makeCustomer } from '../people.ts';
import { createRandom } from '../random.ts';
import type { Market, MarketOrder } from './model.ts';

export interface Buyer {
	n: number;
	name: string;
	/** The buyer's own; marketplaces show a stand-in at most. */
	email: string;
	address: Address;
	phone: string;
}

/** Who a number stands for. Made anew each time from the seed, so that buyers take no memory. */
export function buyerOf(market: Market, n: number, country: string): Buyer {
	const random = createRandom(`${market.seed}|${market.name}|buyer|${n}`);
	const person = makeCustomer(random, n, 0, country);
	return {
		n,
		name: `${person.firstName} ${person.lastName}`,
		email: person.email!,
		address: person.address!,
		phone: `+1 ${random.int(201, 989)}-555-${String(random.int(100, 9999)).padStart(4, '0')}`
	};
}

/** The buyer of an order. */
export function buyerOfOrder(market: Market, order: MarketOrder): Buyer {
	return buyerOf(market, order.buyer, order.site.country);
}
