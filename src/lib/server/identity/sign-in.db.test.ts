import { beforeEach, expect, test, vi } from 'vitest';
import { makeBrowser, type TestBrowser } from '../../../../tests/factories/browser.ts';
import * as crypto from '../platform/crypto.ts';
import { backgroundDone } from '../platform/background.ts';
import { Invalid, NotFound, RateLimited, Unauthenticated } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { asSystem } from '../platform/system.ts';
import { can, ctxFor, identify, signIn, signOut, signUp, WrongCredentials } from './index.ts';

vi.mock('../platform/crypto.ts', async (original) => {
	const real = await original<typeof crypto>();
	return { ...real, hashPassword: vi.fn(real.hashPassword), verifyPassword: vi.fn(real.verifyPassword) };
});
beforeEach(() => vi.clearAllMocks());

const PASSWORD = 'seven brown lamps';

async function newPerson(
	browser = makeBrowser()
): Promise<{ browser: TestBrowser; email: string; slug: string }> {
	const email = `Person-${newId().slice(-12)}@example.com`;
	const input = {
		name: 'Mara Okafor',
		email,
		password: PASSWORD,
		organizationName: 'Möbel & Söhne',
		currency: 'EUR',
		timeZone: 'Europe/Berlin',
		locale: 'de-de'
	};
	const { slug } = await signUp(browser.request, input);
	await backgroundDone();
	return { browser, email, slug };
}

test('sign-up makes a person, an organization and an owner, and signs in', async () => {
	const { browser, email, slug } = await newPerson();
	expect(slug).toMatch(/^mobel-and-sohne(-|$)/);
	const user = await identify(browser.request);
	expect(user).toMatchObject({ email, name: 'Mara Okafor', emailVerified: false });
	const ctx = await ctxFor(user, slug, browser.request);
	expect(ctx.organization).toMatchObject({
		name: 'Möbel & Söhne',
		currency: 'EUR',
		timeZone: 'Europe/Berlin',
		locale: 'de-DE',
		isDemo: false
	});
	expect(can(ctx, 'organization.delete')).toBe(true);
	const log = await asSystem(
		'doctor: check the installation',
		({ sql }) => sql`select action, actor_id from audit_log where organization_id = ${ctx.organization.id}`
	);
	expect(log).toMatchObject([{ action: 'organization.created', actorId: user!.id }]);
});

test('sign-up works as hard for an address that has an account as for a new one', async () => {
	const { email } = await newPerson();
	expect(crypto.hashPassword).toHaveBeenCalledTimes(1);
	vi.clearAllMocks();
	const taken = {
		name: 'X',
		email,
		password: PASSWORD,
		organizationName: 'Y',
		currency: 'USD',
		timeZone: 'UTC',
		locale: 'en-US'
	};
	await expect(signUp(makeBrowser().request, taken)).rejects.toThrow(Invalid);
	expect(crypto.hashPassword).toHaveBeenCalledTimes(1);
	expect(crypto.verifyPassword).not.toHaveBeenCalled();
});

test('an address has one account, whatever its case; nothing is half-made', async () => {
	const { email } = await newPerson();
	const again = {
		name: 'X',
		email: email.toUpperCase(),
		password: PASSWORD,
		organizationName: 'Second',
		currency: 'USD',
		timeZone: 'UTC',
		locale: 'en-US'
	};
	await expect(signUp(makeBrowser().request, again)).rejects.toThrow(/has an account/);
	expect(
		await asSystem(
			'doctor: check the installation',
			({ sql }) => sql`select 1 from organizations where name = 'Second'`
		)
	).toEqual([]);
});

test.each([
	['password', { password: 'short' }, /at least 10/],
	['password', { password: 'Password123!' }, /guessed first/],
	['currency', { currency: 'EURO' }, /Choose a currency/],
	['timeZone', { timeZone: 'Mars/Olympus' }, /Choose a time zone/],
	['email', { email: 'nobody' }, /name@company/],
	['isDemo', { isDemo: true }, /not a field/]
])('sign-up refuses a wrong %s and names it', async (field, wrong, words) => {
	const input = {
		name: 'A',
		email: `${newId()}@example.com`,
		password: PASSWORD,
		organizationName: 'A',
		currency: 'USD',
		timeZone: 'UTC',
		locale: 'en-US',
		...wrong
	};
	const refusal = await signUp(makeBrowser().request, input).catch((error: unknown) => error);
	expect(refusal).toBeInstanceOf(Invalid);
	expect((refusal as Invalid).fields[field]).toMatch(words);
});

