import { beforeEach, expect, test } from 'vitest';
import { PERMISSIONS, ROLES, type Role } from '../../contracts/permissions.ts';
import { makeBrowser } from '../../../../tests/factories/browser.ts';
import { makeOrganization } from '../../../../tests/factories/organization.ts';
import { addMember, makePerson, PASSWORD } from '../../../../tests/factories/person.ts';
import { backgroundDone } from '../platform/background.ts';
import type { Ctx } from '../platform/ctx.ts';
import { database, inOrganization } from '../platform/db.ts';
import { Conflict, Forbidden, Invalid, NotFound, Unauthenticated } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { keptMails } from '../platform/mail/outbox.ts';
import { settings, useRunning } from '../platform/running.ts';
import { asSystem } from '../platform/system.ts';
import {
	acceptAsNewcomer,
	acceptInvitation,
	can,
	changeMember,
	createOrganization,
	ctxFor,
	ensureDemoOrganization,
	findInvitation,
	identify,
	invite,
	jobCtx,
	listInvitations,
	listMembers,
	openDemo,
	organizationsOf,
	removeMember,
	require,
	resendInvitation,
	revokeInvitation,
	signUp,
	signUpOpen,
	updateOrganization
} from './index.ts';

const use = (changed: Partial<ReturnType<typeof settings>>) =>
	useRunning({
		settings: { ...settings(), ...changed },
		secretKey: 'a test key of more than thirty-two characters'
	});
beforeEach(() => use({ SIGN_UP: true, DEMO: true }));

async function linkTo(email: string): Promise<string> {
	await backgroundDone();
	const mail = (await keptMails()).find(({ to, subject }) => to === email && subject.includes('invited you'));
	return /\/invite\/(\S+)/.exec(mail!.text)![1]!;
}

const actions = (organizationId: string) =>
	asSystem('doctor: check the installation', async ({ sql }) =>
		(
			await sql<
				{ action: string }[]
			>`select action from audit_log where organization_id = ${organizationId} order by id`
		).map(({ action }) => action)
	);

test.each(ROLES)(
	'%s: the verbs of members and organization hold to the table of permissions',
	async (role) => {
		const shop = await makeOrganization();
		const person = await makePerson();
		const ctx = await addMember(shop, person, role);
		expect([...ctx.permissions].sort()).toEqual(
			Object.entries(PERMISSIONS)
				.filter(([, roles]) => (roles as readonly Role[]).includes(role))
				.map(([name]) => name)
				.sort()
		);
		const manages = can(ctx, 'members.manage');
		const attempt = (work: Promise<unknown>) =>
			work.then(
				() => true,
				(error: unknown) => (error instanceof Forbidden ? false : Promise.reject(error))
			);
		expect(await attempt(invite(ctx, { email: `${newId()}@example.com`, role: 'viewer' }))).toBe(manages);
		expect(await attempt(changeMember(ctx, { userId: (await person.user()).id, role }))).toBe(manages);
		expect(
			await attempt(
				updateOrganization(ctx, { name: 'Renamed', currency: 'USD', timeZone: 'UTC', locale: 'en-US' })
			)
		).toBe(can(ctx, 'organization.update'));
		expect((await listMembers(ctx)).length).toBe(2);
		expect((await listInvitations(ctx)).length).toBe(manages ? 1 : 0);
	}
);

test('verbs of one organization cannot reach another', async () => {
	const mine = await makeOrganization();
	const theirs = await makeOrganization();
	const victim = await makePerson();
	await addMember(theirs, victim, 'viewer');
	const { id: userId } = await victim.user();
	await expect(changeMember(mine.ctx(), { userId, role: 'admin' })).rejects.toThrow(NotFound);
	await expect(removeMember(mine.ctx(), { userId })).rejects.toThrow(NotFound);
	await invite(theirs.ctx(), { email: 'lou@example.com', role: 'viewer' });
	const [invitation] = await listInvitations(theirs.ctx());
	await expect(revokeInvitation(mine.ctx(), { id: invitation!.id })).rejects.toThrow(NotFound);
	await expect(resendInvitation(mine.ctx(), { id: invitation!.id })).rejects.toThrow(NotFound);
	expect((await listMembers(mine.ctx())).map((member) => member.userId)).toEqual([mine.ownerId]);
	expect(await listInvitations(mine.ctx())).toEqual([]);
	expect((await listMembers(theirs.ctx())).find((member) => member.userId === userId)?.role).toBe('viewer');
	expect(
		await inOrganization(mine.organization.id, ({ sql }) => sql`select id from users where id = ${userId}`)
	).toEqual([]);
});

