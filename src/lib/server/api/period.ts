import { z } from 'zod';
import { RANGES, type Filters } from '#lib/contracts/analytics.ts';
import { Invalid } from '../platform/errors.ts';

const MOST_DAYS = 3660;

/** A day of the calendar, in the organization's time zone. */
export const day = z.iso
	.date({ error: 'must be a day such as 2026-11-19.' })
	.refine((value) => value >= '1990-01-01' && value <= '2100-12-31', {
		error: 'must be a day between 1990 and 2100.'
	});

const NOT_BEFORE = 'must not be before from.';

/** For `refine` of a query with from and to, either of which may be left out. */
export const daysInOrder = [
	({ from, to }: { from?: string | undefined; to?: string | undefined }) => !from || !to || from <= to,
	{ path: ['to'], error: NOT_BEFORE }
] satisfies [unknown, { path: string[]; error: string }];

/** Query of figures over days. */
export const periodQuery = {
	range: z
		.enum(RANGES, { error: `must be one of ${RANGES.join(', ')}.` })
		.optional()
		.meta({
			description:
				'Relative to today in the organization’s time zone; last-30-days without any. Or send from and to.'
		}),
	from: day.optional().meta({ description: 'First day, with `to` instead of `range`.' }),
	to: day.optional().meta({ description: 'Last day, included; at most ten years after `from`.' })
};

/** The range a query means. @throws Invalid for half a range, days the wrong way round, or more than ten years */
export function rangeOf(query: {
	range?: Extract<Filters['range'], string> | undefined;
	from?: string | undefined;
	to?: string | undefined;
}): Filters['range'] {
	const { range, from, to } = query;
	if (from === undefined && to === undefined) return range ?? 'last-30-days';
	if (range !== undefined) throw new Invalid({ range: 'Send either range, or from and to.' });
	if (from === undefined) throw new Invalid({ from: 'Send the first day, too.' });
	if (to === undefined) throw new Invalid({ to: 'Send the last day, too.' });
	if (from > to) throw new Invalid({ to: NOT_BEFORE });
	if ((Date.parse(to) - Date.parse(from)) / 86_400_000 > MOST_DAYS)
		throw new Invalid({ to: 'must be at most ten years after from.' });
	return { from, to };
}

/** The days an answer is about. */
export const periodAnswer = z.strictObject({
	from: z.string(),
	to: z.string(),
	previous_from: z.string(),
	previous_to: z.string(),
	running: z.boolean().meta({ description: 'True while `to` is today: the last part is not whole.' }),
	time_zone: z.string()
});
