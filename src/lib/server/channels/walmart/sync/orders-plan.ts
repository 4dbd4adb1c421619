import { recordOrders, type ChannelOrder } from '../../../orders/index.ts';
import type { RunContext } from '../../channel.ts';
import { ChannelError } from '../../error.ts';
import type { Json } from '../../json.ts';
import type { Span, WindowPlan } from '../../sync/window.ts';
import type { WalmartClient } from '../client.ts';
import {
	circle,
	NODE_TYPES,
	orderById,
	orderQuery,
	ordersPage,
	type NodeType,
	type OrderWindow
} from '../listing.ts';
import { parseWalmartOrder } from '../parse-order.ts';
import { attachReturns } from '../returns-book.ts';
import { rememberMissing } from './missing.ts';

/** Walmart shows orders of the last 180 days; a day less, since the window moves while it is read. */
export const REACH_MS = 179 * 86_400_000;
/** One listing gives at most 10,000 orders by the documentation, 20,000 by the models: windows are halved well before. */
const CAP = 9_000;
/** Windows are not halved below this. */
const SHORTEST_MS = 60_000;

/** A part of a window that is still to be read, in one of the three passes. */
export interface Piece {
	type: NodeType;
	from: number;
	to: number;
	/** When its orders were placed, once the span of changes cannot be made shorter; milliseconds. */
	created?: [number, number];
	/** The page to go on with, as Walmart gave it, and how far that is. */
	cursor?: string;
	seen?: number;
	total?: number;
}

/** How the ends of a piece are asked for: by the last change, or by when orders were placed. */
export type Ask = (piece: Piece) => OrderWindow;

/** Orders by their last change, whoever ships them. */
export const ordersPlan: WindowPlan<WalmartClient, ChannelOrder> = {
	resource: 'orders',
	pages: (context, span, after) => orderPages(context, span, after, byChange),
	complete: attachReturns,
	parse: (node) => parseWalmartOrder(node, 'poll'),
	async write(tx, { connection, timeZone }, rows) {
		const scope = { organizationId: connection.organizationId, connectionId: connection.id };
		const entries = rows.map((order) => ({ ...scope, channel: connection.channel, timeZone, order }));
		const { outcomes, events } = await recordOrders(tx, entries);
		const written = outcomes.filter(({ outcome }) => outcome === 'created' || outcome === 'updated').length;
		return { written, unchanged: outcomes.length - written, events };
	}
};

const byChange: Ask = ({ type, from, to, created }) => ({
	type,
	createdFrom: new Date(created?.[0] ?? Date.now() - REACH_MS).toISOString(),
	createdTo: new Date(created?.[1] ?? Date.now()).toISOString(),
	changedFrom: new Date(from).toISOString(),
	changedTo: new Date(to).toISOString()
});

/** Orders that were placed in a span. */
export const byCreation: Ask = ({ type, from, to }) => ({
	type,
	createdFrom: new Date(from).toISOString(),
	createdTo: new Date(to).toISOString()
});

/**
 * The pages of a window: three passes, one for each kind of ship node, each in as many pieces as keep below Walmart's cap. The
 * cursor holds all that is still to be read, so that a run goes on exactly where another stopped.
 * @throws PageLost, ChannelError when a list ends early although its window cannot be made shorter
 */
export async function* orderPages(
	context: RunContext<WalmartClient>,
	{ from, to }: Pick<Span, 'from' | 'to'>,
	after: string | null,
	ask: Ask
): AsyncGenerator<{ nodes: Json[]; cursor: string | null }> {
	const { client } = context;
	const begin = from === null ? Date.now() - REACH_MS : Date.parse(from);
	let pieces: Piece[] =
		after === null
			? NODE_TYPES.map((type) => ({ type, from: begin, to: Date.parse(to) }))
			: (JSON.parse(after) as Piece[]);
	const seen = new Set<string>();
	while (pieces.length > 0) {
		const [piece, ...rest] = pieces as [Piece, ...Piece[]];
		const isFirst = piece.cursor === undefined;
		const page = await ordersPage(client, piece.cursor ?? orderQuery(ask(piece)), isFirst);
		const total = piece.total ?? page.total ?? 0;
		const read = (piece.seen ?? 0) + page.rows.length + page.missing.length;
		// a list that ends before its total was cut at a cap we do not know
		if ((isFirst && total > CAP) || (page.next === null && read < total)) {
			const halves = halvesOf(piece, ask);
			if (halves) {
				pieces = [...halves, ...rest];
				client.traffic.retries++;
				continue;
			}
			if (page.next === null) throw cutShort(read, total);
		}
		if (page.next !== null && seen.has(page.next)) throw circle('orders');
		if (page.next !== null) seen.add(page.next);
		pieces = page.next === null ? rest : [{ ...piece, cursor: page.next, seen: read, total }, ...rest];
		const found = await findMissing(context, page.missing);
		yield { nodes: [...page.rows, ...found], cursor: pieces.length > 0 ? JSON.stringify(pieces) : null };
	}
}

/** Rows that a page left out, read one by one; those that cannot be had now are remembered for the next run. */
async function findMissing(context: RunContext<WalmartClient>, ids: readonly string[]): Promise<Json[]> {
	const found: Json[] = [];
	const lost: string[] = [];
	for (const id of ids) {
		const node = await orderById(context.client, id);
		if (node) found.push(node);
		else lost.push(id);
	}
	if (lost.length > 0) await rememberMissing(context, lost);
	return found;
}

/**
 * Two halves of a piece, without its page. When thousands of orders changed within a minute, they are told apart by when they
 * were placed.
 */
function halvesOf({ type, from, to, created }: Piece, ask: Ask): [Piece, Piece] | null {
	if (created === undefined && to - from >= 2 * SHORTEST_MS) {
		const middle = Math.floor((from + to) / 2);
		return [
			{ type, from, to: middle },
			{ type, from: middle, to }
		];
	}
	if (ask !== byChange) return null;
	const [first, last] = created ?? [Date.now() - REACH_MS, Date.now()];
	if (last - first < 2 * SHORTEST_MS) return null;
	const middle = Math.floor((first + last) / 2);
	return [
		{ type, from, to, created: [first, middle] },
		{ type, from, to, created: [middle, last] }
	];
}

function cutShort(read: number, total: number): ChannelError {
	return new ChannelError(
		'unavailable',
		`Walmart’s list of orders ended after ${read} of ${total} orders of one minute. Tidemark tries again later.`
	);
}