test('one owner always stays, also when two remove each other at the same moment', async () => {
	const shop = await makeOrganization();
	await expect(removeMember(shop.ctx(), { userId: shop.ownerId })).rejects.toThrow(/only owner/);
	await expect(changeMember(shop.ctx(), { userId: shop.ownerId, role: 'admin' })).rejects.toThrow(
		/only owner/
	);
	const second = await makePerson();
	const secondCtx = await addMember(shop, second, 'owner');
	const tries = await Promise.allSettled([
		removeMember(shop.ctx(), { userId: (await second.user()).id }),
		removeMember(secondCtx, { userId: shop.ownerId })
	]);
	expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
	expect(await listMembers(shop.ctx())).toHaveLength(1);
});

test('an admin neither makes nor unmakes owners, not even of themselves', async () => {
	const shop = await makeOrganization();
	const admin = await makePerson();
	const ctx = await addMember(shop, admin, 'admin');
	const { id } = await admin.user();
	await expect(changeMember(ctx, { userId: id, role: 'owner' })).rejects.toThrow(/Only an owner/);
	await expect(changeMember(ctx, { userId: shop.ownerId, role: 'viewer' })).rejects.toThrow(/Only an owner/);
	await expect(removeMember(ctx, { userId: shop.ownerId })).rejects.toThrow(/Only an owner/);
	await expect(invite(ctx, { email: 'friend@example.com', role: 'owner' })).rejects.toThrow(Invalid);
	// rights that were taken a moment ago do not work on: the role is read again under the lock
	await changeMember(shop.ctx(), { userId: id, role: 'viewer' });
	expect(
		(await ctxFor(await admin.user(), shop.organization.slug, admin.browser.request)).permissions.has(
			'members.manage'
		)
	).toBe(false);
});

test('a manager sees the scope that was set; other roles have none', async () => {
	const shop = await makeOrganization();
	const person = await makePerson();
	await addMember(shop, person, 'viewer');
	const { id: userId } = await person.user();
	const seen = async () =>
		(await ctxFor(await person.user(), shop.organization.slug, person.browser.request)).scope;
	await changeMember(shop.ctx(), {
		userId,
		role: 'manager',
		channels: 'shopify',
		categories: ['Kitchen', 'Outdoor']
	});
	expect(await seen()).toEqual({ channels: ['shopify'], categories: ['Kitchen', 'Outdoor'] });
	await changeMember(shop.ctx(), { userId, role: 'manager', channels: ['amazon', 'shopify', 'walmart'] });
	expect(await seen()).toBeNull();
	await expect(changeMember(shop.ctx(), { userId, role: 'manager', channels: ['ebay'] })).rejects.toThrow(
		Invalid
	);
	await changeMember(shop.ctx(), { userId, role: 'analyst', channels: ['shopify'] });
	expect(await seen()).toBeNull();
	expect(await actions(shop.organization.id)).toEqual(['member.changed', 'member.changed', 'member.changed']);
});

test('an invited person with an account joins once, and only with the invited address', async () => {
	const shop = await makeOrganization();
	const person = await makePerson();
	const stranger = await makePerson();
	await invite(shop.ctx(), { email: person.email.toUpperCase(), role: 'analyst' });
	await resendInvitation(shop.ctx(), { id: (await listInvitations(shop.ctx()))[0]!.id });
	const token = await linkTo(person.email.toUpperCase());
	expect(await findInvitation(makeBrowser().request, token)).toMatchObject({
		role: 'analyst',
		hasAccount: true,
		organizationName: 'Test shop'
	});
	await expect(acceptInvitation(await stranger.user(), stranger.browser.request, { token })).rejects.toThrow(
		Forbidden
	);
	await expect(
		acceptAsNewcomer(makeBrowser().request, { token, name: 'Thief', password: PASSWORD })
	).rejects.toThrow(/has an account/);
	expect(await acceptInvitation(await person.user(), person.browser.request, { token })).toEqual({
		slug: shop.organization.slug
	});
	await expect(acceptInvitation(await person.user(), person.browser.request, { token })).rejects.toThrow(
		Conflict
	);
	const user = await person.user();
	expect(user.emailVerified).toBe(true);
	expect((await organizationsOf(user)).map(({ role }) => role)).toEqual(['owner', 'analyst']);
	expect(await listInvitations(shop.ctx())).toEqual([]);
	await expect(invite(shop.ctx(), { email: person.email, role: 'viewer' })).rejects.toThrow(/member already/);
});

