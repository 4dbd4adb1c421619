import { unknownValue } from '../drift.ts';

/** What has become of pieces of an order line, in Walmart's words. */
export type LineWord =
	'created' | 'acknowledged' | 'shipped' | 'delivered' | 'cancelled' | 'refund' | 'other';

const LINE_WORDS: Readonly<Record<string, LineWord>> = {
	created: 'created',
	acknowledged: 'acknowledged',
	shipped: 'shipped',
	delivered: 'delivered',
	cancelled: 'cancelled',
	// the same word as other parts of the API spell it
	canceled: 'cancelled',
	refund: 'refund',
	refunded: 'refund'
};

/** Reads a status in any spelling; a word we do not know is counted and means `other`. */
export function lineWord(written: string): LineWord {
	const word = LINE_WORDS[plain(written)];
	if (word) return word;
	unknownValue('walmart', 'orderLineStatus', written);
	return 'other';
}

/** Without case, spaces, dashes and underscores: REFUND_COMPLETED and Refund Completed are one word. */
export function plain(written: string): string {
	return written.toLowerCase().replace(/[\s_-]/g, '');
}

/** Walmart's country words to ISO 3166-1 alpha-2; null for one we do not know. */
export function countryOf(written: string | null): string | null {
	if (written === null) return null;
	const word = written.toUpperCase();
	return { USA: 'US', CAN: 'CA', MEX: 'MX', CHL: 'CL' }[word] ?? (/^[A-Z]{2}$/.test(word) ? word : null);
}
