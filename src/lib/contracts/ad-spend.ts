import { CHANNELS, type Channel } from './channels.ts';
import { isCurrency } from './currency.ts';
import { schema, z } from './zod.ts';

const day = schema(() => z.iso.date({ error: 'Use a day such as 2026-11-01.' }));
/** A day that ads may be entered for: a year typed wrong would stand in no range that anybody opens. */
const enteredDay = schema(() =>
	day.refine((value) => value >= '2000-01-01' && Date.parse(value) <= Date.now() + 366 * 86_400_000, {
		error: 'Use a day from 2000 to a year from now.'
	})
);
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
			day: enteredDay,
			through: z.union([z.literal('').transform(() => undefined), enteredDay]).optional(),
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
/** Spend of many days, channels and platforms at a time. */
export const adSpendEntriesSchema = schema(() =>
	z.strictObject({
		entries: z
			.array(adSpendSchema)
			.min(1, { error: 'Send at least one entry.' })
			.max(1000, { error: 'Send at most 1,000 entries at a time.' })
	})
);
export const adSpendRemovalSchema = schema(() =>
	z.strictObject({
		day,
		through: z.union([z.literal('').transform(() => undefined), day]).optional(),
		channel,
		platform
	})
);
export const adSpendRowSchema = schema(() =>
	z.strictObject({ day: enteredDay, channel, platform, amount, currency })
);
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
		/** A calendar year; left out, that of the newest entry. */
		year: z.coerce.number().int().min(1).max(9999).optional(),
		/** Only the entries of this month of the year, from 1. */
		month: z.coerce.number().int().min(1).max(12).optional(),
		page: z.coerce.number().int().min(1).max(10_000).default(1)
	})
);
/** Entries by their days and channels, a page of `limit` at a time. */
export const adSpendListSchema = schema(() =>
	z.strictObject({
		from: day.optional(),
		to: day.optional(),
		channels: z.array(channel).max(CHANNELS.length).default([]),
		cursor: z.string().max(300).optional(),
		limit: z.int().min(1).max(200).default(50)
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
/** What was entered in a year: all its months, and the entries of the year or of one month. */
export interface AdSpendView {
	/** Null where nothing was ever entered. */
	year: number | null;
	month: number | null;
	/** Years with entries, newest first. */
	years: number[];
	/** Newest first. */
	rows: AdSpendRow[];
	count: number;
	page: number;
	pageSize: number;
	/** Sums by month (2026-11), channel and currency, newest first. */
	months: { month: string; channel: Channel; currency: string; amount: string }[];
}
export interface AdSpendPreview {
	rows: number;
	added: number;
	changed: number;
	same: number;
	errors: { line: number; message: string }[];
	total: { currency: string; amount: string }[];
}
