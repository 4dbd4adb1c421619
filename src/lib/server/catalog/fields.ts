import { z } from 'zod';
import { isCurrency } from '#lib/contracts/currency.ts';
import { BEGINNING } from '#lib/contracts/products.ts';

export const productId = z.uuid({ error: 'Choose a product.' });

/** What a product is called. */
export const title = z
	.string()
	.trim()
	.min(1, { error: 'Enter a name.' })
	.max(500, { error: 'Use at most 500 characters.' });

/** Words about a product; empty is null, and so is what is left out. */
export const words = (most: number) =>
	z
		.string()
		.trim()
		.max(most, { error: `Use at most ${most} characters.` })
		.transform((value) => value.replaceAll('\0', '').toWellFormed() || null)
		.default(null);

/** A price of one piece: up to six decimals, not negative. A comma is read as the point. */
export const unitCost = z
	.string({ error: 'Enter what one piece costs.' })
	.trim()
	.transform((value) => value.replace(',', '.'))
	.refine((value) => /^\d{1,11}(\.\d{1,6})?$/.test(value), {
		error: 'Enter a price such as 4.20, with at most six decimals.'
	});

export const currency = z
	.string({ error: 'Choose a currency.' })
	.trim()
	.transform((value) => value.toUpperCase())
	.refine(isCurrency, { error: 'Use a currency code such as USD.' });

/** A day of the calendar from 1990 on; empty is "from the beginning". */
export const fromDay = z
	.string()
	.trim()
	.default('')
	.transform((value) => (value === '' ? BEGINNING : value))
	.refine((value) => value === BEGINNING || isDay(value), { error: 'Use a day such as 2026-11-01.' });

/** A day of the calendar from 1990 on. */
export const receivedOn = z
	.string({ error: 'Enter the day the goods came in.' })
	.trim()
	.refine(isDay, { error: 'Use a day such as 2026-11-01.' });

/** Pieces of one receipt; the text of a form is read as a number. */
export const quantity = z
	.union([z.number(), z.string()], { error: 'Enter how many pieces came in.' })
	.transform((value) =>
		typeof value === 'number' ? value : /^\s*\d+\s*$/.test(value) ? Number(value) : Number.NaN
	)
	.refine((value) => Number.isInteger(value) && value >= 1 && value <= 10_000_000, {
		error: 'Enter whole pieces, from 1 to 10,000,000.'
	});

export const note = z
	.string()
	.trim()
	.max(200, { error: 'At most 200 letters.' })
	.default('')
	.transform((value) => value || null);

function isDay(value: string): boolean {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || value < '1990' || value > '2100') return false;
	const instant = Date.parse(value);
	return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(value);
}
