import type { ClickHouseClient } from '@clickhouse/client';

/** Rows of a query of our own making. */
export async function rows<Row>(
	client: ClickHouseClient,
	query: string,
	params: Record<string, unknown> = {}
): Promise<Row[]> {
	return (await client.query({ query, query_params: params, format: 'JSONEachRow' })).json<Row>();
}

/**
 * A UUID as SQL. The projection writes ids and days into its statements (lists of thousands); each passes one of these guards.
 * @throws Error for anything that is not a UUID
 */
export function uuid(value: string): string {
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) throw new Error('not a UUID');
	return `'${value}'`;
}

/** A day as SQL. @throws Error for anything that is not YYYY-MM-DD */
export function date(value: string): string {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) throw new Error('not a day');
	return `'${value}'`;
}

/** A currency as SQL. @throws Error for anything that is not three capitals */
export function currency(value: string): string {
	if (!/^[A-Z]{3}$/.test(value)) throw new Error('not a currency');
	return `'${value}'`;
}

/** Pieces of at most `size`. */
export function* chunks<T>(list: readonly T[], size: number): Generator<T[]> {
	for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size);
}