test('known and unknown addresses get the same answer after the same number of argon2 calls', async () => {
	const { email } = await newPerson();
	vi.clearAllMocks();
	const known = await signIn(makeBrowser().request, { email, password: 'not the password' }).catch(
		(error: unknown) => error
	);
	const knownCalls = [
		vi.mocked(crypto.verifyPassword).mock.calls.length,
		vi.mocked(crypto.hashPassword).mock.calls.length
	];
	vi.clearAllMocks();
	const unknown = await signIn(makeBrowser().request, {
		email: 'stranger@example.com',
		password: 'not the password'
	}).catch((error: unknown) => error);
	const unknownCalls = [
		vi.mocked(crypto.verifyPassword).mock.calls.length,
		vi.mocked(crypto.hashPassword).mock.calls.length
	];
	expect(known).toBeInstanceOf(WrongCredentials);
	expect(unknown).toEqual(known);
	expect(knownCalls).toEqual([1, 0]);
	expect(unknownCalls).toEqual(knownCalls);
	const work = (stored: string) => stored.split('$').slice(0, 4);
	const [decoy] = vi.mocked(crypto.verifyPassword).mock.calls[0]!;
	expect(work(decoy)).toEqual(work(await crypto.hashPassword('x')));
});

test('each sign-in makes a new token and ends the session that was there', async () => {
	const { browser, email } = await newPerson();
	const before = browser.jar.get('__Host-tidemark')!;
	await signIn(browser.request, { email: email.toLowerCase(), password: PASSWORD });
	const after = browser.jar.get('__Host-tidemark')!;
	expect(after).not.toBe(before);
	expect(Buffer.from(after, 'base64url')).toHaveLength(20);
	const old = makeBrowser();
	old.jar.set('__Host-tidemark', before);
	expect(await identify(old.request)).toBeNull();
	expect(old.jar.has('__Host-tidemark')).toBe(false);
	expect(await identify(browser.request)).toMatchObject({ email });
	const stored = await asSystem(
		'doctor: check the installation',
		({ sql }) => sql`select id from sessions where id in (${after}, ${before})`
	);
	expect(stored).toEqual([]); // only hashes
});

test('a cookie of the other scheme is not read', async () => {
	const { browser } = await newPerson();
	expect(await identify({ ...browser.request, secure: false })).toBeNull();
});

test('signing out ends the session on the server, and twice is fine', async () => {
	const { browser } = await newPerson();
	const token = browser.jar.get('__Host-tidemark')!;
	await signOut(browser.request);
	await signOut(browser.request);
	browser.jar.set('__Host-tidemark', token);
	expect(await identify(browser.request)).toBeNull();
});

test('a session slides at most once an hour, ends when idle, and ends after 180 days in any case', async () => {
	const { browser } = await newPerson();
	const { id: userId } = (await identify(browser.request))!;
	const age = (seen: string, created = seen) =>
		asSystem(
			'account: verify, reset, sessions of a person',
			({ sql }) => sql`
		update sessions set last_seen_at = now() - ${seen}::interval, created_at = now() - ${created}::interval, expires_at = now() + interval '1 day' where user_id = ${userId}`
		);
	const ends = async () =>
		(
			await asSystem(
				'doctor: check the installation',
				({ sql }) => sql<{ days: number }[]>`
		select round(extract(epoch from expires_at - now()) / 86400)::int as days from sessions where user_id = ${userId}`
			)
		)[0]?.days;
	await age('50 minutes');
	await identify(browser.request);
	expect(await ends()).toBe(1);
	await age('70 minutes');
	await identify(browser.request);
	expect(await ends()).toBe(30);
	await age('70 minutes', '170 days');
	await identify(browser.request);
	expect(await ends()).toBe(10);
	await asSystem(
		'account: verify, reset, sessions of a person',
		({ sql }) => sql`update sessions set expires_at = now() - interval '1 second' where user_id = ${userId}`
	);
	expect(await identify(browser.request)).toBeNull();
});

test('an organization of others looks like one that does not exist', async () => {
	const mine = await newPerson();
	const theirs = await newPerson();
	const user = await identify(mine.browser.request);
	const foreign = await ctxFor(user, theirs.slug, mine.browser.request).catch((error: unknown) => error);
	const missing = await ctxFor(user, 'no-such-shop', mine.browser.request).catch((error: unknown) => error);
	expect(foreign).toBeInstanceOf(NotFound);
	expect(missing).toEqual(foreign);
	await expect(ctxFor(null, theirs.slug, makeBrowser().request)).rejects.toThrow(Unauthenticated);
	await expect(ctxFor(null, 'no-such-shop', makeBrowser().request)).rejects.toThrow(Unauthenticated);
});

test('guessing one account from one address stops after ten tries; others still get in', async () => {
	const { email } = await newPerson();
	const guesser = makeBrowser();
	for (let attempt = 0; attempt < 10; attempt++) {
		await expect(signIn(guesser.request, { email, password: `guess ${attempt} of many` })).rejects.toThrow(
			WrongCredentials
		);
	}
	await expect(signIn(guesser.request, { email, password: PASSWORD })).rejects.toThrow(RateLimited);
	await signIn(makeBrowser().request, { email, password: PASSWORD });
});
