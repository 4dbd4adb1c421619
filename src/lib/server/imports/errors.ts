import { stringify } from 'csv-stringify/sync';
import type { ImportErrorView } from '#lib/contracts/imports.ts';
import { require } from '../identity/index.ts';
import { guarded } from '../platform/csv-guard.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import type { Problem } from './formats/row.ts';
import { loadImport } from './import-rows.ts';

/** Replaces what is known to be wrong with a file. */
export async function writeErrors(
	{ sql }: Tx,
	row: { organizationId: string; id: string },
	problems: readonly Problem[]
): Promise<void> {
	await sql`delete from import_errors where organization_id = ${row.organizationId} and import_id = ${row.id}`;
	await addErrors({ sql } as Tx, row, problems, 0);
}

/** Puts problems behind those that are known, from `number` on. */
export async function addErrors(
	{ sql }: Tx,
	row: { organizationId: string; id: string },
	problems: readonly Problem[],
	number: number
): Promise<void> {
	if (problems.length === 0) return;
	const rows = problems.map(({ line, field, value, problem }, at) => ({
		number: number + at,
		line,
		field: clean(field),
		value: clean(value),
		problem: clean(problem)
	}));
	await sql`
		insert into import_errors (organization_id, import_id, number, line, field, value, problem)
		select ${row.organizationId}, ${row.id}, number, line, field, value, problem
		from json_to_recordset(${JSON.stringify(rows)}::text::json) as r (number int, line int, field text, value text, problem text)
		on conflict (import_id, number) do nothing`;
}

/** What is wrong with a file, by line; the first `limit`. @throws NotFound, Forbidden */
export async function importErrors(ctx: Ctx, id: string, limit = 50): Promise<ImportErrorView[]> {
	require(ctx, 'orders.import');
	return inOrganization(ctx.organization.id, async (tx) => {
		const { id: importId } = await loadImport(tx, ctx.organization.id, id);
		return tx.sql<ImportErrorView[]>`
			select line, field, value, problem from import_errors
			where organization_id = ${ctx.organization.id} and import_id = ${importId} order by line, number limit ${Math.min(limit, 10_000)}`;
	});
}

/** The same as CSV. @throws NotFound, Forbidden */
export async function importErrorsCsv(ctx: Ctx, id: string): Promise<string> {
	require(ctx, 'orders.import');
	const errors = await importErrors(ctx, id, 10_000);
	return stringify(
		errors.map(({ line, field, value, problem }) => [line, guarded(field), guarded(value), guarded(problem)]),
		{ header: true, columns: ['line', 'column', 'value', 'problem'], record_delimiter: 'windows' }
	);
}

/** PostgreSQL's text refuses NUL and lone surrogates, which a file can hold. */
function clean(text: string | null): string | null {
	return text === null ? null : text.replaceAll('\0', '').toWellFormed().slice(0, 500);
}
