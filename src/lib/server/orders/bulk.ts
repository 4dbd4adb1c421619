import type { Tx } from '../platform/db.ts';

/** A table's columns as written, with their PostgreSQL types. Names are ours, never from input. */
export interface BulkTable {
	name: string;
	columns: Record<string, string>;
}

/** One row: values by column name. */
export type BulkRow = Record<string, unknown>;

/**
 * Inserts rows with one statement, whatever their number. `onConflict` is the clause without `on conflict`, `returning` a list of
 * columns. JSON in one parameter: a statement's text, and with it the prepared plan, is the same for 1 and for 10,000 rows.
 */
export async function insertRows<T extends Record<string, unknown>>(
	tx: Tx,
	table: BulkTable,
	rows: readonly BulkRow[],
	{ onConflict, returning, where }: { onConflict?: string; returning?: string; where?: string } = {}
): Promise<T[]> {
	if (rows.length === 0) return [];
	const names = Object.keys(table.columns).join(', ');
	const typed = Object.entries(table.columns)
		.map(([name, type]) => `${name} ${type}`)
		.join(', ');
	const text = `insert into ${table.name} as t (${names}) select ${names} from json_to_recordset($1::text::json) as r (${typed})
		${where ? `where ${where}` : ''} ${onConflict ? `on conflict ${onConflict}` : ''} ${returning ? `returning ${returning}` : ''}`;
	return (await tx.sql.unsafe(text, [JSON.stringify(rows)], { prepare: true })) as unknown as T[];
}

/** `do update` of all columns but the key, for rows that differ only: an equal row is left untouched. */
export function replaceWhereDifferent(table: BulkTable, key: readonly string[]): string {
	const names = Object.keys(table.columns).filter((name) => name !== 'id' && !key.includes(name));
	const excluded = names.map((name) => `excluded.${name}`).join(', ');
	return `(${key.join(', ')}) do update set (${names.join(', ')}) = row(${excluded})
		where (${names.map((name) => `t.${name}`).join(', ')}) is distinct from (${excluded})`;
}
