import type { Channel } from '#lib/contracts/channels.ts';
import type { ImportErrorView, ImportOptions, ImportView } from '#lib/contracts/imports.ts';
import { importTargets, type ImportTarget } from '../channels/index.ts';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { filesOf } from './files.ts';
import { headOf } from './first-options.ts';
import { firstRow } from './formats/detect.ts';
import { loadImport } from './import-rows.ts';

/** How many imports the page lists. */
const LISTED = 50;
/** Problems that are shown without downloading them. */
const SHOWN_ERRORS = 50;

type Row = Omit<ImportView, 'createdAt' | 'startedAt' | 'finishedAt' | 'channel' | 'format'> & {
	options: ImportOptions | null;
	createdAt: Date;
	startedAt: Date | null;
	finishedAt: Date | null;
};

/** The organization's imports, newest first; files that were given up are left out. */
export async function listImports(ctx: Ctx): Promise<ImportView[]> {
	require(ctx, 'orders.import');
	const rows = await inOrganization(ctx.organization.id, (tx) => read(tx, ctx.organization.id, null));
	return rows.map(toView);
}

/** What the page of one import needs. `targets`: where its orders may go, by channel. @throws NotFound, Forbidden */
export async function getImport(
	ctx: Ctx,
	id: string
): Promise<{
	view: ImportView;
	header: string[];
	options: ImportOptions | null;
	targets: ImportTarget[];
	errors: ImportErrorView[];
	/** What the first row has in each column, while a person may say what columns hold. */
	examples: Record<string, string>;
}> {
	require(ctx, 'orders.import');
	const organizationId = ctx.organization.id;
	const found = await inOrganization(organizationId, async (tx) => {
		const { header, options, id: importId } = await loadImport(tx, organizationId, id);
		const [row] = await read(tx, organizationId, importId);
		const targets: ImportTarget[] = [];
		for (const channel of ['amazon', 'shopify', 'walmart'] satisfies Channel[])
			targets.push(...(await importTargets(tx, organizationId, channel)));
		const errors = await tx.sql<ImportErrorView[]>`
			select line, field, value, problem from import_errors
			where organization_id = ${organizationId} and import_id = ${importId} order by line, number limit ${SHOWN_ERRORS}`;
		return { view: toView(row!), header, options, targets, errors: [...errors] };
	});
	const asks = found.options !== null && ['mapping', 'ready', 'failed'].includes(found.view.status);
	return { ...found, examples: asks ? await examplesOf(found.view.id, found.options!) : {} };
}

async function examplesOf(importId: string, options: ImportOptions): Promise<Record<string, string>> {
	try {
		const { text } = await headOf(filesOf(importId).upload, options.encoding);
		return firstRow(text, options.delimiter);
	} catch {
		return {}; // the file went with the import
	}
}

function read({ sql }: Tx, organizationId: string, id: string | null): Promise<Row[]> {
	return sql<Row[]>`
		select i.id, i.filename, i.bytes, i.received, i.status, i.options, i.error, i.progress, i.summary, i.result,
			i.created_at, i.started_at, i.finished_at, c.name as connection_name, u.name as created_by
		from imports i left join connections c on c.id = i.connection_id and c.organization_id = i.organization_id
			left join users u on u.id = i.created_by
		where i.organization_id = ${organizationId} ${id === null ? sql`and i.status <> 'discarded'` : sql`and i.id = ${id}`}
		order by i.created_at desc limit ${LISTED}`;
}

function toView({ options, createdAt, startedAt, finishedAt, ...row }: Row): ImportView {
	return {
		...row,
		channel: options?.channel ?? null,
		format: options?.format ?? null,
		createdAt: createdAt.toISOString(),
		startedAt: startedAt?.toISOString() ?? null,
		finishedAt: finishedAt?.toISOString() ?? null
	};
}
