import { expect, test } from 'vitest';
import { assertScopes, explainApiError, explainTokenError, faultsOf } from './errors.ts';
import { replenishmentWait } from './throttle.ts';
import { isDue } from './token.ts';

const NOW = Date.parse('2026-11-22T16:00:00Z');

test('F31: the time to come back is absolute, in each of its spellings, and never more than 300 seconds away', () => {
	const wait = (name: string, value: string) => replenishmentWait(new Headers({ [name]: value }), NOW);
	expect(wait('X-Next-Replenishment-Time', String(NOW + 7000))).toBe(7000);
	expect(wait('X-Next-Replenishment-Time', new Date(NOW + 7000).toISOString())).toBe(7000);
	expect(wait('x-next-replenish-time', String(NOW + 7000))).toBe(7000);
	expect(wait('X-Next-Replenishment-Time', String(NOW + 7 * 86_400_000))).toBe(300_000);
	expect(wait('X-Next-Replenishment-Time', String(NOW - 7000))).toBe(0);
	// a small number is no instant: it must not become a wait of that many seconds
	expect(wait('X-Next-Replenishment-Time', '42')).toBeNull();
	expect(wait('X-Other', '1')).toBeNull();
});

test('F30: a token is renewed ninety seconds before its end, and when it was refused', () => {
	const keys = { kind: 'walmart_keys' as const, clientId: 'a', clientSecret: 'b', lifetimeMs: 900_000 };
	const until = (ms: number) => ({ ...keys, accessToken: 't', expiresAt: Date.now() + ms });
	expect(isDue(until(120_000))).toBe(false);
	expect(isDue(until(80_000))).toBe(true);
	expect(isDue(until(800_000), 't')).toBe(true);
	expect(isDue(until(800_000), 'other')).toBe(false);
	expect(isDue({ ...keys, accessToken: null, expiresAt: null })).toBe(true);
	// a token of twenty seconds is not renewed at each call
	expect(isDue({ ...until(15_000), lifetimeMs: 20_000 })).toBe(false);
});

test('refusals name the credential, or the right that is missing', () => {
	const gateway = JSON.stringify({ errors: [{ code: 'UNAUTHORIZED.GMP_GATEWAY_API', description: 'Unauthorized token or incorrect authorization header. Please verify correct format: "Authorization: Basic Base64Encode(clientId:clientSecret)"' }] }); // prettier-ignore
	expect(explainTokenError(401, gateway)).toMatchObject({ kind: 'credentials', field: 'clientSecret', message: expect.stringContaining('API Keys') }); // prettier-ignore
	expect(explainTokenError(400, '{"error":[{"code":"INVALID_CLIENT","description":"Client Id not found"}]}')).toMatchObject({ field: 'clientId' }); // prettier-ignore
	expect(explainTokenError(503, '<html>').kind).toBe('unavailable');
	expect(explainApiError(401, gateway).kind).toBe('credentials');
	expect(explainApiError(403, '{"errors":[{"code":"FORBIDDEN.GMP_GATEWAY_API"}]}').kind).toBe(
		'needs_reauthorization'
	);
	// a proxy's page says nothing about our rights: nobody is asked to connect again for it
	expect(explainApiError(403, '<html>Access denied</html>').kind).toBe('unavailable');
	expect(explainApiError(400, '{"errors":[{"code":"INVALID_REQUEST_PARAM","description":"limit"}]}')).toMatchObject({ kind: 'rejected', message: expect.stringContaining('INVALID_REQUEST_PARAM: limit') }); // prettier-ignore
	expect(faultsOf('<html>520</html>')).toEqual([]);
	expect(() => assertScopes({ orders: 'view_only', returns: 'full_access', item: 'view_only', inventory: 'no_access', reports: 'no_access' })).toThrow(/may not read inventory, reports/); // prettier-ignore
	expect(() => assertScopes({ orders: 'view_only' })).not.toThrow();
});
