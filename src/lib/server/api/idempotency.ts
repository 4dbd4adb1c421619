import { sha256 } from '../platform/crypto.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { AppError } from '../platform/errors.ts';
import { InvalidRequest } from './problem.ts';

/** Hours a key is remembered. */
const KEPT_HOURS = 24;

/** A write as its key knows it. */
export interface Written {
	status: number;
	contentType: string | null;
	location: string | null;
	body: string | null;
}

/** @throws InvalidRequest for a key that cannot be one */
export function idempotencyKey(headers: Headers): string | null {
	const key = headers.get('idempotency-key');
	if (key === null) return null;
	if (!/^[\x21-\x7e]{1,200}$/.test(key))
		throw new InvalidRequest([
			{
				field: 'Idempotency-Key',
				in: 'header',
				message: 'must be 1 to 200 visible ASCII characters, such as a UUID.'
			}
		]);
	return key;
}

/**
 * Runs a write once per key: the second request with the same key and content gets the first one's answer. What failed on our side
 * is not kept, so that it can be tried again.
 * @throws AppError 422 when the key came with another request; 409 while the first still runs, or when its end is unknown
 */
export async function once(
	ctx: Ctx,
	key: string,
	content: string,
	work: () => Promise<Written>
): Promise<Written & { replayed: boolean }> {
	const userId = 'userId' in ctx.actor ? ctx.actor.userId : ctx.organization.id;
	const fingerprint = sha256(content);
	const stored = await claim(ctx.organization.id, userId, key, fingerprint);
	if (stored) {
		if (stored.fingerprint !== fingerprint)
			throw new AppError(
				422,
				'idempotency_mismatch',
				'This Idempotency-Key came with another request before. Use a new key for each new write.'
			);
		if (stored.status === null)
			throw new AppError(
				409,
				'conflict',
				'The first request with this Idempotency-Key is not finished. Wait a moment and send it again; if this stays, look whether the change was made and use a new key.'
			);
		return { ...stored, status: stored.status, replayed: true };
	}
	let written: Written;
	try {
		written = await work();
	} catch (error) {
		await forget(ctx.organization.id, userId, key);
		throw error;
	}
	if (written.status >= 500 || written.status === 429) await forget(ctx.organization.id, userId, key);
	else await keep(ctx.organization.id, userId, key, written);
	return { ...written, replayed: false };
}

/** Takes the key for this request; answers what is stored when it was taken before. */
function claim(organizationId: string, userId: string, key: string, fingerprint: string) {
	return inOrganization(organizationId, async ({ sql }) => {
		await sql`delete from idempotency_keys where organization_id = ${organizationId} and created_at < now() - make_interval(hours => ${KEPT_HOURS})`;
		const [mine] = await sql`
			insert into idempotency_keys (organization_id, user_id, key, fingerprint) values (${organizationId}, ${userId}, ${key}, ${fingerprint})
			on conflict do nothing returning key`;
		if (mine) return null;
		const [row] = await sql<
			{
				fingerprint: string;
				status: number | null;
				contentType: string | null;
				location: string | null;
				body: string | null;
			}[]
		>`
			select fingerprint, status, content_type, location, body from idempotency_keys
			where organization_id = ${organizationId} and user_id = ${userId} and key = ${key}`;
		// given back between the two statements: the other request failed on our side
		return row ?? { fingerprint, status: null, contentType: null, location: null, body: null };
	});
}

function keep(organizationId: string, userId: string, key: string, written: Written): Promise<unknown> {
	return inOrganization(
		organizationId,
		({ sql }) => sql`
		update idempotency_keys set status = ${written.status}, content_type = ${written.contentType}, location = ${written.location}, body = ${written.body}
		where organization_id = ${organizationId} and user_id = ${userId} and key = ${key}`
	);
}

function forget(organizationId: string, userId: string, key: string): Promise<unknown> {
	return inOrganization(
		organizationId,
		({ sql }) => sql`
		delete from idempotency_keys where organization_id = ${organizationId} and user_id = ${userId} and key = ${key} and status is null`
	);
}
