import type { Customer, Order, Product, Shop, Variant } from '../world/model.ts';
import { decimal } from '../world/money.ts';
import { totalsOf } from '../world/totals.ts';
import type { Listing } from './connection.ts';
import { numericId } from './ids.ts';
import { compileSearch, type Field } from './search.ts';
import { itemUpdatedAt } from './views/inventory.ts';

const ORDER_FIELDS: Record<string, Field<Order>> = {
	id: { kind: 'number', read: (o) => numericId('Order', o.n) },
	name: { kind: 'text', read: (o) => o.name },
	created_at: { kind: 'time', read: (o) => o.createdAt },
	processed_at: { kind: 'time', read: (o) => o.processedAt },
	updated_at: { kind: 'time', read: (o) => o.updatedAt },
	test: { kind: 'flag', read: (o) => o.test },
	email: { kind: 'text', read: (o) => o.email },
	financial_status: { kind: 'text', read: (o) => o.financial },
	fulfillment_status: { kind: 'text', read: (o) => (o.fulfilled ? 'fulfilled' : 'unfulfilled') },
	status: { kind: 'text', read: (o) => (o.cancelledAt ? 'cancelled' : o.closedAt ? 'closed' : 'open') },
	customer_id: { kind: 'number', read: (o) => (o.customer ? numericId('Customer', o.customer.n) : null) },
	source_name: { kind: 'text', read: (o) => o.source },
	discount_code: { kind: 'text', read: (o) => (o.discount?.kind === 'code' ? o.discount.title : null) }
};

const CUSTOMER_FIELDS: Record<string, Field<Customer>> = {
	id: { kind: 'number', read: (c) => numericId('Customer', c.n) },
	email: { kind: 'text', read: (c) => c.email },
	created_at: { kind: 'time', read: (c) => c.createdAt },
	customer_date: { kind: 'time', read: (c) => c.createdAt },
	updated_at: { kind: 'time', read: (c) => c.updatedAt },
	orders_count: { kind: 'number', read: (c) => c.orders },
	country: { kind: 'text', read: (c) => c.address?.country ?? null }
};

const PRODUCT_FIELDS: Record<string, Field<Product>> = {
	id: { kind: 'number', read: (p) => numericId('Product', p.n) },
	title: { kind: 'text', read: (p) => p.title },
	handle: { kind: 'text', read: (p) => p.handle },
	product_type: { kind: 'text', read: (p) => p.type },
	vendor: { kind: 'text', read: (p) => p.vendor },
	status: { kind: 'text', read: () => 'active' },
	created_at: { kind: 'time', read: (p) => p.createdAt },
	updated_at: { kind: 'time', read: (p) => p.updatedAt },
	gift_card: { kind: 'flag', read: (p) => p.giftCard }
};

const VARIANT_FIELDS: Record<string, Field<Variant>> = {
	id: { kind: 'number', read: (v) => numericId('ProductVariant', v.n) },
	sku: { kind: 'text', read: (v) => v.sku },
	barcode: { kind: 'text', read: (v) => v.barcode },
	product_id: { kind: 'number', read: (v) => numericId('Product', v.product.n) },
	product_type: { kind: 'text', read: (v) => v.product.type },
	vendor: { kind: 'text', read: (v) => v.product.vendor },
	updated_at: { kind: 'time', read: (v) => v.updatedAt }
};

const ITEM_FIELDS: Record<string, Field<Variant>> = {
	id: { kind: 'number', read: (v) => numericId('InventoryItem', v.n) },
	sku: { kind: 'text', read: (v) => v.sku },
	created_at: { kind: 'time', read: (v) => v.createdAt },
	updated_at: { kind: 'time', read: itemUpdatedAt }
};

type Position<Row> = (row: Row) => number | string;

