import { setTimeout as sleep } from 'node:timers/promises';
import { inOrganization } from '../platform/db.ts';
import { openCredentials, sealCredentials, type Credentials } from './credentials.ts';
import { ChannelError } from './error.ts';

/** How one channel renews what it stored. */
export interface Renewal<Own extends Credentials> {
	/** Picks this channel's credentials. @throws ChannelError for others */
	own(stored: Credentials): Own;
	/** True for credentials whose token is near its end, absent, or was refused. */
	due(credentials: Own): boolean;
	/** Asks the channel. No transaction is open meanwhile. @throws ChannelError */
	renew(credentials: Own): Promise<Own>;
}

/** Renewals under way in this process: a second caller waits for the first one's answer. */
const renewals = new Map<string, Promise<Credentials>>();

/** How long one process may take for a renewal before another may try. */
const LEASE_MS = 40_000;

/**
 * Credentials that are good for some minutes more, renewed once however many callers and processes ask: one takes the row's
 * lease, the others wait and read what it stored. What the channel answers (a rotated refresh token too) is stored before anyone
 * uses it.
 * @throws ChannelError `credentials` when the account was disconnected or the channel gives nothing new
 */
export async function renewed<Own extends Credentials>(
	row: { id: string; organizationId: string },
	renewal: Renewal<Own>
): Promise<Own> {
	const running = renewals.get(row.id);
	if (running) {
		const answer = renewal.own(await running);
		if (!renewal.due(answer)) return answer;
	}
	const own = renew(row, renewal).finally(() => {
		if (renewals.get(row.id) === own) renewals.delete(row.id);
	});
	renewals.set(row.id, own);
	return own;
}

async function renew<Own extends Credentials>(
	row: { id: string; organizationId: string },
	renewal: Renewal<Own>
): Promise<Own> {
	const deadline = Date.now() + LEASE_MS * 2;
	while (Date.now() < deadline) {
		const stored = renewal.own(await readStored(row));
		if (!renewal.due(stored)) return stored;
		if (await takeLease(row)) {
			try {
				return await renewStored(row, renewal);
			} finally {
				await releaseLease(row);
			}
		}
		await sleep(150);
	}
	throw new ChannelError(
		'unavailable',
		'Another process is renewing the authorization. Tidemark tries again by itself.'
	);
}

/** No transaction is open while the channel is asked: the lease keeps others away, not a lock. */
async function renewStored<Own extends Credentials>(
	row: { id: string; organizationId: string },
	renewal: Renewal<Own>
): Promise<Own> {
	const stored = renewal.own(await readStored(row));
	if (!renewal.due(stored)) return stored;
	const next = await renewal.renew(stored);
	const kept = await inOrganization(
		row.organizationId,
		({ sql }) => sql`
		update connections set credentials = ${sealCredentials(row, next)}
		where organization_id = ${row.organizationId} and id = ${row.id} and credentials is not null`
	);
	if (kept.count === 0) throw new ChannelError('credentials', 'The account was disconnected.');
	return next;
}

async function readStored(row: { id: string; organizationId: string }): Promise<Credentials> {
	const [stored] = await inOrganization(
		row.organizationId,
		({ sql }) => sql<{ credentials: string | null }[]>`
		select credentials from connections where organization_id = ${row.organizationId} and id = ${row.id}`
	);
	if (!stored?.credentials) throw new ChannelError('credentials', 'The account was disconnected.');
	return openCredentials({ ...row, credentials: stored.credentials });
}

async function takeLease(row: { id: string; organizationId: string }): Promise<boolean> {
	const now = Date.now();
	const taken = await inOrganization(
		row.organizationId,
		({ sql }) => sql`
		update connections set facts = facts || jsonb_build_object('renewingUntil', ${now + LEASE_MS}::bigint)
		where organization_id = ${row.organizationId} and id = ${row.id} and coalesce((facts->>'renewingUntil')::bigint, 0) < ${now}`
	);
	return taken.count > 0;
}

async function releaseLease(row: { id: string; organizationId: string }): Promise<void> {
	await inOrganization(
		row.organizationId,
		({ sql }) => sql`
		update connections set facts = facts - 'renewingUntil' where organization_id = ${row.organizationId} and id = ${row.id}`
	);
}
