import { invalid } from './reply.ts';

/** What a page token carries; clients see an opaque text. */
export interface PageToken {
	/** What the listing was asked for, so that a token is not used with other words. */
	query: string;
	/** Instant and number of the last row told. */
	after: [at: number, n: number];
	issuedAt: number;
	/** End of the window, so that all pages look at the same one. */
	until: number;
}

export function writeToken(token: PageToken): string {
	return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/**
 * Reads a page token.
 * @throws Refused (400 InvalidInput) when it is no token, is older than `lifeMs`, or belongs to another query
 */
export function readToken(text: string, query: string, lifeMs: number, now: number): PageToken {
	let token: PageToken;
	try {
		token = JSON.parse(Buffer.from(text, 'base64url').toString()) as PageToken;
	} catch {
		throw invalid('The token is not valid');
	}
	if (!Array.isArray(token.after) || token.query !== query)
		throw invalid('The token does not belong to this request');
	if (now - token.issuedAt > lifeMs) throw invalid('The token has expired');
	return token;
}

type Key = readonly [at: number, n: number];

/** Rows by instant and number. */
export function inOrder<Row>(rows: readonly Row[], keyOf: (row: Row) => Key): Row[] {
	return [...rows].sort((a, b) => {
		const [left, right] = [keyOf(a), keyOf(b)];
		return left[0] - right[0] || left[1] - right[1];
	});
}

export interface PageWish<Row> {
	/** Key of the last row told; null for the first page. */
	after: Key | null;
	size: number;
	/** Last instant of the window, included; the default has no end. */
	until?: number;
	fits?: (row: Row) => boolean;
}

/** The next rows that fit, of rows in order; looks no further than it must. */
export function pageOf<Row>(
	rows: readonly Row[],
	keyOf: (row: Row) => Key,
	wish: PageWish<Row>
): { rows: Row[]; more: boolean } {
	const { after, size, until = Number.POSITIVE_INFINITY, fits } = wish;
	let low = 0;
	let high = after ? rows.length : 0;
	while (low < high) {
		const middle = (low + high) >> 1;
		const [at, n] = keyOf(rows[middle]!);
		if (at > after![0] || (at === after![0] && n > after![1])) high = middle;
		else low = middle + 1;
	}
	const found: Row[] = [];
	for (let place = low; place < rows.length; place++) {
		const row = rows[place]!;
		if (keyOf(row)[0] > until) break;
		if (fits && !fits(row)) continue;
		if (found.length === size) return { rows: found, more: true };
		found.push(row);
	}
	return { rows: found, more: false };
}
