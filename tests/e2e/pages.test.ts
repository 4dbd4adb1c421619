import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launchBrowser } from '../../bench/browser.ts';
import { freePort, startApp, startChild, temporaryFolder, type Child } from '../../bench/process.ts';
import { expectAccessible, expectNoSidewaysScroll, openWindow, type Window } from './browsing.ts';

const hasBrowser = chromiumPath() !== null && spawnSync(chromiumPath()!, ['--version']).status === 0;
if (!hasBrowser)
	console.warn(
		'SKIPPED: no Chromium on this machine. Install it or set CHROMIUM_PATH; the pages are not tested.'
	);

const folder = temporaryFolder('pages');
let app: Child;
let shop: Child;
let opens: { shop: string; accessToken: string; webhookSecret: string };
let browser: Browser;
let window: Window;
let slug: string;

beforeAll(async () => {
	if (!hasBrowser) return;
	const [port, shopPort] = [await freePort(), await freePort()];
	const args = [
		'simulator/main.ts',
		'--port',
		String(shopPort),
		'--months',
		'3',
		'--orders-per-day',
		'12',
		'--rate',
		'0',
		'--plan',
		'plus'
	];
	shop = await startChild({ args, port: shopPort, ready: /"event":"ready".*\n/ });
	opens = JSON.parse(
		shop
			.output()
			.split('\n')
			.find((line) => line.startsWith('{"event":"ready"'))!
	);
	app = await startApp({
		dataDir: folder.path,
		port,
		env: { SHOPIFY_API_URL: shop.url, ORIGIN: `http://127.0.0.1:${port}` }
	});
	browser = await launchBrowser();
	window = await openWindow(browser);
});
afterAll(async () => {
	await browser?.close();
	await app?.stop();
	await shop?.stop();
	await folder.remove();
});

/** Tells the simulated shop to do something now. */
async function control(body: Record<string, unknown>): Promise<Record<string, unknown>> {
	const response = await fetch(`${shop.url}/__control`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body)
	});
	if (!response.ok) throw new Error(`The simulator answered ${response.status}: ${await response.text()}`);
	return (await response.json()) as Record<string, unknown>;
}

const ordersFigure = () =>
	window.page.evaluate(() => {
		const kpi = [...document.querySelectorAll('.kpi')].find(
			(one) => one.querySelector('.name')?.textContent?.trim() === 'Orders'
		);
		return Number((kpi?.querySelector('.value')?.textContent ?? '').replace(/[^\d]/g, '') || Number.NaN);
	});

