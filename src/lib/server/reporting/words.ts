import { metricOf } from '#lib/contracts/metrics/index.ts';
import type { ReportContent, ReportLine } from './content.ts';

const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** A report as a mail: subject, plain text and HTML without images or anything loaded from elsewhere. */
export function reportWords(
	content: ReportContent,
	links: { page: string; unsubscribe: string }
): { subject: string; text: string; html: string } {
	const { locale } = content;
	const day = (date: string) =>
		new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(date));
	const days = content.from === content.to ? day(content.from) : `${day(content.from)} – ${day(content.to)}`;
	const sections: [title: string, lines: ReportLine[]][] = [
		['Figures', content.figures],
		['Net sales by channel', content.channels],
		['Best products by net sales', content.products],
		...(content.view
			? [[`${content.view.name}: ${content.view.metric}`, content.view.lines] as [string, ReportLine[]]]
			: [])
	];
	const shown = sections.filter(([, lines]) => lines.length > 0);
	const goals = content.goals.map((goal) => {
		const { name, unit } = metricOf(goal.metric);
		const value = figure(content, { name, unit, value: goal.value, previous: null });
		const target = figure(content, { name, unit, value: goal.target, previous: null });
		return [
			`${name}, this ${goal.period}`,
			`${value} of ${target}${goal.percent ? ` (${goal.percent}%)` : ''}`
		] as const;
	});
	const zone = content.timeZone.replaceAll('_', ' ');
	const asOf = new Intl.DateTimeFormat(locale, {
		dateStyle: 'medium',
		timeStyle: 'short',
		timeZone: content.timeZone
	}).format(new Date(content.asOf));
	const foot = `Days in ${zone} time, as of ${asOf}. Compared with the same number of days before.`;
	const text = [
		`${content.organization}: ${days}`,
		...shown.map(([title, lines]) =>
			[
				title,
				...lines.map((line) => `  ${line.name}: ${figure(content, line)}${change(line, locale)}`),
				...(lines === content.figures ? content.doubts.map((doubt) => `  ${doubt}`) : [])
			].join('\n')
		),
		...(goals.length > 0
			? [['Goals', ...goals.map(([name, value]) => `  ${name}: ${value}`)].join('\n')]
			: []),
		`${foot}\nOpen: ${links.page}\nStop this report: ${links.unsubscribe}`
	].join('\n\n');
	const subject = `${content.name}: ${content.organization}, ${days}`;
	const table = (title: string, rows: readonly (readonly [string, string, string])[]) =>
		`<h2 style="font-size:15px;margin:24px 0 6px">${escaped(title)}</h2><table role="presentation" style="width:100%;border-collapse:collapse;font-size:14px">${rows
			.map(
				([name, value, note]) =>
					`<tr><td style="padding:5px 0;border-bottom:1px solid #e3e6e8">${escaped(name)}</td><td style="padding:5px 0 5px 12px;border-bottom:1px solid #e3e6e8;text-align:right;white-space:nowrap">${escaped(value)} <span style="color:#5d686f">${escaped(note)}</span></td></tr>`
			)
			.join('')}</table>`;
	const aside = (words: string) =>
		`<p style="margin:8px 0 0;font-size:13px;color:#5d686f">${escaped(words)}</p>`;
	const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light only"><title>${escaped(subject)}</title></head><body style="margin:0;padding:24px;background:#f5f6f7;color:#14212b;font-family:system-ui,sans-serif"><div style="max-width:560px;margin:0 auto;padding:24px;background:#fff;border-radius:8px"><h1 style="font-size:19px;margin:0">${escaped(content.organization)}</h1><p style="margin:4px 0 0;color:#5d686f">${escaped(days)}</p>${shown
		.map(
			([title, lines]) =>
				table(
					title,
					lines.map((line) => [line.name, figure(content, line), change(line, locale)] as const)
				) + (lines === content.figures ? content.doubts.map(aside).join('') : '')
		)
		.join('')}${
		goals.length > 0
			? table(
					'Goals',
					goals.map(([name, value]) => [name, value, ''] as const)
				)
			: ''
	}<p style="margin:24px 0 0;font-size:13px;color:#5d686f">${escaped(foot)}<br><a href="${escaped(links.page)}">Open the figures</a> · <a href="${escaped(links.unsubscribe)}">Stop this report</a></p></div></body></html>`;
	return { subject, text, html };
}

function figure({ currency, locale }: ReportContent, { unit, value }: ReportLine): string {
	if (value === null) return '–';
	if (unit === 'percent') return `${value}%`;
	// the string itself, so that no digit is lost on the way
	if (unit === 'money')
		return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(value as never);
	return new Intl.NumberFormat(locale).format(value as never);
}

function change({ unit, value, previous }: ReportLine, locale: string): string {
	if (value === null || previous === null) return '';
	const [now, before] = [Number(value), Number(previous)];
	if (now === before) return ' (as before)';
	const sign = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero', maximumFractionDigits: 1 });
	if (unit === 'percent') return ` (${sign.format(now - before)} pt)`;
	return before > 0 ? ` (${sign.format((now / before - 1) * 100)}%)` : before === 0 ? ' (new)' : '';
}
