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
		// playwright's own script, in a frame that may run none
		if (/^Blocked script execution in 'about:srcdoc'/.test(message.text())) return;
		if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
	});
	page.on('response', (response) => {
		if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`);
	});
	return { context, page, complaints };
}

async function violationsOn(page: Page) {
	// axe brings types of its own playwright
	const axe = new AxeBuilder({ page: page as never })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
		// else it waits for ever for an answer out of a frame that may run no scripts
		.setLegacyMode();
	return (await axe.analyze()).violations;
}

/** WCAG 2 A and AA, as far as axe sees them. Documents in frames are looked at as pages of their own. */
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
	const framed = await page
		.locator('iframe[srcdoc]')
		.evaluateAll((all) => all.map((one) => (one as HTMLIFrameElement).srcdoc));
	const violations = await violationsOn(page);
	for (const html of framed) {
		const alone = await page.context().newPage();
		await alone.setContent(html);
		violations.push(...(await violationsOn(alone)));
		await alone.close();
	}
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
