import type { Browser, Page } from 'playwright';

/** Watches a page for texts and tells when each came up, in milliseconds of the machine's clock. */
export class DomProbe {
	#page: Page;

	private constructor(page: Page) {
		this.#page = page;
	}

	/** Opens the page as the person of `cookie` and waits until it listens for live events. */
	static async open(browser: Browser, url: string, cookie: string): Promise<DomProbe> {
		const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
		const [name, value] = cookie.split('=') as [string, string];
		await context.addCookies([{ name, value, url }]);
		const page = await context.newPage();
		const streaming = page.waitForResponse((response) => new URL(response.url()).pathname.endsWith('/stream'), { timeout: 20_000 });
		await page.goto(url);
		await streaming;
		await page.evaluate(() => {
			const waiting = new Map<string, (at: number) => void>();
			const check = (text: string) => {
				for (const [wanted, seen] of waiting) {
					if (!text.includes(wanted)) continue;
					seen(Date.now());
					waiting.delete(wanted);
				}
			};
			new MutationObserver((records) => {
				if (waiting.size === 0) return;
				for (const { target, addedNodes } of records) {
					check(target.textContent ?? '');
					for (const node of addedNodes) check(node.textContent ?? '');
				}
			}).observe(document.body, { subtree: true, childList: true, characterData: true });
			const seenAt = (wanted: string) =>
				new Promise<number>((resolve, reject) => {
					waiting.set(wanted, resolve);
					setTimeout(reject, 10_000, new Error(`"${wanted}" did not come up within 10 s.`));
				});
			const pending = new Map<string, Promise<number>>();
			Object.assign(window, {
				benchExpect: (wanted: string) => void pending.set(wanted, seenAt(wanted)),
				benchSeen: (wanted: string) => pending.get(wanted)
			});
		});
		return new DomProbe(page);
	}

	/** From now on looks for the text; the answered function waits for it. */
	async expect(text: string): Promise<() => Promise<number>> {
		await this.#page.evaluate((wanted) => (window as unknown as { benchExpect(text: string): void }).benchExpect(wanted), text);
		return () => this.#page.evaluate((wanted) => (window as unknown as { benchSeen(text: string): Promise<number> }).benchSeen(wanted), text);
	}
}
