import { CHANNELS, type Channel } from './channels.ts';
import { isCurrency } from './currency.ts';
import { schema, z } from './zod.ts';

const day = schema(() => z.iso.date({ error: 'Use a day such as 2026-11-01.' }));
/** Where ads were paid: a name of one's own. '' is not told. */
const platform = schema(() => z.string().trim().max(60, { error: 'Use at most 60 characters.' }).default(''));
const amount = schema(() =>
	z
		.string({ error: 'Enter an amount.' })
		.trim()
		.transform((value) => value.replace(',', '.'))
		.refine((value) => /^\d{1,12}(\.\d{1,4})?$/.test(value), {
			error: 'Enter an amount such as 125.50, not below zero.'
		})
);
const channel = schema(() => z.enum(CHANNELS, { error: 'Choose amazon, shopify or walmart.' }));
const currency = schema(() =>
	z
		.string({ error: 'Choose a currency.' })
		.trim()
		.transform((value) => value.toUpperCase())
		.refine(isCurrency, { error: 'Use a currency code such as EUR.' })
);

/** Spend of a day, or of several: then it is shared out evenly over them. What was entered for these days is replaced. */
export const adSpendSchema = schema(() =>
	z
		.strictObject({
			day,
			through: z.union([z.literal('').transform(() => undefined), day]).optional(),
			channel,
			platform,
			amount,
			currency
		})
		.refine(({ day: first, through }) => !through || through >= first, {
			path: ['through'],
			error: 'The last day is before the first.'
		})
		.refine(
			({ day: first, through }) => !through || Date.parse(through) - Date.parse(first) < 366 * 86_400_000,
			{
				path: ['through'],
				error: 'Enter at most a year at a time.'
			}
		)
);
export const adSpendRemovalSchema = schema(() =>
	z.strictObject({
		day,
		through: z.union([z.literal('').transform(() => undefined), day]).optional(),
		channel,
		platform
	})
);
export const adSpendRowSchema = schema(() => z.strictObject({ day, channel, platform, amount, currency }));
/** A CSV file: day, channel, amount, and if you like platform and currency. */
export const adSpendFileSchema = schema(() =>
	z.strictObject({
		csv: z
			.string({ error: 'Choose a file or paste rows.' })
			.min(1, { error: 'Choose a file or paste rows.' })
			.max(4_000_000, { error: 'The file is larger than 2 MB. Split it.' })
	})
);
export const adSpendQuerySchema = schema(() =>
	z.strictObject({
		from: day.optional(),
		to: day.optional(),
		page: z.coerce.number().int().min(1).max(10_000).default(1)
	})
);
export type AdSpendQuery = z.input<typeof adSpendQuerySchema>;

export interface AdSpendRow {
	day: string;
	channel: Channel;
	platform: string;
	amount: string;
	currency: string;
}
export interface AdSpendView {
	/** Newest first. */
	rows: AdSpendRow[];
	count: number;
	page: number;
	pageSize: number;
	/** By month, channel and currency, newest first, at most 24 months. */
	months: { month: string; channel: Channel; currency: string; amount: string }[];
	first: string | null;
	last: string | null;
}
export interface AdSpendPreview {
	rows: number;
	added: number;
	changed: number;
	same: number;
	errors: { line: number; message: string }[];
	total: { currency: string; amount: string }[];
}
