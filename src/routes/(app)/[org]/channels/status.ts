import type { ConnectionView } from '#lib/contracts/channel-views.ts';
import type { LiveRun } from '#lib/contracts/live.ts';

type Tone = 'none' | 'info' | 'accent' | 'positive' | 'warning' | 'critical';

/** A connection's state in one or two words. */
export function statusTag({
	status,
	run,
	authMethod
}: Pick<ConnectionView, 'status' | 'run' | 'authMethod'>): {
	text: string;
	tone: Tone;
} {
	if (authMethod === 'file') return { text: 'Files only', tone: 'none' };
	switch (status) {
		case 'connecting':
			return { text: run?.kind === 'backfill' ? 'First sync' : 'Connecting', tone: 'accent' };
		case 'healthy':
			return { text: 'Healthy', tone: 'positive' };
		case 'degraded':
			return { text: 'Delayed', tone: 'warning' };
		case 'needs_reauthorization':
			return { text: 'Needs you', tone: 'critical' };
		case 'paused':
			return { text: 'Paused', tone: 'none' };
		case 'disconnected':
			return { text: 'Disconnected', tone: 'none' };
	}
}

/** What the parts of a run are called, in the order in which they are read. */
export const PARTS: readonly { key: string; label: string }[] = [
	{ key: 'locations', label: 'Locations' },
	{ key: 'products', label: 'Products' },
	{ key: 'orders', label: 'Orders' },
	{ key: 'stock', label: 'Stock' },
	{ key: 'customers', label: 'Customers' }
];

export const RUN_NAMES: Record<string, string> = {
	backfill: 'First sync',
	incremental: 'Orders',
	stock: 'Stock levels',
	catalog: 'Products and customers',
	reconcile: 'Check'
};

/** How far the orders of a first sync are, and from the pace so far how long they still take, in seconds; null while unknown. */
export function estimate(
	run: LiveRun,
	now: number
): { share: number | null; perSecond: number | null; secondsLeft: number | null } {
	const orders = run.progress.orders;
	const seconds = run.startedAt ? (now - Date.parse(run.startedAt)) / 1000 : 0;
	if (!orders || orders.done === 0 || seconds < 1)
		return { share: orders?.total ? 0 : null, perSecond: null, secondsLeft: null };
	const perSecond = orders.done / seconds;
	if (!orders.total) return { share: null, perSecond, secondsLeft: null };
	return {
		share: Math.min(1, orders.done / orders.total),
		perSecond,
		secondsLeft: Math.max(0, (orders.total - orders.done) / perSecond)
	};
}

/** "about 18 min left". */
export function timeLeft(seconds: number): string {
	if (seconds < 45) return 'less than a minute left';
	if (seconds < 5400) return `about ${Math.max(1, Math.round(seconds / 60))} min left`;
	return `about ${Math.round(seconds / 3600)} h left`;
}
