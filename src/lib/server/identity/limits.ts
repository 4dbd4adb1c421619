import { rateLimit } from '../platform/rate-limit.ts';

/**
 * Tries per address and per account. The tight limit of an account counts per address too, so that a stranger who guesses
 * does not lock the owner out; the wide one holds against guessing from many addresses.
 */
export const limits = {
	signInByAddress: rateLimit({ name: 'sign-in-address', tries: 40, seconds: 300 }),
	signInByAccountAndAddress: rateLimit({ name: 'sign-in-account-address', tries: 10, seconds: 900 }),
	signInByAccount: rateLimit({ name: 'sign-in-account', tries: 100, seconds: 3600 }),
	signUpByAddress: rateLimit({ name: 'sign-up-address', tries: 10, seconds: 3600 }),
	resetByAddress: rateLimit({ name: 'reset-address', tries: 10, seconds: 3600 }),
	resetByAccount: rateLimit({ name: 'reset-account', tries: 5, seconds: 3600 }),
	verifyByAccount: rateLimit({ name: 'verify-account', tries: 5, seconds: 3600 }),
	passwordByAccount: rateLimit({ name: 'password-account', tries: 10, seconds: 900 }),
	inviteByOrganization: rateLimit({ name: 'invite-organization', tries: 60, seconds: 3600 }),
	organizationsByAccount: rateLimit({ name: 'organizations-account', tries: 10, seconds: 3600 }),
	linkByAddress: rateLimit({ name: 'link-address', tries: 60, seconds: 3600 })
};