describe.runIf(hasBrowser)('a newcomer, from the first page to a live order', () => {
	test('the landing page leads to the sign-up', async () => {
		const { page } = window;
		await page.goto(app.url);
		await expectAccessible(page, 'landing');
		await page.getByRole('link', { name: 'Start free' }).first().click();
		await page.waitForURL('**/sign-up');
		await expectAccessible(page, 'sign-up');
	});

	test('signing up opens the channels page of the own organization', async () => {
		const { page } = window;
		await page.fill('[name=name]', 'Mara Okafor');
		await page.fill('[name=email]', 'mara@example.com');
		await page.fill('[name=organizationName]', 'Alder & Finch');
		await page.fill('[name=password]', 'seven brown lamps');
		await page.getByRole('button', { name: 'Create the account' }).click();
		await page.waitForURL('**/channels?welcome');
		slug = new URL(page.url()).pathname.split('/')[1]!;
		await expectAccessible(page, 'channels without a channel');
	});

	test('a wrong token is refused in words, the right one begins the first sync', async () => {
		const { page } = window;
		await page.goto(`${app.url}/${slug}/channels/connect?way=token`);
		await expectAccessible(page, 'connect');
		await page.fill('[name=shop]', opens.shop);
		await page.fill('[name=accessToken]', 'shpat_wrong');
		await page.fill('[name=clientSecret]', opens.webhookSecret);
		await page.getByRole('button', { name: 'Connect the shop' }).click();
		await page.locator('[aria-invalid=true]').first().waitFor();
		await page.fill('[name=accessToken]', opens.accessToken);
		await page.fill('[name=clientSecret]', opens.webhookSecret);
		await page.getByRole('button', { name: 'Connect the shop' }).click();
		await page.waitForURL(/\/channels\/[0-9a-f-]{36}$/, { timeout: 30_000 });
	});

	test('the page follows the first sync until the shop is healthy', async () => {
		const { page } = window;
		await page.getByText('Healthy', { exact: true }).first().waitFor({ timeout: 100_000 });
		await expectAccessible(page, 'channel');
		await page.locator('a[href*="/runs/"]').first().click();
		await page.getByRole('heading', { name: 'What was read' }).waitFor();
		await expectAccessible(page, 'run');
	});

	test('the dashboard shows the shop’s own figures', async () => {
		const { page } = window;
		await page.goto(`${app.url}/${slug}/dashboard?range=last-30-days`);
		await page.locator('.kpi').first().waitFor();
		const shown = await readFigures();
		expect(shown).toEqual(await ledger());
		await expectAccessible(page, 'dashboard');
	});

	test('a live order is on screen within a second of the shop’s webhook', async () => {
		const { page } = window;
		const before = await ordersFigure();
		const begun = Date.now();
		await control({ action: 'order' });
		await page.waitForFunction(
			(count) => {
				const kpi = [...document.querySelectorAll('.kpi')].find(
					(one) => one.querySelector('.name')?.textContent?.trim() === 'Orders'
				);
				return Number((kpi?.querySelector('.value')?.textContent ?? '').replace(/[^\d]/g, '')) === count;
			},
			before + 1,
			{ timeout: 10_000 }
		);
		expect(Date.now() - begun).toBeLessThan(5000); // a loaded machine; bench/live measures
		await page.locator('[data-order]').first().waitFor();
	});

	test('the order list leads to the order, which shows its lines', async () => {
		const { page } = window;
		await page.goto(`${app.url}/${slug}/orders`);
		await page.locator('tbody tr').first().waitFor();
		await expectAccessible(page, 'orders');
		const href = await page
			.locator(`a[href^="/${slug}/orders/"]:not([href*=export])`)
			.first()
			.getAttribute('href');
		await page.goto(app.url + href!);
		await page.locator('h1').first().waitFor();
		await expectAccessible(page, 'order');
	});

	test('the export is a CSV with every order of the list', async () => {
		const { page } = window;
		await page.goto(`${app.url}/${slug}/orders`);
		const waiting = page.waitForEvent('download');
		await page.getByRole('link', { name: 'Export CSV' }).click();
		const download = await waiting;
		const text = fs.readFileSync(await download.path(), 'utf8');
		const rows = text.trim().split('\r\n');
		expect(download.suggestedFilename()).toMatch(/\.csv$/);
		expect(rows.length).toBeGreaterThan(100);
		expect(rows[0]!.split(',').length).toBeGreaterThan(5);
	});

	test('customers: cohorts, segments, one person, and what a new one costs in ads', async () => {
		const { page } = window;
		await page.getByRole('link', { name: 'Customers', exact: true }).first().click();
		await page.waitForURL('**/customers');
		await page.getByRole('heading', { name: 'Time to second order' }).waitFor();
		await expectAccessible(page, 'customers');

		await page.getByRole('link', { name: 'Cohorts' }).click();
		const matrix = page.getByRole('region', { name: 'Cohorts by month' });
		await matrix.getByRole('rowheader').first().waitFor();
		await expectAccessible(page, 'cohorts');
		await page.getByRole('link', { name: 'Spent per customer' }).click();
		await page.waitForURL('**show=ltv**');
		await expectAccessible(page, 'cohorts by spending');

		await page.getByRole('link', { name: 'Segments' }).click();
		await page.getByRole('heading', { name: 'RFM segments' }).waitFor();
		await expectAccessible(page, 'segments');
		await page.getByRole('table', { name: 'Segments' }).getByRole('link').first().click();
		await page.waitForURL('**/customers/list?segment=**');
		await expectAccessible(page, 'customers of a segment');
		const name = page.locator('tbody a').first();
		const who = (await name.textContent())!.trim();
		await page.fill('[type=search]', who);
		await page.waitForURL('**search=**');
		await page.locator('tbody a', { hasText: who }).first().click();
		await page.getByRole('heading', { name: who, level: 1 }).waitFor();
		await page.getByRole('heading', { name: 'Timeline' }).waitFor();
		await expectAccessible(page, 'customer');
		await page.locator('tbody a').first().click();
		await page.waitForURL('**/orders/*');
		await page.getByRole('link', { name: who }).first().click();
		await page.getByRole('heading', { name: who, level: 1 }).waitFor();

		await page.goto(`${app.url}/${slug}/customers/spend`);
		await expectAccessible(page, 'ad spend');
		await page.fill('[name=amount]', '120');
		await page.getByRole('button', { name: 'Save spend' }).click();
		await page.getByRole('table', { name: 'Ad spend by day' }).waitFor();
		await page.fill('[name=csv]', 'day,channel,amount\n2026-01-05,shopify,1.50\n2026-01-05,nowhere,2');
		await page.getByRole('button', { name: 'Preview' }).click();
		await page.getByText('line 3').waitFor();
		await page.getByRole('button', { name: 'Save 1 row' }).click();
		await page.getByText('1 row saved').waitFor();
		// the row stands in its year and month, and is changed where it stands
		await page.goto(`${app.url}/${slug}/customers/spend?year=2026`);
		const months = page.getByRole('table', { name: 'Ad spend by month and channel' });
		await months.getByRole('link', { name: 'Jan 2026' }).click();
		await page.waitForURL('**month=1');
		await page.getByRole('button', { name: /change the spend of Jan 5/ }).click();
		const amount = page.getByRole('textbox', { name: /^Spend of Jan 5/ });
		await amount.fill('-2');
		await amount.press('Enter');
		await page.getByText('not below zero').waitFor();
		await amount.fill('2.75');
		await amount.press('Enter');
		await months.getByRole('row', { name: /Jan 2026.*2\.75/ }).waitFor();
		await expectAccessible(page, 'ad spend entered');
		await page.goto(`${app.url}/${slug}/customers`);
		const cac = page.locator('.kpi', { hasText: 'Acquisition cost' }).locator('.value');
		expect(await cac.textContent()).toMatch(/\d/);
	});

	test('trends: a figure by product, a promotion beside it, a saved view, a goal and a report', async () => {
		const { page } = window;
		await page.getByRole('link', { name: 'Trends', exact: true }).first().click();
		await page.waitForURL('**/trends');
		await page.getByRole('button', { name: 'What Net sales means' }).first().click();
		await page.getByText('Gross sales − discounts − refunds').waitFor();
		await page.keyboard.press('Escape');
		await page.getByLabel(/^Split:/).click();
		await page.getByRole('option', { name: 'By product' }).click();
		await page.waitForURL('**dimension=product**');
		await page.getByRole('table', { name: 'Net sales by product' }).waitFor();
		await expectAccessible(page, 'trend by product');

		await page.getByRole('button', { name: 'Add', exact: true }).click();
		await page.fill('[name=title]', 'Spring sale');
		await page.getByRole('button', { name: 'Add to the chart' }).click();
		await page.getByRole('listitem').filter({ hasText: 'Spring sale' }).waitFor();

		await page.getByRole('button', { name: 'Views' }).click();
		await page.fill('[name=name]', 'By product');
		await page.getByRole('button', { name: 'Save the view' }).click();
		await page
			.getByRole('link', { name: /By product/ })
			.first()
			.waitFor();
		await page.keyboard.press('Escape');
		const csv = await page.request.get(`${app.url}/${slug}/trends/export?dimension=product`);
		expect(csv.status()).toBe(200);
		expect((await csv.text()).split('\r\n').length).toBeGreaterThan(31);

		await page.goto(`${app.url}/${slug}/trends/goals`);
		await page.fill('[name=target]', '1000000');
		await page.getByRole('button', { name: 'Set the goal' }).click();
		await page.getByRole('heading', { name: 'Net sales, this month' }).waitFor();
		await expectAccessible(page, 'goals');

		await page.goto(`${app.url}/${slug}/trends/reports`);
		await page.fill('[name=name]', 'Monday figures');
		await page.getByRole('checkbox').first().click();
		await page.getByRole('button', { name: 'Set up the report' }).click();
		await page.getByRole('link', { name: 'Preview Monday figures' }).click();
		await page.waitForURL('**/trends/reports/*');
		// opened anew: what the server wrote must not break the policy either
		await page.reload();
		const mail = page.locator('iframe[title="The mail Monday figures"]');
		await expect
			.poll(() =>
				mail.evaluate((frame: HTMLIFrameElement) => [
					frame.contentDocument!.body.innerText.includes('Net sales by channel'),
					frame.offsetHeight - frame.contentDocument!.body.offsetHeight
				])
			)
			.toEqual([true, 0]);
		const html = await mail.getAttribute('srcdoc');
		const at = await mail.evaluate((frame: HTMLIFrameElement) => {
			frame.scrollIntoView({ block: 'end' });
			const outer = frame.getBoundingClientRect();
			const link = frame.contentDocument!.querySelector('a')!.getBoundingClientRect();
			return { x: outer.x + link.x + link.width / 2, y: outer.y + link.y + link.height / 2 };
		});
		const opened = page.context().waitForEvent('page');
		await page.mouse.click(at.x, at.y);
		const figures = await opened;
		await figures.waitForURL(/trends/);
		await figures.close();
		// axe cannot run where no script may: the mail is looked at by itself
		const alone = await page.context().newPage();
		await alone.setContent(html!);
		await expectAccessible(alone, 'the mail of a report');
		await alone.close();
		await mail.evaluate((frame) => frame.remove());
		await expectAccessible(page, 'preview of a report');

		await page.goto(`${app.url}/${slug}/trends/reports`);
		const row = page.getByRole('link', { name: 'Preview Monday figures' });
		await page.getByRole('button', { name: 'End Monday figures' }).click();
		const question = page.getByRole('alertdialog', { name: 'End Monday figures?' });
		await question.waitFor();
		await expectAccessible(page, 'the end of a report');
		await question.getByRole('button', { name: 'Keep it' }).click();
		await question.waitFor({ state: 'hidden' });
		expect(await row.count()).toBe(1);
		await page.getByRole('button', { name: 'End Monday figures' }).click();
		await question.getByRole('button', { name: 'End the report' }).click();
		await page.getByText('No report yet').waitFor();
		expect(await row.count()).toBe(0);
	}, 120_000);

	test('how products do, best and worst, leads to one in depth', async () => {
		const { page } = window;
		await page.goto(`${app.url}/${slug}/products/performance`);
		await page.getByRole('table', { name: 'How products do' }).waitFor();
		await page.getByRole('button', { name: 'Lowest' }).click();
		await page.waitForURL('**order=asc**');
		await expectAccessible(page, 'how products do');
		await page.locator('tbody a').first().click();
		await page.getByRole('heading', { name: 'Units over time' }).waitFor();
		await expectAccessible(page, 'a product in depth');
		await page.goto(`${app.url}/${slug}/profit`);
		await page.getByRole('heading', { name: 'New and returning customers' }).waitFor();
		await page.getByRole('heading', { name: 'By region' }).waitFor();
		await expectAccessible(page, 'revenue and profit');
	}, 120_000);

	test('a phone shows the map of cohorts without being pushed aside', async () => {
		const phone = await openWindow(browser, { width: 390, height: 844 });
		await phone.context.addCookies(await window.context.cookies());
		await phone.page.goto(`${app.url}/${slug}/customers/cohorts`);
		const cell = phone.page.locator('tbody td.cell').nth(1);
		await cell.waitFor();
		const { x, width } = (await cell.boundingBox())!;
		expect(x + width).toBeLessThanOrEqual(390);
		await phone.context.close();
	});

	test('every page in the dark and on a phone: nothing sticks out, axe finds nothing', async () => {
		const { page } = window;
		await page.goto(`${app.url}/${slug}/orders`);
		const orderHref = await page
			.locator(`a[href^="/${slug}/orders/"]:not([href*=export])`)
			.first()
			.getAttribute('href');
		const channel = await fetchChannel();
		const state = await window.context.storageState();
		const addresses = [
			'/',
			'/sign-up',
			'/sign-in',
			'/reset',
			`/${slug}/dashboard`,
			`/${slug}/orders`,
			orderHref!,
			`/${slug}/customers`,
			`/${slug}/customers/cohorts`,
			`/${slug}/customers/segments`,
			`/${slug}/customers/list`,
			`/${slug}/customers/spend`,
			`/${slug}/profit`,
			`/${slug}/trends`,
			`/${slug}/trends?dimension=product&metric=contribution_margin`,
			`/${slug}/trends/goals`,
			`/${slug}/trends/reports`,
			`/${slug}/products/performance`,
			`/${slug}/channels`,
			channel,
			`/${slug}/channels/connect`,
			`/${slug}/settings/members`,
			`/${slug}/settings/organization`,
			`/${slug}/settings/security`
		];
		for (const look of [
			{ dark: true },
			{ width: 390, height: 844 },
			{ width: 390, height: 844, dark: true }
		]) {
			const other = await openWindow(browser, look);
			await other.context.addCookies(state.cookies);
			for (const address of addresses) {
				await other.page.goto(app.url + address);
				await sleep(150);
				const where = `${address} ${JSON.stringify(look)}`;
				await expectNoSidewaysScroll(other.page, where);
				await expectAccessible(other.page, where);
			}
			expect(other.complaints).toEqual([]);
			await other.context.close();
		}
	}, 900_000);

	test('no page broke the content security policy or failed on the way', () => {
		// the wrong token's answer is a 400, which browsers log
		expect(window.complaints.filter((text) => !/status of 400/.test(text))).toEqual([]);
	});

	async function fetchChannel(): Promise<string> {
		const { page } = window;
		await page.goto(`${app.url}/${slug}/channels`);
		return (await page
			.locator(`a[href^="/${slug}/channels/"]:not([href*=connect])`)
			.first()
			.getAttribute('href'))!;
	}

	interface Told {
		orders: number;
		units: number;
		net: string;
	}
	async function readFigures(): Promise<Told> {
		const response = await window.page.request.get(`${app.url}/${slug}/dashboard/data?range=last-30-days`);
		const { totals } = (await response.json()) as { totals: Told };
		return { orders: totals.orders, units: totals.units, net: Number(totals.net).toFixed(2) };
	}

	/** The simulated world's own truth over the same days. */
	async function ledger(): Promise<Told> {
		const view = (await (
			await window.page.request.get(`${app.url}/${slug}/dashboard/data?range=last-30-days`)
		).json()) as { period: { from: string; to: string; timeZone: string } };
		const query = new URLSearchParams({
			from: view.period.from,
			to: view.period.to,
			timeZone: view.period.timeZone
		});
		const { days } = (await (await fetch(`${shop.url}/__control/ledger?${query}`)).json()) as {
			days: Told[];
		};
		const sum = (of: (day: Told) => number) => days.reduce((total, day) => total + of(day), 0);
		return {
			orders: sum((day) => day.orders),
			units: sum((day) => day.units),
			net: sum((day) => Number(day.net)).toFixed(2)
		};
	}
});

