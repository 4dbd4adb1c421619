import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { audit } from '../identity/index.ts';
import { constantTimeEqual, deriveKey } from '../platform/crypto.ts';
import { inOrganization } from '../platform/db.ts';
import { NotFound } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { secretKey } from '../platform/running.ts';

const PURPOSE = 'report unsubscribe';
const parts = z.tuple([z.uuid(), z.uuid(), z.uuid(), z.string()]);

/** What the link in a report carries: which report, whose, and a signature, so that it works without signing in and for nothing else. */
export function unsubscribeToken(organizationId: string, reportId: string, userId: string): string {
	const said = `${organizationId}.${reportId}.${userId}`;
	return Buffer.from(`${said}.${signature(said)}`).toString('base64url');
}

/** What a link says; null for one that we did not sign. */
export function readUnsubscribe(
	token: string
): { organizationId: string; reportId: string; userId: string } | null {
	if (token.length > 400) return null;
	const read = parts.safeParse(Buffer.from(token, 'base64url').toString().split('.'));
	if (!read.success) return null;
	const [organizationId, reportId, userId, signed] = read.data;
	const right = signature(`${organizationId}.${reportId}.${userId}`);
	return constantTimeEqual(signed, right) ? { organizationId, reportId, userId } : null;
}

/** Which report a link stops, for the page that asks before it does; `known` is false for a link that we did not sign. */
export async function findSubscription(
	token: string
): Promise<{ known: boolean; name: string | null; subscribed: boolean }> {
	const read = readUnsubscribe(token);
	if (!read) return { known: false, name: null, subscribed: false };
	const [row] = await inOrganization(
		read.organizationId,
		({ sql }) => sql<{ name: string }[]>`
		select r.name from reports r join report_recipients s on s.report_id = r.id
		where r.organization_id = ${read.organizationId} and r.id = ${read.reportId} and s.user_id = ${read.userId}`
	);
	return { known: true, name: row?.name ?? null, subscribed: row !== undefined };
}

/** Stops a report for whoever the link was made for; stopping twice is no error. @throws NotFound for a link that we did not sign */
export async function unsubscribe(token: string): Promise<void> {
	const read = readUnsubscribe(token);
	if (!read) throw new NotFound('This link');
	const { organizationId, reportId, userId } = read;
	await inOrganization(organizationId, async (tx) => {
		const gone =
			await tx.sql`delete from report_recipients where organization_id = ${organizationId} and report_id = ${reportId} and user_id = ${userId} returning 1`;
		if (gone.length === 0) return;
		const by = {
			organization: { id: organizationId },
			actor: { kind: 'member' as const, userId },
			requestId: newId()
		};
		await audit(tx, by, 'report.unsubscribed', { kind: 'report', id: reportId });
	});
}

function signature(said: string): string {
	return createHmac('sha256', deriveKey(secretKey(), PURPOSE)).update(said).digest('base64url');
}
