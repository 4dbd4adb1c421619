import fs from 'node:fs';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { Conflict, Invalid } from '../platform/errors.ts';
import { enqueue } from '../platform/queue.ts';
import { firstOptions, headOf } from './first-options.ts';
import { filesOf } from './files.ts';
import { loadImport } from './import-rows.ts';
import { importJob } from './jobs.ts';

/** Bytes of one part: far below every limit of a request's body, server.js's and those of proxies. */
export const PART_BYTES = 4_000_000;

/**
 * Puts a part of the file at its place, as it comes in; memory holds a chunk of it. Answers how many bytes are there: a browser
 * that lost its connection asks for that with an empty part and goes on from there. The last part has the file looked at.
 * @throws Conflict when the part does not follow, Invalid for more than was announced, NotFound, Forbidden
 */
export async function appendPart(
	ctx: Ctx,
	id: string,
	offset: number,
	body: AsyncIterable<Uint8Array> | null
): Promise<{ received: number; complete: boolean }> {
	require(ctx, 'orders.import');
	if (!Number.isSafeInteger(offset) || offset < 0)
		throw new Invalid({ offset: 'Say with offset at which byte the part begins.' });
	const row = await inOrganization(ctx.organization.id, (tx) => loadImport(tx, ctx.organization.id, id));
	if (row.status !== 'uploading') return { received: row.received, complete: true };
	if (offset !== row.received)
		throw new Conflict(`The next part begins at byte ${row.received}, not at ${offset}.`);
	const written = await write(filesOf(row.id).upload, offset, Math.min(PART_BYTES, row.bytes - offset), body);
	const received = offset + written;
	const moved = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql`
		update imports set received = ${received} where organization_id = ${ctx.organization.id} and id = ${row.id} and status = 'uploading' and received = ${offset}`
	);
	if (moved.count === 0) throw new Conflict('Another window sends this file too. Close one of them.');
	if (received < row.bytes) return { received, complete: false };
	await lookAt(ctx, row.id);
	return { received, complete: true };
}

async function write(
	file: string,
	offset: number,
	most: number,
	body: AsyncIterable<Uint8Array> | null
): Promise<number> {
	const handle = await fs.promises.open(file, fs.constants.O_CREAT | fs.constants.O_WRONLY, 0o600);
	let written = 0;
	try {
		for await (const chunk of body ?? []) {
			if (written + chunk.length > most)
				throw new Invalid({
					file: 'More came than the file has. It changed while it was sent; choose it again.'
				});
			await handle.write(chunk, 0, chunk.length, offset + written);
			written += chunk.length;
		}
	} finally {
		await handle.close();
	}
	return written;
}

/** Finds out what the file is. One of a channel is checked at once; for another a person says what its columns hold. */
async function lookAt(ctx: Ctx, id: string): Promise<void> {
	const organizationId = ctx.organization.id;
	const head = await headOf(filesOf(id).upload);
	const known = await inOrganization(organizationId, async (tx) => {
		const { header, options, isKnown } = await firstOptions(tx, ctx.organization, head);
		await tx.sql`
			update imports set status = ${isKnown ? 'checking' : 'mapping'}, header = ${header}, options = ${tx.sql.json(options as never)}
			where organization_id = ${organizationId} and id = ${id} and status = 'uploading'`;
		return isKnown;
	});
	if (known) await enqueue(importJob, { organizationId, importId: id }, { key: id });
}
