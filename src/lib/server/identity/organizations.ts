import { z } from 'zod';
import type { Role } from '#lib/contracts/permissions.ts';
import { Forbidden } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';
import { settings } from '../platform/running.ts';
import { asSystem } from '../platform/system.ts';
import { audit } from './audit.ts';
import { currency, locale, organizationName, timeZone } from './fields.ts';
import { limits } from './limits.ts';
import type { RequestIdentity, SignedIn } from './request-identity.ts';
import { insertOrganization } from './slug.ts';

/** An organization as the switcher shows it. */
export interface OwnOrganization {
	slug: string;
	name: string;
	role: Role;
}

/** The organizations a person belongs to, the longest-standing membership first. */
export function organizationsOf(user: Pick<SignedIn, 'id'>): Promise<OwnOrganization[]> {
	return asSystem(
		'sign-in: find a person, their session, their organizations',
		({ sql }) => sql<OwnOrganization[]>`
		select o.slug, o.name, m.role from members m join organizations o on o.id = m.organization_id
		where m.user_id = ${user.id} order by m.created_at, o.name`
	);
}

const schema = z.strictObject({ organizationName, currency, timeZone, locale });

/**
 * Makes a further organization with this person as owner; answers its slug.
 * @throws Invalid, RateLimited; Forbidden where sign-up is closed and the person owns none
 */
export async function createOrganization(
	user: SignedIn,
	request: RequestIdentity,
	input: unknown
): Promise<{ slug: string }> {
	await limits.organizationsByAccount.take(user.id);
	const wanted = parse(schema, input);
	if (!settings().SIGN_UP && !(await organizationsOf(user)).some(({ role }) => role === 'owner')) {
		throw new Forbidden('New organizations are closed on this server. Ask its operator.');
	}
	const slug = await asSystem('sign-up: make a person and an organization', async (tx) => {
		const id = newId();
		const slug = await insertOrganization(tx, { ...wanted, id, name: wanted.organizationName });
		await tx.sql`insert into members (organization_id, user_id, role) values (${id}, ${user.id}, 'owner')`;
		const ctx = {
			organization: { id },
			actor: { kind: 'member' as const, userId: user.id },
			requestId: request.requestId
		};
		await audit(tx, ctx, 'organization.created', { kind: 'organization', id });
		return slug;
	});
	return { slug };
}
