import type { ImportStatus, ImportView } from '#lib/contracts/imports.ts';
import { counted } from '#lib/components/format/number.ts';

type Tone = 'none' | 'accent' | 'positive' | 'warning' | 'critical';

export const STATUS_TAGS: Record<ImportStatus, { text: string; tone: Tone }> = {
	uploading: { text: 'Upload not finished', tone: 'warning' },
	mapping: { text: 'Columns to say', tone: 'warning' },
	checking: { text: 'Checking', tone: 'accent' },
	ready: { text: 'Ready', tone: 'accent' },
	importing: { text: 'Importing', tone: 'accent' },
	done: { text: 'Done', tone: 'positive' },
	failed: { text: 'Stopped', tone: 'critical' },
	undoing: { text: 'Undoing', tone: 'accent' },
	undone: { text: 'Undone', tone: 'none' },
	discarded: { text: 'Given up', tone: 'none' }
};

/** What came of an import, in a few words. */
export function outcome({ status, summary, result }: ImportView, locale: string): string {
	if (status === 'undone')
		return `${counted(result?.removed ?? 0, 'order', undefined, locale)} removed${result?.kept ? `, ${result.kept} kept` : ''}`;
	if (result && ['done', 'importing', 'failed', 'undoing'].includes(status)) {
		const parts = [`${counted(result.created, 'order', undefined, locale)} added`];
		if (result.updated > 0) parts.push(`${result.updated} changed`);
		if (result.unchanged > 0) parts.push(`${result.unchanged} as before`);
		if (result.told > 0) parts.push(`${result.told} left to the channel`);
		if (result.failed > 0) parts.push(`${result.failed} failed`);
		return parts.join(', ');
	}
	if (summary) return `${counted(summary.orders, 'order', undefined, locale)} to add`;
	return '';
}
