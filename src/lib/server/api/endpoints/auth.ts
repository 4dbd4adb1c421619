import { z } from 'zod';
import { endpoint, openEndpoint } from '../endpoint.ts';
import { askingFor } from '../issue-words.ts';
import { logIn, logOut, refresh } from '../grants.ts';
import { named } from '../names.ts';
import { SAMPLE } from '../samples.ts';

const tokens = named(
	'Tokens',
	z.strictObject({
		access_token: z.string().meta({ description: 'Send it as `Authorization: Bearer <access_token>`.' }),
		token_type: z.literal('Bearer'),
		expires_in: z.int().meta({ description: 'Seconds until the access token is over.' }),
		refresh_token: z.string().meta({ description: 'Works once, at `POST /auth/refresh`.' }),
		refresh_expires_in: z.int().meta({ description: 'Seconds until the refresh token is over.' }),
		organization: z.strictObject({
			id: z.string(),
			slug: z.string(),
			name: z.string(),
			currency: z.string().meta({ description: 'ISO 4217.' }),
			time_zone: z.string().meta({ description: 'IANA name: days are cut there.' })
		})
	})
);

const sample = {
	access_token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJ0aWRlbWFyayJ9.0hXk2g',
	token_type: 'Bearer',
	expires_in: 3600,
	refresh_token: SAMPLE.refreshToken,
	refresh_expires_in: 2_592_000,
	organization: {
		id: SAMPLE.organization,
		slug: 'northwind',
		name: 'Northwind',
		currency: 'USD',
		time_zone: 'America/New_York'
	}
};

const login = openEndpoint({
	method: 'POST',
	path: '/auth/login',
	name: 'logIn',
	tag: 'Access',
	summary: 'Sign in for one organization',
	description:
		'An access token works for an hour, a refresh token once within 30 days. Both end when the person signs out, revokes the session on the security page, changes the password, or leaves the organization.',
	body: z.strictObject({
		email: z
			.string(askingFor('Send the e-mail address of the account.'))
			.trim()
			.max(254)
			.meta({ examples: [SAMPLE.email] }),
		password: z.string(askingFor('Send the password.')).min(1).max(1000),
		organization_id: z
			.string()
			.min(1)
			.max(100)
			.optional()
			.meta({ description: 'Left out: the organization that the person joined first.' })
	}),
	answer: tokens,
	refusals: {
		401: 'E-mail and password do not match. The same for an unknown address.',
		403: 'The person is no member of this organization.'
	},
	examples: [
		{ name: 'Sign in', body: { email: SAMPLE.email, password: SAMPLE.password }, answer: sample },
		{
			name: 'Sign in for a certain organization',
			body: { email: SAMPLE.email, password: SAMPLE.password, organization_id: SAMPLE.organization },
			answer: sample
		},
		{ name: 'A wrong password', body: { email: SAMPLE.email, password: 'not the password' }, status: 401 }
	],
	handle: ({ caller, body }) => logIn(caller, body)
});

const renew = openEndpoint({
	method: 'POST',
	path: '/auth/refresh',
	name: 'refresh',
	tag: 'Access',
	summary: 'Take new tokens for a refresh token',
	description:
		'The refresh token is used up and a new one comes back. Sent a second time, it ends the whole sign-in: one of the two senders stole it.',
	body: z.strictObject({
		refresh_token: z.string(askingFor('Send the refresh token of the last sign-in or refresh.')).max(200)
	}),
	answer: tokens,
	refusals: { 401: 'The refresh token does not work any more.' },
	examples: [{ name: 'Refresh', body: { refresh_token: SAMPLE.refreshToken }, answer: sample }],
	handle: ({ caller, body }) => refresh(caller, body.refresh_token)
});

const logout = endpoint({
	method: 'POST',
	path: '/auth/logout',
	name: 'logOut',
	tag: 'Access',
	summary: 'Sign out',
	description:
		'Ends the access token it is sent with, the refresh token, tickets and open streams of the same sign-in.',
	permission: null,
	status: 204,
	examples: [{ name: 'Sign out' }],
	async handle({ grantId, caller }) {
		await logOut(grantId, caller);
	}
});

const me = endpoint({
	method: 'GET',
	path: '/auth/me',
	name: 'whoAmI',
	tag: 'Access',
	summary: 'What this token may do',
	permission: null,
	answer: z.strictObject({
		organization: tokens.shape.organization,
		user_id: z.string(),
		permissions: z.array(z.string()),
		limited_to: z
			.strictObject({
				channels: z.array(z.string()).optional(),
				categories: z.array(z.string()).optional(),
				locations: z.array(z.string()).optional()
			})
			.nullable()
			.meta({ description: 'What a manager is limited to; null is everything.' })
	}),
	examples: [
		{
			name: 'Who am I',
			answer: {
				organization: sample.organization,
				user_id: SAMPLE.customer,
				permissions: ['orders.read', 'products.read'],
				limited_to: null
			}
		}
	],
	handle: ({ ctx: { organization, actor, permissions, scope } }) => ({
		organization,
		userId: 'userId' in actor ? actor.userId : '',
		permissions: [...permissions].sort(),
		limitedTo: scope
	})
});

export const authEndpoints = [login, renew, logout, me];
