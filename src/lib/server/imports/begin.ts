import fs from 'node:fs';
import { z } from 'zod';
import { audit, require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { Conflict, Invalid } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';
import { settings } from '../platform/running.ts';
import { filesOf } from './files.ts';

/** Files of one organization that are not imported yet; each takes room on the disk. */
const MOST_OPEN = 5;

const announced = z.strictObject({
	filename: z
		.string()
		.trim()
		.min(1)
		.max(1000)
		.transform((name) => name.replace(/^.*[/\\]/, '').slice(-200)),
	bytes: z.int().min(1, { error: 'The file is empty.' })
});

/**
 * Announces a file; its parts follow with `appendPart`. Answers the import's id.
 * @throws Invalid for a file that is too large (IMPORT_MAX_MB) or a spreadsheet, Conflict while five others are unfinished, Forbidden
 */
export async function beginImport(ctx: Ctx, input: unknown): Promise<string> {
	require(ctx, 'orders.import');
	const { filename, bytes } = parse(announced, input);
	const most = settings().IMPORT_MAX_MB;
	if (bytes > most * 1_000_000)
		throw new Invalid({
			file: `The file is larger than ${most} MB. Export a shorter time, or ask whoever runs this server for more (IMPORT_MAX_MB).`
		});
	if (/\.(xlsx?|ods|numbers|pdf|zip|gz)$/i.test(filename))
		throw new Invalid({
			file: 'This is not a text file. Save it as CSV (in Excel: Save as, CSV UTF-8) and choose that one.'
		});
	const id = newId();
	await inOrganization(ctx.organization.id, async (tx) => {
		const [open] = await tx.sql<{ n: number }[]>`
			select count(*)::int as n from imports where organization_id = ${ctx.organization.id} and status in ('uploading', 'mapping', 'checking', 'ready')`;
		if (open!.n >= MOST_OPEN)
			throw new Conflict(`${MOST_OPEN} files wait already. Import or discard one of them first.`);
		await tx.sql`
			insert into imports (id, organization_id, filename, bytes, status, created_by)
			values (${id}, ${ctx.organization.id}, ${filename.replaceAll('\0', '').toWellFormed()}, ${bytes}, 'uploading', ${ctx.actor.kind === 'member' ? ctx.actor.userId : null})`;
		await audit(tx, ctx, 'import.begun', { kind: 'import', id }, { bytes });
	});
	await fs.promises.mkdir(filesOf(id).folder, { recursive: true, mode: 0o700 });
	return id;
}
