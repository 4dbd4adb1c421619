import type { Readable } from 'node:stream';
import type { Sql, TransactionSql } from 'postgres';

/**
 * What `copy (query) to stdout` writes, in PostgreSQL's text format. `query` is our own text: COPY takes no parameters.
 *
 * postgres.js 3.4.9 pauses the socket when the reader is slow and leaves it paused when the last bytes came along with the end:
 * whatever the connection does next would wait forever. So the socket is woken once more when all is read.
 */
export async function copyOut(
	sql: Sql | TransactionSql<Record<string, unknown>>,
	query: string
): Promise<Buffer> {
	const stream: Readable = await sql.unsafe(`copy (${query}) to stdout`).readable();
	const parts: Buffer[] = [];
	for await (const part of stream) parts.push(part as Buffer);
	stream._read(0);
	return Buffer.concat(parts);
}