test('a newcomer joins by invitation where sign-up is closed; a link taken back or old does not work', async () => {
	const shop = await makeOrganization();
	use({ SIGN_UP: false });
	expect(await signUpOpen()).toBe(false);
	const stranger = {
		name: 'S',
		email: 's@example.com',
		password: PASSWORD,
		organizationName: 'S',
		currency: 'USD',
		timeZone: 'UTC',
		locale: 'en-US'
	};
	await expect(signUp(makeBrowser().request, stranger)).rejects.toThrow(Forbidden);
	const email = `${newId().slice(-12)}@example.com`;
	await invite(shop.ctx(), { email, role: 'viewer' });
	const browser = makeBrowser();
	await acceptAsNewcomer(browser.request, { token: await linkTo(email), name: 'Lou', password: PASSWORD });
	const user = await identify(browser.request);
	expect(user).toMatchObject({ email, name: 'Lou', emailVerified: true });
	expect((await ctxFor(user, shop.organization.slug, browser.request)).permissions.has('orders.read')).toBe(
		true
	);
	await expect(
		createOrganization(user!, browser.request, {
			organizationName: 'Mine',
			currency: 'USD',
			timeZone: 'UTC',
			locale: 'en-US'
		})
	).rejects.toThrow(Forbidden);

	const late = `${newId().slice(-12)}@example.com`;
	await invite(shop.ctx(), { email: late, role: 'viewer' });
	const token = await linkTo(late);
	await asSystem(
		'invitation: find by token',
		({ sql }) => sql`update invitations set expires_at = now() where email = ${late}`
	);
	expect(await findInvitation(makeBrowser().request, token)).toBeNull();
	await expect(
		acceptAsNewcomer(makeBrowser().request, { token, name: 'Late', password: PASSWORD })
	).rejects.toThrow(Conflict);
	const [open] = await listInvitations(shop.ctx());
	expect(open).toMatchObject({ email: late, expired: true });
	await revokeInvitation(shop.ctx(), { id: open!.id });
	await expect(revokeInvitation(shop.ctx(), { id: open!.id })).rejects.toThrow(NotFound);
});

test('a removed member is out at once, and may come back by invitation', async () => {
	const shop = await makeOrganization();
	const person = await makePerson();
	const ctx = await addMember(shop, person, 'viewer');
	await expect(removeMember(ctx, { userId: shop.ownerId })).rejects.toThrow(Forbidden);
	await removeMember(ctx, { userId: (await person.user()).id });
	await expect(removeMember(ctx, { userId: (await person.user()).id })).rejects.toThrow(NotFound);
	await expect(ctxFor(await person.user(), shop.organization.slug, person.browser.request)).rejects.toThrow(
		NotFound
	);
	expect(await actions(shop.organization.id)).toEqual(['member.left']);
});