describe.runIf(hasBrowser)('the demo', () => {
	const demoFolder = temporaryFolder('demo');
	let demo: Child;
	afterAll(async () => {
		await demo?.stop();
		await demoFolder.remove();
	});

	test('one click on "See it live" opens figures that move, and nothing can be changed', async () => {
		demo = await startApp({ dataDir: demoFolder.path, env: { DEMO: 'on', DEMO_ORDERS_PER_MINUTE: '60' } });
		const begun = Date.now();
		const { page, complaints, context } = await openWindow(browser);
		await page.goto(demo.url);
		await page.getByRole('button', { name: 'See it live' }).first().click();
		await page.waitForURL('**/dashboard', { timeout: 30_000 });
		await page.locator('.kpi').first().waitFor({ timeout: 100_000 });
		const figure = () => page.locator('.kpi').first().locator('.value').textContent();
		const first = await figure();
		for (let waited = 0; (await figure()) === first; waited += 250) {
			expect(waited, 'the figures move').toBeLessThan(90_000);
			await sleep(250);
		}
		expect(Date.now() - begun, 'moving within two minutes of the start').toBeLessThan(120_000);
		const own = new URL(page.url()).pathname.split('/')[1];
		const refused = await page.request.post(`${demo.url}/${own}/settings/organization`, {
			form: { name: 'Taken', currency: 'EUR', timeZone: 'UTC', locale: 'de-DE' },
			headers: { origin: demo.url }
		});
		expect(refused.status()).toBe(403);
		await expectAccessible(page, 'demo dashboard');
		expect(complaints).toEqual([]);
		await context.close();
	}, 240_000);
});
