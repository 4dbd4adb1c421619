import { beforeEach, expect, test, vi } from 'vitest';
import { makeBrowser } from '../../../../tests/factories/browser.ts';
import { makePerson, PASSWORD, type TestPerson } from '../../../../tests/factories/person.ts';
import { backgroundDone } from '../platform/background.ts';
import * as crypto from '../platform/crypto.ts';
import { Conflict, Invalid, NotFound, RateLimited, Unavailable } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { keptMails } from '../platform/mail/outbox.ts';
import { asSystem } from '../platform/system.ts';
import {
	changeName,
	changePassword,
	findReset,
	identify,
	listSessions,
	requestPasswordReset,
	resendVerification,
	resetPassword,
	revokeOtherSessions,
	revokeSession,
	signIn,
	verifyEmail,
	WrongCredentials
} from './index.ts';

vi.mock('../platform/crypto.ts', async (original) => {
	const real = await original<typeof crypto>();
	return { ...real, hashPassword: vi.fn(real.hashPassword), verifyPassword: vi.fn(real.verifyPassword) };
});
beforeEach(() => vi.clearAllMocks());

const NEXT = 'nine green kettles';

async function mailTo(email: string, subject: RegExp): Promise<string[]> {
	await backgroundDone();
	const mails = (await keptMails()).filter((mail) => mail.to === email && subject.test(mail.subject));
	return mails.map((mail) => /(?:token=|\/reset\/)(\S+)/.exec(mail.text)?.[1] ?? '');
}

