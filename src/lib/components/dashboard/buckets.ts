import type { Bucket, Granularity, Period } from '#lib/contracts/analytics.ts';
import type { ChartPoint } from '#lib/components/charts/types.ts';
import { day, dayRange } from '#lib/components/format/date.ts';
import { CHANNELS } from '#lib/contracts/channels.ts';
import type { Measure } from './measures.ts';

/** Words of a bucket: on the axis and over the tooltip. Local times, as the buckets name them. `several`: the hours are of several days. */
export function bucketWords(
	at: string,
	by: Granularity,
	locale: string,
	thisYear: number,
	several = false
): { label: string; title: string } {
	const date = at.slice(0, 10);
	if (by === 'month')
		return {
			label: inUtc(date, { month: 'short' }, locale),
			title: inUtc(date, { month: 'long', year: 'numeric' }, locale)
		};
	if (by === 'week')
		return {
			label: day(date, locale, { thisYear }),
			title: `Week of ${dayRange(date, plus(date, 6), locale, thisYear)}`
		};
	const weekday = day(date, locale, { weekday: true, thisYear });
	if (by === 'day') return { label: day(date, locale, { thisYear }), title: weekday };
	const hour = inUtc(`${at.slice(0, 16)}Z`, { hour: 'numeric' }, locale);
	// an hour that a clock change repeats carries its offset
	const offset = at.slice(16);
	const short = day(date, locale, { thisYear });
	return {
		label: at.slice(11, 13) === '00' ? short : several ? `${short}, ${hour}` : hour,
		title: `${weekday}, ${hour}${offset && ` (UTC${offset})`}`
	};
}

/** The series as the chart draws it. Only net sales are split by channel and compared, as the view tells no more. */
export function chartPoints(
	series: readonly Bucket[],
	period: Period,
	measure: Measure,
	by: Granularity,
	locale: string
): ChartPoint[] {
	const thisYear = Number(period.to.slice(0, 4));
	return series.map((bucket, index) => {
		const value = measure.of(bucket);
		const isNet = measure.key === 'net';
		return {
			...bucketWords(bucket.at, by, locale, thisYear, period.from !== period.to),
			parts: isNet
				? Object.fromEntries(CHANNELS.map((channel) => [channel, Number(bucket.byChannel[channel] ?? 0)]))
				: { [measure.key]: value === null ? null : Number(value) },
			previous: isNet && bucket.previousNet !== null ? Number(bucket.previousNet) : null,
			previousTitle: 'Previous period',
			// no pace: a day's course is not even, and nothing here knows its shape
			...(period.running && index === series.length - 1 && { pace: null })
		};
	});
}

const plus = (date: string, days: number) =>
	new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
const inUtc = (at: string, options: Intl.DateTimeFormatOptions, locale: string) =>
	new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })
		.format(new Date(at))
		.replace(/\s(?=[AP]M\b)/, '\u00a0');
