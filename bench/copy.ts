import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Sql } from 'postgres';
import { copyOut as copied } from '../src/lib/server/platform/copy-out.ts';

/** Rows of an organization's table as COPY writes them; generated columns are left out, since COPY cannot set them. */
export async function copyOut(sql: Sql, table: string, organizationId: string): Promise<Buffer> {
	const columns = await columnsOf(sql, table);
	return copied(
		sql,
		`select ${columns} from ${table} where organization_id = '${organizationId}' order by 1`
	);
}

/** Puts the rows back in one transaction, table by table, with all indexes and foreign keys standing. */
export async function copyIn(sql: Sql, tables: readonly string[], copies: readonly Buffer[]): Promise<void> {
	const columns = await Promise.all(tables.map((table) => columnsOf(sql, table)));
	await sql.begin(async (tx) => {
		for (const [index, table] of tables.entries()) {
			const target = await tx.unsafe(`copy ${table} (${columns[index]!}) from stdin`).writable();
			await pipeline(Readable.from(pieces(copies[index]!)), target);
		}
	});
}

function* pieces(buffer: Buffer): Generator<Buffer> {
	const size = 256 * 1024;
	for (let from = 0; from < buffer.length; from += size) yield buffer.subarray(from, from + size);
}

async function columnsOf(sql: Sql, table: string): Promise<string> {
	const rows = await sql<{ columnName: string }[]>`
		select column_name from information_schema.columns where table_schema = 'public' and table_name = ${table} and is_generated = 'NEVER' order by ordinal_position`;
	return rows.map((row) => row.columnName).join(', ');
}
