import { ChannelError, PageLost } from '../error.ts';
import { object, objects, text, type Json } from '../json.ts';
import type { WalmartClient } from './client.ts';
import { listOf } from './lists.ts';
import { faultsOf } from './errors.ts';

/** One page of a list. */
export interface Page {
	rows: Json[];
	/** Rows in all pages, as Walmart says; null when it does not. */
	total: number | null;
	/** A ready query string that begins with `?`. It goes back letter by letter: nothing is decoded, encoded or added. */
	next: string | null;
	/** Ids of rows that Walmart had but could not give (206). */
	missing: string[];
}

/** Who ships an order. A listing without one of these shows the seller's own orders only. */
export const NODE_TYPES = ['SellerFulfilled', 'WFSFulfilled', '3PLFulfilled'] as const;
export type NodeType = (typeof NODE_TYPES)[number];

/** The most orders of a page. */
const ORDERS_A_PAGE = 200;
const RETURNS_A_PAGE = 200;

/** A window of orders: by their last change, or by when they were placed. ISO 8601. */
export interface OrderWindow {
	type: NodeType;
	createdFrom: string;
	createdTo: string;
	changedFrom?: string;
	changedTo?: string;
}

/** The first page of a window. Both ends are always sent: without a start Walmart shows the last seven days only. */
export function orderQuery({ type, createdFrom, createdTo, changedFrom, changedTo }: OrderWindow): string {
	const query = new URLSearchParams({ createdStartDate: createdFrom, createdEndDate: createdTo });
	if (changedFrom !== undefined) query.set('lastModifiedStartDate', changedFrom);
	if (changedTo !== undefined) query.set('lastModifiedEndDate', changedTo);
	query.set('limit', String(ORDERS_A_PAGE));
	query.set('shipNodeType', type);
	query.set('replacementInfo', 'true');
	return `?${query}`;
}

/** A page of orders; `query` is `orderQuery` or a page's `next`. @throws PageLost when Walmart no longer knows the place */
export async function ordersPage(client: WalmartClient, query: string, isFirst: boolean): Promise<Page> {
	const { status, body } = await lostUnless(isFirst, () => client.call(`/v3/orders${query}`));
	// nothing in a window is told as an absence
	if (status === 404) return { rows: [], total: 0, next: null, missing: [] };
	const list = object(body.list) ?? body;
	// an answer without a list is not an empty one: nothing may count as read
	if (list.elements === undefined && Number(object(list.meta)?.totalCount ?? 1) !== 0) throw noList('orders');
	return pageOf(
		listOf(
			object(list.elements)?.order ?? (Array.isArray(list.elements) ? list.elements : []),
			'The page of orders'
		),
		object(list.meta),
		status,
		list
	);
}

/** A single order, or null when Walmart does not show it (any more, or yet). */
export async function orderById(client: WalmartClient, id: string): Promise<Json | null> {
	const { status, body } = await client.call(`/v3/orders/${encodeURIComponent(id)}?replacementInfo=true`);
	if (status !== 200) return null;
	return object(body.order) ?? (text(body.purchaseOrderId) === null ? null : body);
}

/** Every return that fits the query, all pages. */
export async function* returnPages(
	client: WalmartClient,
	search: Record<string, string>
): AsyncGenerator<Page> {
	const first = `?${new URLSearchParams({ ...search, limit: String(RETURNS_A_PAGE), replacementInfo: 'true' })}`;
	const seen = new Set<string>();
	for (let query: string | null = first; query !== null;) {
		const isFirst = query === first;
		const { status, body } = await lostUnless(isFirst, () => client.call(`/v3/returns${query}`));
		if (status === 404) return;
		if (body.returnOrders === undefined && Number(object(body.meta)?.totalCount ?? 1) !== 0)
			throw noList('returns');
		const page: Page = pageOf(
			objects(body.returnOrders, 'The page of returns'),
			object(body.meta),
			status,
			body
		);
		yield page;
		if (page.next !== null && seen.has(page.next)) throw circle('returns');
		if (page.next !== null) seen.add(page.next);
		query = page.next;
	}
}

/** The returns of a customer order. */
export async function returnsOfOrder(client: WalmartClient, customerOrderId: string): Promise<Json[]> {
	const found: Json[] = [];
	for await (const page of returnPages(client, { customerOrderId })) found.push(...page.rows);
	return found;
}

function pageOf(rows: Json[], meta: Json | null, status: number, told: Json): Page {
	const total = Number(meta?.totalCount ?? Number.NaN);
	const next = text(meta?.nextCursor);
	const missing = status === 206 ? missingIds(told) : [];
	if (status === 206 && missing.length === 0)
		throw new ChannelError(
			'unavailable',
			'Walmart left rows out of a list and did not say which. Tidemark tries again later.'
		);
	return {
		rows,
		total: Number.isFinite(total) ? total : null,
		next: next === null ? null : next.startsWith('?') ? next : `?${next}`,
		missing
	};
}

/** Ids in the errors of a partial answer: purchase orders by their digits, SKUs by their identifier. */
export function missingIds(told: Json): string[] {
	const ids = objects(told.errors ?? [], 'The errors').flatMap((error) => {
		const named = Object.values(object(error.errorIdentifiers) ?? {}).flatMap((one) => {
			const value = typeof one === 'string' ? one : text(object(one)?.value);
			return value === null ? [] : [value];
		});
		if (named.length > 0) return named;
		const [fault] = faultsOf(JSON.stringify({ errors: [error] }));
		return /\b\d{12,15}\b/.exec(fault?.description ?? '')?.slice(0, 1) ?? [];
	});
	return [...new Set(ids)];
}

/** A refused later page is a lost place: the window begins anew. A refused first page is our own fault. */
async function lostUnless<T>(isFirst: boolean, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (!isFirst && error instanceof ChannelError && error.kind === 'rejected')
			throw new PageLost(`Walmart refused a page: ${error.message}`, { cause: error });
		throw error;
	}
}

function noList(what: string): ChannelError {
	return new ChannelError(
		'unavailable',
		`Walmart answered without its list of ${what}. Tidemark tries again later.`
	);
}

export function circle(what: string): ChannelError {
	return new ChannelError(
		'unavailable',
		`Walmart’s list of ${what} goes round in circles: the same page came twice. Tidemark tries again later.`
	);
}
