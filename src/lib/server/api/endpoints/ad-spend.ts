import { z } from 'zod';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { listAdSpendEntries, removeAdSpend, setAdSpendEntries } from '../../analytics/index.ts';
import { endpoint } from '../endpoint.ts';
import { named } from '../names.ts';
import { narrowingQuery } from '../narrowing.ts';
import { pageOf, paging } from '../paging.ts';
import { day, daysInOrder } from '../period.ts';
import { unitMoney } from '../shape.ts';

const channel = z
	.enum(CHANNELS, { error: `must be one of ${CHANNELS.join(', ')}.` })
	.meta({ description: 'Where the ads led to.' });
const platform = z
	.string()
	.max(60, { error: 'must have at most 60 characters.' })
	.default('')
	.meta({ description: 'Where it was paid, a name of your own: Meta, Google. Empty is not told.' });

const list = endpoint({
	method: 'GET',
	path: '/ad-spend',
	name: 'listAdSpend',
	tag: 'Ad spend',
	summary: 'What was spent on ads',
	description:
		'By day, the latest first, each amount in the currency it was entered in. Members with limits to categories or locations see none: spend has neither.',
	permission: 'analytics.read',
	query: z
		.strictObject({
			from: day.optional().meta({ description: 'First day.' }),
			to: day.optional().meta({ description: 'Last day, included.' }),
			channels: narrowingQuery.channels,
			...paging
		})
		.refine(...daysInOrder),
	answer: pageOf(
		named(
			'AdSpend',
			z.strictObject({
				day: z.string(),
				channel: z.enum(CHANNELS),
				platform: z.string(),
				amount: unitMoney('In `currency`; may carry fractions of a cent where it was shared out over days.'),
				currency: z.string()
			})
		)
	),
	examples: [
		{
			name: 'All of it',
			answer: {
				data: [{ day: '2026-11-19', channel: 'shopify', platform: 'Meta', amount: 125.5, currency: 'USD' }],
				next_cursor: null
			}
		},
		{
			name: 'A channel’s month',
			query: { from: '2026-11-01', to: '2026-11-30', channels: 'amazon', limit: '200' }
		},
		{ name: 'Days the wrong way round', query: { from: '2026-11-30', to: '2026-11-01' }, status: 400 }
	],
	async handle({ ctx, query }) {
		const { rows, next } = await listAdSpendEntries(ctx, query as Parameters<typeof listAdSpendEntries>[1]);
		return { data: rows, nextCursor: next };
	}
});

const entry = z.strictObject({
	day,
	through: day
		.optional()
		.meta({ description: 'Last day: the amount is shared out evenly over the days, at most a year.' }),
	channel,
	platform,
	amount: z
		.number({ error: 'must be a number such as 125.5.' })
		.min(0)
		.max(999_999_999_999)
		.refine((value) => /^\d{1,12}(\.\d{1,4})?$/.test(String(value)), {
			error: 'must have at most four decimals.'
		})
		.meta({ description: 'Of all the days together.' }),
	currency: z
		.string()
		.max(10)
		.optional()
		.meta({ description: 'ISO 4217. Left out: the organization’s currency.' })
});

const set = endpoint({
	method: 'PUT',
	path: '/ad-spend',
	name: 'setAdSpend',
	tag: 'Ad spend',
	summary: 'Enter what was spent on ads',
	description:
		'What stands for a day, channel and platform is replaced, so that the same request twice changes nothing. All entries are taken, or none. Margin, CAC and LTV:CAC follow at once.',
	permission: 'ads.manage',
	body: z.strictObject({
		entries: z
			.array(entry)
			.min(1, { error: 'must have at least 1 entry.' })
			.max(1000, { error: 'must have at most 1000 entries.' })
	}),
	answer: z.strictObject({
		days: z.int().meta({ description: 'How many days were written, each by channel and platform.' })
	}),
	examples: [
		{
			name: 'A day of two platforms',
			body: {
				entries: [
					{ day: '2026-11-19', channel: 'shopify', platform: 'Meta', amount: 125.5, currency: 'USD' },
					{ day: '2026-11-19', channel: 'shopify', platform: 'Google', amount: 80, currency: 'USD' }
				]
			},
			answer: { days: 2 }
		},
		{
			name: 'A month’s invoice',
			body: { entries: [{ day: '2026-10-01', through: '2026-10-31', channel: 'amazon', amount: 3100 }] },
			answer: { days: 31 }
		},
		{
			name: 'An amount below zero',
			body: { entries: [{ day: '2026-11-19', channel: 'shopify', amount: -1 }] },
			status: 400
		}
	],
	handle: ({ ctx, body }) =>
		setAdSpendEntries(ctx, {
			entries: body.entries.map(({ amount, currency = ctx.organization.currency, ...rest }) => ({
				...rest,
				amount: String(amount),
				currency
			}))
		})
});

const remove = endpoint({
	method: 'DELETE',
	path: '/ad-spend',
	name: 'removeAdSpend',
	tag: 'Ad spend',
	summary: 'Take back what was entered',
	description: 'Of a day, or of all days to `through`, of one channel and platform.',
	permission: 'ads.manage',
	query: z
		.strictObject({
			day,
			through: day.optional().meta({ description: 'Last day, included. Left out: only `day`.' }),
			channel,
			platform
		})
		.refine(({ day: first, through }) => through === undefined || first <= through, {
			path: ['through'],
			error: 'must not be before day.'
		}),
	status: 204,
	refusals: { 404: 'Nothing was entered for these days, channel and platform.' },
	examples: [
		{
			name: 'A day of Meta',
			query: { day: '2026-11-19', channel: 'shopify', platform: 'Meta' }
		},
		{ name: 'What was never entered', query: { day: '2001-01-01', channel: 'walmart' }, status: 404 }
	],
	handle: ({ ctx, query }) => removeAdSpend(ctx, query)
});

export const adSpendEndpoints = [list, set, remove];