async function anotherBrowser(person: TestPerson) {
	const browser = makeBrowser({ userAgent: 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0' });
	await signIn(browser.request, { email: person.email, password: PASSWORD });
	return browser;
}

test('a verification link works once, also without being signed in; a newer one replaces it', async () => {
	const person = await makePerson();
	const [first] = await mailTo(person.email, /Confirm/);
	await resendVerification(await person.user());
	const [second] = await mailTo(person.email, /Confirm/);
	await expect(verifyEmail(makeBrowser().request, { token: first })).rejects.toThrow(Conflict);
	expect(await verifyEmail(makeBrowser().request, { token: second })).toEqual({ email: person.email });
	expect((await person.user()).emailVerified).toBe(true);
	await expect(verifyEmail(makeBrowser().request, { token: second })).rejects.toThrow(/used already/);
	await expect(resendVerification(await person.user())).rejects.toThrow(/verified already/);
});

test('a reset link sets the password once and ends every session', async () => {
	const person = await makePerson();
	const other = await anotherBrowser(person);
	await requestPasswordReset(makeBrowser().request, { email: person.email.toUpperCase() });
	const [link] = await mailTo(person.email, /new Tidemark password/);
	expect(await findReset(makeBrowser().request, link!)).toEqual({ email: person.email });
	await expect(resetPassword(makeBrowser().request, { token: link, password: 'too short' })).rejects.toThrow(
		Invalid
	);
	await resetPassword(makeBrowser().request, { token: link, password: NEXT });
	expect(await identify(person.browser.request)).toBeNull();
	expect(await identify(other.request)).toBeNull();
	await expect(
		resetPassword(makeBrowser().request, { token: link, password: 'eleven red wagons' })
	).rejects.toThrow(Conflict);
	expect(await findReset(makeBrowser().request, link!)).toBeNull();
	await expect(signIn(makeBrowser().request, { email: person.email, password: PASSWORD })).rejects.toThrow(
		WrongCredentials
	);
	await signIn(makeBrowser().request, { email: person.email, password: NEXT });
});

test('a reset link used twice at the same moment works once', async () => {
	const person = await makePerson();
	await requestPasswordReset(makeBrowser().request, { email: person.email });
	const [link] = await mailTo(person.email, /new Tidemark password/);
	const tries = await Promise.allSettled(
		[NEXT, 'eleven red wagons'].map((password) =>
			resetPassword(makeBrowser().request, { token: link, password })
		)
	);
	expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('a reset link ends after an hour, and is no verification link', async () => {
	const person = await makePerson();
	await requestPasswordReset(makeBrowser().request, { email: person.email });
	const [link] = await mailTo(person.email, /new Tidemark password/);
	await expect(verifyEmail(makeBrowser().request, { token: link })).rejects.toThrow(Conflict);
	const user = await person.user();
	const [token] = await asSystem(
		'doctor: check the installation',
		({ sql }) => sql<{ minutes: number }[]>`
		select round(extract(epoch from expires_at - now()) / 60)::int as minutes from email_tokens where user_id = ${user.id} and purpose = 'reset'`
	);
	expect(token!.minutes).toBe(60);
	await asSystem(
		'account: verify, reset, sessions of a person',
		({ sql }) => sql`update email_tokens set expires_at = now() where user_id = ${user.id}`
	);
	await expect(resetPassword(makeBrowser().request, { token: link, password: NEXT })).rejects.toThrow(
		/older than an hour/
	);
});

test('asking for a reset answers the same for an unknown address, with no argon2 either way', async () => {
	const person = await makePerson();
	vi.clearAllMocks();
	expect(await requestPasswordReset(makeBrowser().request, { email: person.email })).toBeUndefined();
	expect(
		await requestPasswordReset(makeBrowser().request, { email: 'stranger@example.com' })
	).toBeUndefined();
	expect(await mailTo('stranger@example.com', /./)).toEqual([]);
	expect(crypto.hashPassword).not.toHaveBeenCalled();
	expect(crypto.verifyPassword).not.toHaveBeenCalled();
});

test('mails are limited per account', async () => {
	const person = await makePerson();
	for (let tries = 0; tries < 5; tries++)
		await requestPasswordReset(makeBrowser().request, { email: person.email });
	await expect(requestPasswordReset(makeBrowser().request, { email: person.email })).rejects.toThrow(
		RateLimited
	);
});

test('a changed password signs out all others and gives this browser a new token', async () => {
	const person = await makePerson();
	const other = await anotherBrowser(person);
	const before = person.browser.jar.get('__Host-tidemark');
	await expect(
		changePassword(await person.user(), person.browser.request, { current: 'wrong one here', password: NEXT })
	).rejects.toMatchObject({ fields: { current: expect.stringMatching(/not the present/) } });
	await expect(
		changePassword(await person.user(), person.browser.request, {
			current: PASSWORD,
			password: 'password123'
		})
	).rejects.toMatchObject({ fields: { password: expect.any(String) } });
	expect(await identify(other.request)).not.toBeNull();
	await changePassword(await person.user(), person.browser.request, { current: PASSWORD, password: NEXT });
	expect(person.browser.jar.get('__Host-tidemark')).not.toBe(before);
	expect(await identify(person.browser.request)).not.toBeNull();
	expect(await identify(other.request)).toBeNull();
	expect(await mailTo(person.email, /was changed/)).toHaveLength(1);
});

test('sessions are listed and revoked by their owner only', async () => {
	const person = await makePerson();
	const stranger = await makePerson();
	const other = await anotherBrowser(person);
	const user = await person.user();
	const sessions = await listSessions(user);
	expect(sessions.map(({ current, browser }) => [current, browser])).toEqual([
		[true, 'Unknown browser'],
		[false, 'Firefox on Windows']
	]);
	expect(JSON.stringify(sessions)).not.toContain(user.sessionId);
	const { publicId } = sessions[1]!;
	await expect(revokeSession(await stranger.user(), stranger.browser.request, { publicId })).rejects.toThrow(
		NotFound
	);
	expect(await identify(other.request)).not.toBeNull();
	await revokeSession(user, person.browser.request, { publicId });
	await expect(revokeSession(user, person.browser.request, { publicId })).rejects.toThrow(NotFound);
	expect(await identify(other.request)).toBeNull();
	await anotherBrowser(person);
	expect(await revokeOtherSessions(user, person.browser.request)).toBe(1);
	expect(await revokeOtherSessions(user, person.browser.request)).toBe(0);
	expect(await identify(stranger.browser.request)).not.toBeNull();
});

test('a name is changed, and extra fields change nothing', async () => {
	const person = await makePerson();
	await expect(
		changeName(await person.user(), person.browser.request, { name: 'New', emailVerifiedAt: '2026-01-01' })
	).rejects.toThrow(Invalid);
	await changeName(await person.user(), person.browser.request, { name: '  Ada Lovelace ' });
	expect(await person.user()).toMatchObject({ name: 'Ada Lovelace', emailVerified: false });
});

test('a flood of sign-ins hashes two at a time, and the overflow is sent away at once', async () => {
	let running = 0;
	let most = 0;
	let open = () => {};
	const gate = new Promise<void>((resolve) => (open = resolve));
	vi.mocked(crypto.verifyPassword).mockImplementation(async () => {
		most = Math.max(most, ++running);
		await gate;
		running--;
		return false;
	});
	const errors: unknown[] = [];
	const tries = Array.from({ length: 80 }, () =>
		signIn(makeBrowser().request, { email: `${newId()}@example.com`, password: 'x' }).catch(
			(error: unknown) => void errors.push(error)
		)
	);
	// 2 work, 48 wait, 30 are told to come back
	await vi.waitFor(() => expect(errors).toHaveLength(30), { timeout: 10_000 });
	expect(errors.every((error) => error instanceof Unavailable)).toBe(true);
	open();
	await Promise.all(tries);
	expect(errors.filter((error) => error instanceof WrongCredentials)).toHaveLength(50);
	expect(most).toBe(2);
});
