import type { Browser, Page } from 'playwright';

interface Probed {
	benchFigure(): number;
	benchWait(figure: number): void;
	benchReached(figure: number): Promise<number>;
}

/** Watches the dashboard's "Orders" figure in Chromium and tells when it came up, in milliseconds of the machine's clock. */
export class DomProbe {
	#page: Page;

	private constructor(page: Page) {
		this.#page = page;
	}

	/** Opens the dashboard as the person of `cookie` and waits until it listens for live events. */
	static async open(browser: Browser, url: string, cookie: string): Promise<DomProbe> {
		const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
		const [name, value] = cookie.split('=') as [string, string];
		await context.addCookies([{ name, value, url }]);
		const page = await context.newPage();
		const streaming = page.waitForResponse(
			(response) => new URL(response.url()).pathname.endsWith('/stream'),
			{ timeout: 20_000 }
		);
		await page.goto(url);
		await streaming;
		await page.evaluate(() => {
			const figure = () => {
				const kpi = [...document.querySelectorAll('.kpi')].find(
					(one) => one.querySelector('.name')?.textContent?.trim() === 'Orders'
				);
				return Number((kpi?.querySelector('.value')?.textContent ?? '').replace(/[^\d]/g, '') || Number.NaN);
			};
			const waiting = new Map<number, PromiseWithResolvers<number>>();
			new MutationObserver(() => {
				const now = Date.now();
				const shown = figure();
				for (const [wanted, { resolve }] of waiting) if (shown >= wanted) resolve(now);
			}).observe(document.body, { subtree: true, childList: true, characterData: true });
			Object.assign(window, {
				benchFigure: figure,
				benchWait: (wanted: number) => {
					waiting.clear();
					waiting.set(wanted, Promise.withResolvers());
				},
				benchReached: (wanted: number) => waiting.get(wanted)!.promise
			});
		});
		return new DomProbe(page);
	}

	/** The figure on screen. */
	figure(): Promise<number> {
		return this.#page.evaluate(() => (window as unknown as Probed).benchFigure());
	}

	/** From now on looks for the figure; the answered function waits for it, at most 10 s. */
	async expect(figure: number): Promise<() => Promise<number>> {
		await this.#page.evaluate((wanted) => (window as unknown as Probed).benchWait(wanted), figure);
		return async () => {
			const late = new Promise<never>((_, reject) =>
				setTimeout(reject, 10_000, new Error(`The figure ${figure} did not come up within 10 s.`)).unref()
			);
			return Promise.race([
				this.#page.evaluate((wanted) => (window as unknown as Probed).benchReached(wanted), figure),
				late
			]);
		};
	}
}
