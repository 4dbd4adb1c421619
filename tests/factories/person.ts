import { identify, signUp, type SignedIn } from '../../src/lib/server/identity/index.ts';
import { backgroundDone } from '../../src/lib/server/platform/background.ts';
import type { Role } from '../../src/lib/contracts/permissions.ts';
import type { Ctx, Scope } from '../../src/lib/server/platform/ctx.ts';
import { newId } from '../../src/lib/server/platform/ids.ts';
import { asSystem } from '../../src/lib/server/platform/system.ts';
import { ctxFor } from '../../src/lib/server/identity/index.ts';
import { makeBrowser, type TestBrowser } from './browser.ts';
import type { TestOrganization } from './organization.ts';

/** Accepted by the rules for passwords. */
export const PASSWORD = 'seven brown lamps';

/** Someone who signed up, with their browser. */
export interface TestPerson {
	browser: TestBrowser;
	email: string;
	slug: string;
	user(): Promise<SignedIn>;
}

export async function makePerson(given: { name?: string; email?: string } = {}): Promise<TestPerson> {
	const browser = makeBrowser();
	const email = given.email ?? `person-${newId().slice(-12)}@example.com`;
	const { slug } = await signUp(browser.request, {
		name: given.name ?? 'Mara Okafor',
		email,
		password: PASSWORD,
		organizationName: 'Own shop',
		currency: 'USD',
		timeZone: 'UTC',
		locale: 'en-US'
	});
	await backgroundDone();
	return { browser, email, slug, user: async () => (await identify(browser.request))! };
}

/** Adds a person to an organization and answers their context there. */
export async function addMember(
	organization: TestOrganization,
	person: TestPerson,
	role: Role,
	scope: Scope | null = null
): Promise<Ctx> {
	const user = await person.user();
	await asSystem(
		'sign-up: make a person and an organization',
		({ sql }) => sql`
		insert into members (organization_id, user_id, role, scope)
		values (${organization.organization.id}, ${user.id}, ${role}, ${scope && sql.json(scope as Record<string, string[]>)})`
	);
	return ctxFor(user, organization.organization.slug, person.browser.request);
}
