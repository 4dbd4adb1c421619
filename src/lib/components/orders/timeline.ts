import type { TimelineEntry } from '#lib/contracts/orders.ts';
import { sentence } from './status.ts';

const KINDS: Record<string, string> = {
	placed: 'Placed',
	created: 'First seen',
	received: 'Received',
	updated: 'Changed',
	paid: 'Paid',
	cancelled: 'Cancelled',
	refunded: 'Refunded',
	refund: 'Refunded',
	fulfilled: 'Shipped',
	shipped: 'Shipped',
	delivered: 'Delivered',
	edited: 'Edited'
};
const SOURCES: Record<string, string> = {
	webhook: 'by webhook',
	poll: 'by a look at the channel',
	bulk: 'by the first sync',
	import: 'from a file'
};

/** What happened, in words. */
export function eventTitle({ kind }: TimelineEntry): string {
	return KINDS[kind] ?? sentence(kind);
}

/** How and how fast we learned of it: "by webhook, 0.4 s later"; '' for what the order itself says. */
export function howLearned({ at, receivedAt, source }: TimelineEntry): string {
	if (source === null) return '';
	const how = SOURCES[source] ?? sentence(source);
	if (receivedAt === null) return how;
	const seconds = (Date.parse(receivedAt) - Date.parse(at)) / 1000;
	return seconds >= 0 && seconds < 3600 ? `${how}, ${delay(seconds)} later` : how;
}

function delay(seconds: number): string {
	if (seconds < 10) return `${seconds.toFixed(1)} s`;
	return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
