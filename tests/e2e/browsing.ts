import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright';
import { expect } from 'vitest';

/** A browser window whose complaints are kept: broken policies, errors of scripts, failed requests. */
export interface Window {
	context: BrowserContext;
	page: Page;
	complaints: string[];
}

/** A window of a person at a desk, unless told otherwise. */
export async function openWindow(
	browser: Browser,
	options: { width?: number; height?: number; dark?: boolean } = {}
): Promise<Window> {
	const context = await browser.newContext({
		viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
		colorScheme: options.dark ? 'dark' : 'light',
		acceptDownloads: true
	});
	const complaints: string[] = [];
	await context.exposeFunction('tellViolation', (text: string) => complaints.push(`policy: ${text}`));
	await context.addInitScript(() => {
		document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
			void (window as unknown as { tellViolation(text: string): void }).tellViolation(
				`${violatedDirective} ${blockedURI} ${sample}`
			);
		});
	});
	const page = await context.newPage();
	page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
	page.on('console', (message) => {
		if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
	});
	page.on('response', (response) => {
		if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`);
	});
	return { context, page, complaints };
}

/** WCAG 2 A and AA, as far as axe sees them. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
	// what fades in has no contrast yet
	await page.evaluate(() =>
		Promise.allSettled(
			document
				.getAnimations()
				.filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime))
				.map((one) => one.finished)
		)
	);
	// axe brings types of its own playwright
	const { violations } = await new AxeBuilder({ page: page as never })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
		.analyze();
	const found = violations.map(
		({ id, nodes }) =>
			`${where}: ${id}: ${nodes
				.slice(0, 3)
				.map((node) => `${node.target.join(' ')} ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`)
				.join('; ')}`
	);
	expect(found).toEqual([]);
}

/** The page is not wider than its window. */
export async function expectNoSidewaysScroll(page: Page, where: string): Promise<void> {
	const [content, view] = await page.evaluate(() => [
		document.documentElement.scrollWidth,
		document.documentElement.clientWidth
	]);
	expect([where, content]).toEqual([where, view]);
}
