import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Relative luminance as WCAG 2 defines it, of a colour such as #543fbf. */
function luminance(hex: string): number {
	const [r, g, b] = [1, 3, 5].map((at) => {
		const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
		return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
	}) as [number, number, number];
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
	const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
	return (light + 0.05) / (dark + 0.05);
}

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

function theme(name: 'light' | 'dark'): Record<string, string> {
	const block = css.split(`[data-theme='${name}'] {`)[1]?.split('\n}')[0] ?? '';
	return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]));
}

const grounds = ['canvas', 'surface', 'surface-2', 'overlay'];
const texts = ['text-1', 'text-2', 'text-3', 'accent', 'positive', 'negative', 'warning', 'critical', 'info'];
const channels = ['amazon', 'shopify', 'walmart'];
const pairs = [
	...['accent', 'positive', 'negative', 'warning', 'critical', 'info'].map((tone) => [tone, `${tone}-soft`]),
	...channels.map((channel) => [`${channel}-text`, `${channel}-soft`]),
	['on-accent', 'accent'],
	['on-accent', 'accent-hover'],
	['on-critical', 'critical-solid'],
	['text-1', 'accent-soft'],
	['text-2', 'accent-soft'],
	['text-2', 'surface-3'],
	['text-2', 'rail'],
	['text-3', 'accent-soft']
] as [string, string][];

for (const name of ['light', 'dark'] as const) {
	const colours = theme(name);
	const of = (token: string) => colours[token] ?? expect.fail(`no colour --${token} in ${name}`);

	test(`${name}: every text is readable on every ground`, () => {
		for (const text of [...texts, ...channels.map((channel) => `${channel}-text`)])
			for (const ground of grounds)
				expect(contrast(of(text), of(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
		for (const [text, ground] of pairs)
			expect(contrast(of(text), of(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
	});

	test(`${name}: every mark and control stands out from the surface`, () => {
		for (const mark of [...channels, 'accent', 'line-control', 'prev'])
			expect(contrast(of(mark), of('surface')), mark).toBeGreaterThanOrEqual(3);
	});
}
