import { z } from 'zod';
import { decimal } from './decimal.ts';

/** PostgreSQL's text and jsonb refuse NUL and lone surrogates, which JSON can carry. */
const clean = (value: string) => value.replaceAll('\0', '').toWellFormed();

/** An id or SKU: never cut, since a cut key would be another key. 250 characters fit every index. */
export const key = z
	.string()
	.min(1)
	.max(250)
	.overwrite(clean)
	.refine((value) => value.length > 0, { error: 'is empty' });

/** Words for people, cut at 500 characters. */
export const label = z.string().overwrite((value) => clean(value.slice(0, 500)));

/** ISO 4217, in capitals. */
export const currencyCode = z
	.string()
	.overwrite((value) => value.toUpperCase())
	.refine((value) => /^[A-Z]{3}$/.test(value), { error: 'must be a currency code such as USD' });

/** ISO 3166-1 alpha-2 in capitals; anything else becomes null. */
export const countryCode = z
	.string()
	.nullable()
	.transform((value) => (value && /^[A-Za-z]{2}$/.test(value) ? value.toUpperCase() : null));

/** An instant as ISO string in UTC. Years outside 1900-2199 are a channel's mistake, not a date. */
export const instant = z.union([z.date(), z.iso.datetime({ offset: true })]).transform((value, issues) => {
	const date = new Date(value);
	const year = date.getUTCFullYear();
	if (year >= 1900 && year < 2200) return date.toISOString();
	issues.addIssue({ code: 'custom', message: 'must be between 1900 and 2199' });
	return z.NEVER;
});

/** A plain decimal below 10^11. */
export const AMOUNT = /^[+-]?\d{1,11}(\.\d{0,20})?$/;

const decimalOf = (places: number) =>
	z
		.string()
		.regex(AMOUNT, { error: 'must be a decimal number such as 12.50', abort: true })
		.overwrite((value) => decimal(value, places));

/** Money: exact to four decimals (half-up), below 10^11 so that the sum of an order fits its column. */
export const amount = decimalOf(4);
/** The price of one piece: exact to six decimals. */
export const price = decimalOf(6);
/** Pieces; the sum of 5,000 lines may not pass 2^31. */
export const count = z.int().min(-400_000).max(400_000);

type Json = z.infer<ReturnType<typeof z.json>>;
const cleanJson = (value: Json): Json => {
	if (typeof value === 'string') return clean(value);
	if (Array.isArray(value)) return value.map(cleanJson);
	if (value === null || typeof value !== 'object') return value;
	return Object.fromEntries(Object.entries(value).map(([name, inner]) => [clean(name), cleanJson(inner)]));
};

/** A JSON object with texts that PostgreSQL can hold. */
export const jsonObject = z
	.record(z.string(), z.json())
	.transform((value) => cleanJson(value) as Record<string, Json>);
