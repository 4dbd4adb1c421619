import { CHANNEL_NAMES } from '#lib/contracts/channels.ts';
import { adminAddresses } from '../identity/index.ts';
import type { Tx } from '../platform/db.ts';
import { send } from '../platform/mail.ts';
import { settings } from '../platform/running.ts';
import type { ConnectionRow } from './connection-rows.ts';

/** A mail that is to be sent after the commit. */
export interface Alert {
	to: string[];
	subject: string;
	text: string;
	/** The same for every try, so that a mail service delivers it once. */
	key: string;
}

/** A connection that comes and goes writes about its trouble once in this time. */
const QUIET_HOURS = 24;
const WORTH_A_MAIL = ['needs_reauthorization', 'degraded'];

/**
 * Notes on the connection that its new status was told, and answers the mail to send after the commit; null when this status
 * needs no mail or was told within the last day. Call it in the transaction that changes the status.
 */
export async function claimAlert(tx: Tx, connection: ConnectionRow): Promise<Alert | null> {
	const { organizationId, id, status } = connection;
	if (!WORTH_A_MAIL.includes(status) || connection.isSimulated) return null;
	const [claimed] = await tx.sql<{ at: string; slug: string; organization: string }[]>`
		update connections c set facts = facts || jsonb_build_object('alerted', coalesce(facts->'alerted', '{}') || jsonb_build_object(${status}::text, now()))
		from organizations o
		where c.organization_id = ${organizationId} and c.id = ${id} and o.id = c.organization_id
			and coalesce((c.facts->'alerted'->>${status})::timestamptz, '-infinity') < now() - make_interval(hours => ${QUIET_HOURS})
		returning c.facts->'alerted'->>${status} as at, o.slug, o.name as organization`;
	if (!claimed) return null;
	const to = await adminAddresses(tx, organizationId);
	const { subject, text } = words(connection, claimed);
	return { to, subject, text, key: `connection:${id}:${status}:${claimed.at}` };
}

/** Sends an alert to each address. @throws Error when the mail service stays away; the page still says it */
export async function alertMembers({ to, subject, text, key }: Alert): Promise<void> {
	for (const address of to) await send({ to: address, subject, text, idempotencyKey: `${key}:${address}` });
}

function words(
	{ channel, name, status, statusReason, id }: ConnectionRow,
	{ slug, organization }: { slug: string; organization: string }
): { subject: string; text: string } {
	const what = `${CHANNEL_NAMES[channel]} account ${name}`;
	const { ORIGIN, PORT } = settings();
	const page = `${(ORIGIN ?? `http://localhost:${PORT}`).replace(/\/+$/, '')}/${slug}/channels/${id}`;
	if (status === 'needs_reauthorization') {
		return {
			subject: `${organization}: connect ${name} again`,
			text: `Tidemark can no longer read the ${what}.\n\n${statusReason ?? ''}\n\nNothing that was read is lost, and nothing more is read until it is connected again:\n${page}\n\nThis is said once.`
		};
	}
	return {
		subject: `${organization}: trouble with ${name}`,
		text: `A sync of the ${what} failed.\n\n${statusReason ?? ''}\n\nTidemark goes on trying by itself. How it stands:\n${page}\n\nThis is said at most once a day.`
	};
}
