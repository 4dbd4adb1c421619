import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import {
	changePassword,
	listSessions,
	removeMember,
	revokeSession
} from '../../src/lib/server/identity/index.ts';
import { secretKey } from '../../src/lib/server/platform/running.ts';
import { makeOrganization } from '../factories/organization.ts';
import { addMember, makePerson, PASSWORD } from '../factories/person.ts';
import { send } from './client.ts';

const logIn = async (email: string, more: object = {}) =>
	(await send('/auth/login', { body: { email, password: PASSWORD, ...more } })).json;
const works = async (token: string) => (await send('/auth/me', { token })).status;

test('a sign-in answers tokens for an hour and 30 days, of the first organization', async () => {
	const person = await makePerson();
	const got = await send('/auth/login', { body: { email: person.email, password: PASSWORD } });
	expect(got.status).toBe(200);
	expect(got.headers.get('cache-control')).toBe('no-store');
	expect(got.json).toMatchObject({ token_type: 'Bearer', expires_in: 3600, refresh_expires_in: 2_592_000 });
	expect(got.json.organization.slug).toBe(person.slug);
	const [header, body, signature] = got.json.access_token.split('.');
	expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'HS256', typ: 'JWT' });
	const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
	expect(claims.exp - claims.iat).toBe(3600);
	expect(createHmac('sha256', secretKey()).update(`${header}.${body}`).digest('base64url')).toBe(signature);
	expect(await works(got.json.access_token)).toBe(200);
});

test('an unknown address and a wrong password get the same answer', async () => {
	const person = await makePerson();
	const wrong = await send('/auth/login', { body: { email: person.email, password: 'not the password' } });
	const unknown = await send('/auth/login', { body: { email: 'nobody@example.com', password: PASSWORD } });
	expect([wrong.status, unknown.status]).toEqual([401, 401]);
	expect({ ...wrong.json, request_id: '' }).toEqual({ ...unknown.json, request_id: '' });
	expect(wrong.headers.get('content-type')).toBe('application/problem+json');
});

test('only organizations of the person', async () => {
	const person = await makePerson();
	const other = await makeOrganization();
	const refused = await send('/auth/login', {
		body: { email: person.email, password: PASSWORD, organization_id: other.organization.id }
	});
	expect(refused.status).toBe(403);
	await addMember(other, person, 'viewer');
	const { organization } = await logIn(person.email, { organization_id: other.organization.id });
	expect(organization.id).toBe(other.organization.id);
});

test('guessing is slowed down', async () => {
	const person = await makePerson();
	const statuses = [];
	for (let i = 0; i < 12; i++)
		statuses.push(
			(
				await send('/auth/login', {
					body: { email: person.email, password: `guess ${i}` },
					address: '192.0.2.7'
				})
			).status
		);
	expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
	expect(statuses.slice(10)).toEqual([429, 429]);
});

test.each([
	['another algorithm', { alg: 'HS512', typ: 'JWT' }, 'sha512'],
	['none', { alg: 'none', typ: 'JWT' }, null],
	['a header of another algorithm signed as ours', { alg: 'RS256', typ: 'JWT' }, 'sha256']
])('a token with %s does not count', async (_name, header, hash) => {
	const person = await makePerson();
	const { access_token } = await logIn(person.email);
	const body = access_token.split('.')[1];
	const signed = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${body}`;
	const signature = hash ? createHmac(hash, secretKey()).update(signed).digest('base64url') : '';
	expect(await works(`${signed}.${signature}`)).toBe(401);
});

test('changed claims, a token that is over, and a token of another organization do not count', async () => {
	const person = await makePerson();
	const other = await makeOrganization();
	const { access_token } = await logIn(person.email);
	const [header, body, signature] = access_token.split('.');
	const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
	const sign = (changed: object) => {
		const signed = `${header}.${Buffer.from(JSON.stringify({ ...claims, ...changed })).toString('base64url')}`;
		return `${signed}.${createHmac('sha256', secretKey()).update(signed).digest('base64url')}`;
	};
	expect(await works(sign({}))).toBe(200);
	expect(
		await works(`${sign({ org: other.organization.id }).split('.').slice(0, 2).join('.')}.${signature}`)
	).toBe(401);
	expect(await works(sign({ org: other.organization.id }))).toBe(401);
	expect(await works(sign({ exp: claims.iat - 1 }))).toBe(401);
	expect(await works(sign({ aud: 'pages' }))).toBe(401);
});

test('a refresh token works once; its second use ends the sign-in', async () => {
	const person = await makePerson();
	const first = await logIn(person.email);
	const renewed = await send('/auth/refresh', { body: { refresh_token: first.refresh_token } });
	expect(renewed.status).toBe(200);
	expect(renewed.json.refresh_token).not.toBe(first.refresh_token);
	expect(await works(renewed.json.access_token)).toBe(200);
	const again = await send('/auth/refresh', { body: { refresh_token: first.refresh_token } });
	expect([again.status, again.json.code]).toEqual([401, 'invalid_refresh_token']);
	expect(await works(renewed.json.access_token)).toBe(401);
	expect((await send('/auth/refresh', { body: { refresh_token: renewed.json.refresh_token } })).status).toBe(
		401
	);
});

test('of two refreshes at once one wins, and the sign-in ends', async () => {
	const person = await makePerson();
	const first = await logIn(person.email);
	const both = await Promise.all(
		[1, 2].map(() => send('/auth/refresh', { body: { refresh_token: first.refresh_token } }))
	);
	expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
	expect(await works(first.access_token)).toBe(401);
});

test('signing out ends access and refresh tokens', async () => {
	const person = await makePerson();
	const tokens = await logIn(person.email);
	const other = await logIn(person.email);
	expect((await send('/auth/logout', { method: 'POST', token: tokens.access_token })).status).toBe(204);
	expect(await works(tokens.access_token)).toBe(401);
	expect((await send('/auth/refresh', { body: { refresh_token: tokens.refresh_token } })).status).toBe(401);
	expect(await works(other.access_token)).toBe(200);
});

test('revoking the session on the security page ends the tokens', async () => {
	const person = await makePerson();
	const tokens = await logIn(person.email);
	const user = await person.user();
	const api = (await listSessions(user)).find((session) => !session.current)!;
	await revokeSession(user, person.browser.request, { publicId: api.publicId });
	expect(await works(tokens.access_token)).toBe(401);
	expect((await send('/auth/refresh', { body: { refresh_token: tokens.refresh_token } })).status).toBe(401);
});

test('a new password ends the tokens', async () => {
	const person = await makePerson();
	const tokens = await logIn(person.email);
	await changePassword(await person.user(), person.browser.request, {
		current: PASSWORD,
		password: 'nine green kettles'
	});
	expect(await works(tokens.access_token)).toBe(401);
	expect((await send('/auth/refresh', { body: { refresh_token: tokens.refresh_token } })).status).toBe(401);
});

test('leaving the organization ends the tokens for good', async () => {
	const person = await makePerson();
	const other = await makeOrganization();
	const member = await addMember(other, person, 'viewer');
	const tokens = await logIn(person.email, { organization_id: other.organization.id });
	expect(await works(tokens.access_token)).toBe(200);
	await removeMember(other.ctx(), { userId: 'userId' in member.actor ? member.actor.userId : '' });
	expect(await works(tokens.access_token)).toBe(401);
	await addMember(other, person, 'viewer');
	expect(await works(tokens.access_token)).toBe(401);
	expect((await send('/auth/refresh', { body: { refresh_token: tokens.refresh_token } })).status).toBe(401);
});
