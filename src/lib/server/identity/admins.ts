import type { Tx } from '../platform/db.ts';

/** The e-mail addresses of an organization's owners and admins that are verified: for mail about the organization itself. */
export async function adminAddresses({ sql }: Tx, organizationId: string): Promise<string[]> {
	const rows = await sql<{ email: string }[]>`
		select u.email from members m join users u on u.id = m.user_id
		where m.organization_id = ${organizationId} and m.role in ('owner', 'admin') and u.email_verified_at is not null order by u.email`;
	return rows.map(({ email }) => email);
}
