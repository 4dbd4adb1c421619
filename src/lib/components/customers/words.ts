import type { SegmentName } from '#lib/contracts/customer-segments.ts';

/** What a segment is called, who is in it, and what one may do about it. */
export const SEGMENT_WORDS: Record<SegmentName, { name: string; who: string; act: string }> = {
	champions: {
		name: 'Champions',
		who: 'ordered lately, order often',
		act: 'Ask for reviews; show them what is new first.'
	},
	loyal: { name: 'Loyal', who: 'order often', act: 'Offer what goes with what they buy.' },
	potential_loyalists: {
		name: 'Potential loyalists',
		who: 'ordered lately, more than once',
		act: 'Invite them to a third order.'
	},
	new: {
		name: 'New',
		who: 'ordered for the first time just now',
		act: 'Help with the first order; point to the second.'
	},
	promising: {
		name: 'Promising',
		who: 'ordered once, not long ago',
		act: 'Remind them while they know you.'
	},
	need_attention: { name: 'Need attention', who: 'average in both', act: 'Make an offer with an end.' },
	about_to_sleep: {
		name: 'About to sleep',
		who: 'few orders, some time ago',
		act: 'Show what is popular now.'
	},
	at_risk: { name: 'At risk', who: 'ordered often, not lately', act: 'Write in person; ask what was wrong.' },
	cannot_lose: {
		name: 'Cannot lose them',
		who: 'ordered most often, not lately',
		act: 'Win them back before anybody else.'
	},
	hibernating: { name: 'Hibernating', who: 'few orders, long ago', act: 'Leave alone, or one last offer.' }
};

/** "12 days", "1 day". */
export function days(count: number | null, locale: string): string {
	if (count === null) return 'unknown';
	return new Intl.NumberFormat(locale, {
		style: 'unit',
		unit: 'day',
		unitDisplay: 'long',
		maximumFractionDigits: 1
	}).format(count);
}

/** "Nov 2026" of the month's first day. */
export function monthOf(day: string, locale: string): string {
	return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'short', year: 'numeric' }).format(
		new Date(`${day.slice(0, 7)}-01T00:00:00Z`)
	);
}

/** A customer without a name: the channel told none, or it was erased. */
export function nameOf({ name, email }: { name: string | null; email: string | null }): string {
	return name ?? email ?? 'Name not known';
}

/** Percent as the server tells it, "12.5", in the reader's writing. */
export function share(percent: string | null, locale: string): string {
	if (percent === null) return 'unknown';
	return `${new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(Number(percent))}%`;
}

/** The months from `from` to `to`, first days, at most 120. */
export function monthsBetween(from: string, to: string): string[] {
	const months: string[] = [];
	let [year, month] = from.split('-').map(Number) as [number, number];
	for (let at = from; at <= to && months.length < 120;) {
		months.push(at);
		month++;
		if (month > 12) [year, month] = [year + 1, 1];
		at = `${year}-${String(month).padStart(2, '0')}-01`;
	}
	return months;
}