test('another currency or time zone tells the outbox in the same commit; another name does not', async () => {
	const shop = await makeOrganization();
	const events = () =>
		inOrganization(
			shop.organization.id,
			({ sql }) =>
				sql`select kind, position from outbox where organization_id = ${shop.organization.id} order by position`
		);
	const values = { name: 'Renamed', currency: 'USD', timeZone: 'UTC', locale: 'de' };
	expect(await updateOrganization(shop.ctx(), values)).toMatchObject({ figuresChange: false });
	expect(await events()).toEqual([]);
	expect(await updateOrganization(shop.ctx(), { ...values, timeZone: 'Asia/Tokyo' })).toMatchObject({
		figuresChange: true
	});
	expect(await updateOrganization(shop.ctx(), { ...values, timeZone: 'Asia/Tokyo' })).toMatchObject({
		figuresChange: false
	});
	expect(
		await updateOrganization(shop.ctx(), { ...values, timeZone: 'Asia/Tokyo', currency: 'JPY' })
	).toMatchObject({ figuresChange: true });
	expect(await events()).toEqual([
		{ kind: 'rates', position: 1 },
		{ kind: 'rates', position: 2 }
	]);
	expect((await jobCtx(shop.organization.id, 'test')).organization).toMatchObject({
		name: 'Renamed',
		currency: 'JPY',
		timeZone: 'Asia/Tokyo'
	});
	await expect(updateOrganization(shop.ctx(), { ...values, plan: 'scale' })).rejects.toThrow(Invalid);
	await expect(updateOrganization(shop.ctx(), { ...values, timeZone: '+05:00' })).rejects.toThrow(Invalid);
	await expect(jobCtx(newId(), 'test')).rejects.toThrow(NotFound);
});

test('the demo is read by visitors with its cookie, and every write is refused', async () => {
	const demo = await ensureDemoOrganization();
	expect(await ensureDemoOrganization()).toEqual(demo);
	const visitor = makeBrowser();
	await expect(ctxFor(null, demo.slug, visitor.request)).rejects.toThrow(Unauthenticated);
	expect(await openDemo(visitor.request)).toEqual({ slug: 'alder-finch' });
	const ctx = await ctxFor(null, demo.slug, visitor.request);
	expect(ctx.actor).toEqual({ kind: 'visitor' });
	for (const permission of ctx.permissions) expect(permission).toMatch(/\.read$/);
	const writes: ((ctx: Ctx) => Promise<unknown>)[] = [
		(c) => invite(c, { email: 'a@example.com', role: 'viewer' }),
		(c) => updateOrganization(c, { name: 'Mine', currency: 'USD', timeZone: 'UTC', locale: 'en-US' }),
		(c) => changeMember(c, { userId: newId(), role: 'owner' }),
		(c) => removeMember(c, { userId: newId() }),
		(c) => revokeInvitation(c, { id: newId() }),
		(c) => resendInvitation(c, { id: newId() })
	];
	for (const write of writes) await expect(write(ctx)).rejects.toThrow(/demo/);
	expect(() => require(ctx, 'channels.manage')).toThrow(Forbidden);
	const shop = await makeOrganization();
	await expect(ctxFor(null, shop.organization.slug, visitor.request)).rejects.toThrow(Unauthenticated);
	use({ DEMO: false });
	await expect(ctxFor(null, demo.slug, visitor.request)).rejects.toThrow(Unauthenticated);
	await expect(openDemo(makeBrowser().request)).rejects.toThrow(NotFound);
});

test('the audit log takes no changes, by any role', async () => {
	const shop = await makeOrganization();
	await updateOrganization(shop.ctx(), { name: 'Other', currency: 'USD', timeZone: 'UTC', locale: 'en-US' });
	await expect(
		inOrganization(shop.organization.id, ({ sql }) => sql`update audit_log set action = 'x'`)
	).rejects.toThrow(/permission denied/);
	await expect(
		asSystem('doctor: check the installation', ({ sql }) => sql`delete from audit_log`)
	).rejects.toThrow(/permission denied/);
	expect(await database().app`select * from audit_log`).toEqual([]);
});

test('slugs are unique and never one of our pages', async () => {
	const person = await makePerson();
	const user = await person.user();
	const make = async (organizationName: string) =>
		(
			await createOrganization(user, person.browser.request, {
				organizationName,
				currency: 'USD',
				timeZone: 'UTC',
				locale: 'en-US'
			})
		).slug;
	expect(await make('Sign in')).toBe('sign-in-2');
	expect(await make('Alder & Finch')).not.toBe('alder-finch');
	expect(await make('Alder Finch')).not.toBe('alder-finch');
	expect(await make('日本')).toBe('shop');
	expect(await make("Mara's Shop!")).toBe('maras-shop');
	expect(await make("Mara's Shop!")).toBe('maras-shop-2');
});
