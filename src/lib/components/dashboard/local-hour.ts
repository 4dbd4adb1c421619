/**
 * Names the local hours of a time zone as buckets do: '2026-11-19T14:00'. An hour that a clock change repeats is named without
 * its offset here; the server's figures put it right a moment later.
 */
export function hourNames(timeZone: string): (instant: string) => string {
	const format = new Intl.DateTimeFormat('sv-SE', {
		timeZone,
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		hourCycle: 'h23'
	});
	return (instant) => {
		const parts = Object.fromEntries(
			format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value])
		);
		return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:00`;
	};
}
