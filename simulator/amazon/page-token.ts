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

/** Rows after the last one told, ordered by instant and number; the end is open. */
export function pageOf<Row>(
	rows: readonly Row[],
	keyOf: (row: Row) => [number, number],
	after: readonly [number, number] | null,
	size: number
): { rows: Row[]; more: boolean } {
	const sorted = rows
		.map((row) => ({ row, key: keyOf(row) }))
		.filter(({ key }) => !after || key[0] > after[0] || (key[0] === after[0] && key[1] > after[1]))
		.sort((a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1]);
	return { rows: sorted.slice(0, size).map(({ row }) => row), more: sorted.length > size };
}
