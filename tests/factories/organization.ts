import { permissionsOf, type Role } from '../../src/lib/contracts/permissions.ts';
import type { Ctx, Organization, Scope } from '../../src/lib/server/platform/ctx.ts';
import { newId } from '../../src/lib/server/platform/ids.ts';
import { asSystem } from '../../src/lib/server/platform/system.ts';

/** A fresh organization with one owner, and contexts in any role. */
export interface TestOrganization {
	organization: Organization;
	ownerId: string;
	ctx(role?: Role, scope?: Scope | null): Ctx;
}

/** Makes an organization of its own for a test: tests never share one. */
export async function makeOrganization(given: Partial<Organization> = {}): Promise<TestOrganization> {
	const id = newId();
	const organization: Organization = {
		id,
		slug: `shop-${id.slice(-12)}`,
		name: 'Test shop',
		currency: 'USD',
		timeZone: 'UTC',
		locale: 'en-US',
		plan: 'free',
		isDemo: false,
		...given
	};
	const ownerId = newId();
	await asSystem('sign-up: make a person and an organization', async ({ sql }) => {
		await sql`insert into organizations (id, slug, name, currency, time_zone, locale, plan, is_demo)
			values (${organization.id}, ${organization.slug}, ${organization.name}, ${organization.currency}, ${organization.timeZone}, ${organization.locale}, ${organization.plan}, ${organization.isDemo})`;
		await sql`insert into users (id, email, name, password_hash) values (${ownerId}, ${`${ownerId}@example.com`}, 'Test Owner', 'none')`;
		await sql`insert into members (organization_id, user_id, role) values (${organization.id}, ${ownerId}, 'owner')`;
	});
	return {
		organization,
		ownerId,
		ctx: (role = 'owner', scope = null) => ({
			organization,
			actor: { kind: 'member', userId: ownerId },
			permissions: new Set(permissionsOf(role)),
			scope,
			requestId: newId()
		})
	};
}
