/** Walmart is never waited for longer than this, whatever its header says. */
export const MOST_REPLENISHMENT_MS = 300_000;

/**
 * Milliseconds until Walmart gives calls again, from the absolute time of its header: epoch milliseconds or ISO 8601, under
 * `X-Next-Replenishment-Time` or `x-next-replenish-time`. It is never read as a number of seconds from now. Null without a
 * readable header; between 0 and 300,000.
 */
export function replenishmentWait(headers: Headers, now = Date.now()): number | null {
	const written = headers.get('x-next-replenishment-time') ?? headers.get('x-next-replenish-time');
	const at = instantOf(written?.trim() ?? '');
	return at === null ? null : Math.min(Math.max(0, at - now), MOST_REPLENISHMENT_MS);
}

function instantOf(written: string): number | null {
	if (/^\d{13}$/.test(written)) return Number(written);
	if (/^\d{10}$/.test(written)) return Number(written) * 1000;
	const at = /^\d{4}-\d{2}-\d{2}T/.test(written) ? Date.parse(written) : Number.NaN;
	return Number.isNaN(at) ? null : at;
}
