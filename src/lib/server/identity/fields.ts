import { z } from 'zod';
import { isCurrency } from '#lib/contracts/currency.ts';
import { passwordProblem } from '#lib/contracts/passwords.ts';
import { ROLES } from '#lib/contracts/permissions.ts';
import { Invalid } from '../platform/errors.ts';

/** An address as typed, trimmed; compared in lower case by the database's index. */
export const email = z
	.string({ error: 'Enter an e-mail address.' })
	.trim()
	.max(254, { error: 'Enter an address of at most 254 characters.' })
	.pipe(z.email({ error: 'Enter an e-mail address such as name@company.com.' }));

export const personName = z
	.string({ error: 'Enter your name.' })
	.trim()
	.min(1, { error: 'Enter your name.' })
	.max(120, { error: 'Use at most 120 characters.' });

export const organizationName = z
	.string({ error: 'Enter the name of your shop or company.' })
	.trim()
	.min(1, { error: 'Enter the name of your shop or company.' })
	.max(120, { error: 'Use at most 120 characters.' });

/** Taken exactly as typed. Length is limited so that nobody makes us hash megabytes. */
export const password = z
	.string({ error: 'Enter a password.' })
	.min(1, { error: 'Enter a password.' })
	.max(1000, { error: 'Use at most 200 characters.' });

export const token = z
	.string({ error: 'This link is incomplete. Open it from the mail again.' })
	.min(20)
	.max(100);

export const role = z.enum(ROLES, { error: 'Choose a role.' });

/** ISO 4217, as this runtime knows it. */
export const currency = z
	.string({ error: 'Choose a currency.' })
	.refine(isCurrency, { error: 'Choose a currency from the list, such as USD.' });

/** An IANA name. */
export const timeZone = z
	.string({ error: 'Choose a time zone.' })
	.max(64)
	.refine(isTimeZone, { error: 'Choose a time zone from the list, such as America/New_York.' });

/** A BCP 47 tag, made canonical. */
export const locale = z
	.string({ error: 'Choose a number format.' })
	.max(35)
	.refine((tag) => canonicalLocale(tag) !== null, {
		error: 'Choose a number and date format from the list, such as en-US.'
	})
	.transform((tag) => canonicalLocale(tag)!);

function isTimeZone(name: string): boolean {
	// offsets such as +02:00 pass Intl, but a day needs a zone with its clock changes
	if (!/^[A-Za-z]/.test(name)) return false;
	try {
		new Intl.DateTimeFormat('en', { timeZone: name });
		return true;
	} catch {
		return false;
	}
}

function canonicalLocale(tag: string): string | null {
	try {
		return Intl.getCanonicalLocales(tag)[0] ?? null;
	} catch {
		return null;
	}
}

/** @throws Invalid on `field` for a password that is short, common or made of the address */
export function assertGoodPassword(field: string, candidate: string, address: string): void {
	const problem = passwordProblem(candidate, address);
	if (problem) throw new Invalid({ [field]: problem });
}
