import { GraphQLError } from 'graphql';

export interface PageArgs {
	first?: number | null;
	last?: number | null;
	after?: string | null;
	before?: string | null;
	reverse?: boolean | null;
}

type Position = number | string;

interface Cursor {
	last_id: number;
	last_value: Position;
}

const MOST_PER_PAGE = 250;

function encode(id: number, value: Position): string {
	return Buffer.from(JSON.stringify({ last_id: id, last_value: value })).toString('base64');
}

function decode(text: string): Cursor {
	try {
		const cursor: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
		if (cursor && typeof cursor === 'object' && 'last_id' in cursor) return cursor as Cursor;
	} catch {
		// Falls through to the refusal below: any unreadable cursor is the client's mistake.
	}
	throw new GraphQLError('Invalid cursor for current pagination sort.', {
		extensions: { code: 'BAD_REQUEST' }
	});
}

/** Rows in the order of (position, number), both rising. */
export interface Listing<Row extends { n: number }> {
	rows: readonly Row[];
	position?: (row: Row) => Position;
}

/**
 * A connection over sorted rows. Cursors name a position, not an index, so that rows which change while a client
 * pages are neither skipped nor repeated by mistake. `all` is for bulk operations, which ignore page arguments.
 */
export class Connection<Row extends { n: number }, Node> {
	#listing: Listing<Row>;
	#view: (row: Row) => Node;
	#args: PageArgs;
	#page: { rows: Row[]; before: boolean; after: boolean } | undefined;

	constructor(listing: Listing<Row>, args: PageArgs, view: (row: Row) => Node) {
		this.#listing = listing;
		this.#args = args;
		this.#view = view;
	}

	*all(): Generator<Node> {
		const { rows } = this.#listing;
		if (this.#args.reverse) for (let i = rows.length - 1; i >= 0; i--) yield this.#view(rows[i]!);
		else for (const row of rows) yield this.#view(row);
	}

	get nodes(): Node[] {
		return this.#slice().rows.map(this.#view);
	}

	get edges(): { node: Node; cursor: string }[] {
		return this.#slice().rows.map((row) => ({ node: this.#view(row), cursor: this.#cursor(row) }));
	}

	get pageInfo() {
		const { rows, before, after } = this.#slice();
		const first = rows[0];
		const last = rows.at(-1);
		return {
			hasNextPage: after,
			hasPreviousPage: before,
			startCursor: first ? this.#cursor(first) : null,
			endCursor: last ? this.#cursor(last) : null
		};
	}

	#position(row: Row): Position {
		return this.#listing.position?.(row) ?? row.n;
	}

	#cursor(row: Row): string {
		return encode(row.n, this.#position(row));
	}

	/** Rows at or before a cursor, counted from the start of the (unreversed) listing. */
	#countUpTo(cursor: Cursor, include: boolean): number {
		const { rows } = this.#listing;
		let low = 0;
		let high = rows.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			const row = rows[middle]!;
			const value = this.#position(row);
			const order =
				value < cursor.last_value ? -1 : value > cursor.last_value ? 1 : Math.sign(row.n - cursor.last_id);
			if (order < 0 || (order === 0 && include)) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	#slice() {
		if (this.#page) return this.#page;
		const { first, last, after, before, reverse } = this.#args;
		const size = first ?? last;
		if (size === undefined || size === null) {
			throw new GraphQLError('you must provide one of first or last', {
				extensions: { code: 'BAD_REQUEST' }
			});
		}
		if (size < 0 || size > MOST_PER_PAGE) {
			throw new GraphQLError(`Argument 'first' must be between 0 and ${MOST_PER_PAGE}; got ${size}`, {
				extensions: { code: 'BAD_REQUEST' }
			});
		}
		const { rows } = this.#listing;
		let low = 0;
		let high = rows.length;
		const opening = reverse ? before : after;
		const closing = reverse ? after : before;
		if (opening) low = this.#countUpTo(decode(opening), true);
		if (closing) high = this.#countUpTo(decode(closing), false);
		const fromStart = (first !== undefined && first !== null) !== Boolean(reverse);
		const from = fromStart ? low : Math.max(low, high - size);
		const to = fromStart ? Math.min(high, low + size) : high;
		const page = rows.slice(from, Math.max(from, to));
		if (reverse) page.reverse();
		const earlier = from > 0;
		const later = to < rows.length;
		this.#page = { rows: page, before: reverse ? later : earlier, after: reverse ? earlier : later };
		return this.#page;
	}
}
