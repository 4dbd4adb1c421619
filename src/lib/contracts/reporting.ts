import { CHANNELS, type Channel } from './channels.ts';
import type { TrendMetric, TrendQuery } from './trends.ts';
import { TREND_METRICS } from './trends.ts';
import { schema, z } from './zod.ts';

const day = schema(() => z.iso.date({ error: 'Use a day such as 2026-11-01.' }));
const name = (what: string) =>
	z
		.string({ error: `Give the ${what} a name.` })
		.trim()
		.min(1, { error: `Give the ${what} a name.` })
		.max(80, { error: 'Use at most 80 characters.' });
const channel = schema(() => z.enum(['', ...CHANNELS]).default(''));

/** A promotion or a note beside the figures. `channel` '' is all of them. */
export const annotationSchema = schema(() =>
	z
		.strictObject({
			kind: z.enum(['promotion', 'note']).default('promotion'),
			title: name('entry'),
			fromDay: day,
			toDay: z.union([z.literal(''), day]).default(''),
			channel
		})
		.transform((given) => ({ ...given, toDay: given.toDay || given.fromDay }))
		.refine(({ fromDay, toDay }) => fromDay <= toDay, {
			path: ['toDay'],
			error: 'The last day lies before the first.'
		})
);

/** Something that may explain a change. Days in the organization's zone, both included; `to` null: still so. */
export interface Annotation {
	/** Of what members wrote, by which it can be taken back; null for what was detected. */
	id: string | null;
	kind: 'promotion' | 'note' | 'stock-out' | 'price';
	from: string;
	to: string | null;
	title: string;
	/** Of what was detected. */
	productId: string | null;
	channel: Channel | null;
}

export const savedViewSchema = schema(() =>
	z.strictObject({
		name: name('view'),
		/** The trend's query as JSON. */
		query: z.string().max(8000),
		shared: z.union([z.boolean(), z.literal('on').transform(() => true)]).default(false)
	})
);

export interface SavedView {
	id: string;
	name: string;
	query: TrendQuery;
	shared: boolean;
	mine: boolean;
}

export const GOAL_PERIODS = ['week', 'month', 'quarter', 'year'] as const;
export type GoalPeriod = (typeof GOAL_PERIODS)[number];

/** What a figure is meant to reach in each period. */
export const goalSchema = schema(() =>
	z.strictObject({
		metric: z.enum(TREND_METRICS, { error: 'Choose a figure.' }),
		period: z.enum(GOAL_PERIODS, { error: 'Choose a period.' }),
		target: z
			.string({ error: 'Enter a target.' })
			.trim()
			.refine((value) => /^\d{1,12}(\.\d{1,4})?$/.test(value) && Number(value) > 0, {
				error: 'Enter a target above zero, such as 50000.'
			}),
		channel
	})
);

/** A goal with how far it is. Days in the organization's zone. */
export interface GoalProgress {
	id: string;
	metric: TrendMetric;
	period: GoalPeriod;
	channel: Channel | null;
	target: string;
	currency: string;
	from: string;
	to: string;
	/** Null: nothing to average yet. */
	value: string | null;
	/** Share of the target, percent, one decimal; null for a figure that should be low or has no value yet. */
	percent: string | null;
	/** Share of the period's days that have begun, percent. */
	elapsed: string;
	/** `ahead` or `behind` an even pace; figures that do not add up over days have none until they are met. */
	pace: 'met' | 'ahead' | 'behind' | null;
}

export const CADENCES = ['daily', 'weekly', 'monthly'] as const;
export type Cadence = (typeof CADENCES)[number];

/** A report by mail: figures of the day, week or month before. */
export const reportSchema = schema(() =>
	z.strictObject({
		name: name('report'),
		cadence: z.enum(CADENCES, { error: 'Choose how often.' }),
		hour: z.coerce.number({ error: 'Choose an hour.' }).int().min(0).max(23).default(7),
		viewId: z.union([z.literal('').transform(() => null), z.uuid(), z.null()]).default(null),
		/** Members who get it. */
		recipients: z
			.union([z.uuid().transform((one) => [one]), z.array(z.uuid())], { error: 'Choose who gets it.' })
			.refine((list) => list.length > 0 && list.length <= 50, { error: 'Choose 1 to 50 members.' })
	})
);

export interface ReportView {
	id: string;
	name: string;
	cadence: Cadence;
	hour: number;
	viewId: string | null;
	nextAt: string;
	lastSentAt: string | null;
	recipients: { userId: string; name: string }[];
}