const ORDER_SORTS: Record<string, Position<Order>> = {
	CREATED_AT: (o) => o.createdAt,
	PROCESSED_AT: (o) => o.processedAt,
	UPDATED_AT: (o) => o.updatedAt,
	TOTAL_PRICE: (o) => Number(decimal(totalsOf(o).total)),
	ID: (o) => o.n,
	ORDER_NUMBER: (o) => o.n
};

function sorted<Row extends { n: number }>(rows: readonly Row[], position: Position<Row>): Row[] {
	return [...rows].sort((a, b) => {
		const left = position(a);
		const right = position(b);
		return left < right ? -1 : left > right ? 1 : a.n - b.n;
	});
}

export interface Found<Row extends { n: number }> extends Listing<Row> {
	ignored: string[];
}

/** Answers list queries over a shop's rows; the last answers are kept until the shop changes, for paging. */
export class Listings {
	#shop: Shop;
	#revision = -1;
	#kept = new Map<string, Found<Order>>();

	constructor(shop: Shop) {
		this.#shop = shop;
	}

	orders(query: string | null | undefined, sortKey: string): Found<Order> {
		const { revision, orders, zone } = this.#shop;
		if (revision !== this.#revision) {
			this.#kept.clear();
			this.#revision = revision;
		}
		const key = `${sortKey}|${query ?? ''}`;
		const kept = this.#kept.get(key);
		if (kept) return kept;
		const position = ORDER_SORTS[sortKey] ?? ((o: Order) => o.n);
		const search = compileSearch(query, ORDER_FIELDS, (o) => `${o.name} ${o.email ?? ''}`, zone);
		const rows = sorted(query ? orders.filter(search.matches) : orders, position);
		const found = { rows, position, ignored: search.ignored };
		if (this.#kept.size > 20) this.#kept.clear();
		this.#kept.set(key, found);
		return found;
	}

	customers(query: string | null | undefined, sortKey: string): Found<Customer> {
		const sorts: Record<string, Position<Customer>> = {
			CREATED_AT: (c) => c.createdAt,
			UPDATED_AT: (c) => c.updatedAt,
			NAME: (c) => `${c.lastName}, ${c.firstName}`
		};
		const { customers, zone } = this.#shop;
		const text = (c: Customer) => `${c.firstName} ${c.lastName} ${c.email}`;
		return pick(customers, query, CUSTOMER_FIELDS, text, zone, sorts[sortKey]);
	}

	products(query: string | null | undefined, sortKey: string): Found<Product> {
		const sorts: Record<string, Position<Product>> = {
			CREATED_AT: (p) => p.createdAt,
			UPDATED_AT: (p) => p.updatedAt,
			TITLE: (p) => p.title,
			VENDOR: (p) => p.vendor,
			PRODUCT_TYPE: (p) => p.type
		};
		const { products, zone } = this.#shop;
		return pick(products, query, PRODUCT_FIELDS, (p) => p.title, zone, sorts[sortKey]);
	}

	variants(query: string | null | undefined, sortKey: string): Found<Variant> {
		const sorts: Record<string, Position<Variant>> = { SKU: (v) => v.sku, TITLE: (v) => v.title };
		const { variants, zone } = this.#shop;
		return pick(variants, query, VARIANT_FIELDS, (v) => `${v.product.title} ${v.sku}`, zone, sorts[sortKey]);
	}

	inventoryItems(query: string | null | undefined): Found<Variant> {
		return pick(this.#shop.variants, query, ITEM_FIELDS, (v) => v.sku, this.#shop.zone, undefined);
	}
}

function pick<Row extends { n: number }>(
	rows: readonly Row[],
	query: string | null | undefined,
	fields: Record<string, Field<Row>>,
	text: (row: Row) => string,
	zone: string,
	position: Position<Row> | undefined
): Found<Row> {
	const search = compileSearch(query, fields, text, zone);
	const matching = query ? rows.filter(search.matches) : rows;
	return { rows: position ? sorted(matching, position) : matching, position, ignored: search.ignored };
}
