import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll, openWindow, type Window } from './browsing.ts';
import { browserFor, importOrders, startSeller, type StartedSeller } from './seller.ts';

const hasBrowser = browserFor('the forecasts are');

const DAYS = 150;
let seller: StartedSeller;
let app: StartedSeller['app'];
let browser: Browser;
let window: Window;
let tenant: StartedSeller['tenant'];
/** The path of a product's forecast. */
let mug: string;
/** Shopify's ids are whole numbers. */
let orders = 8_000_000;

beforeAll(async () => {
	if (!hasBrowser) return;
	seller = await startSeller('forecasts');
	({ app, browser, window, tenant } = seller);
	await window.page.goto(`${app.url}/${tenant.slug}/forecasts`);
	await expectAccessible(window.page, 'forecasts before the first sale');
	await bring('sold.csv', DAYS, { MUG: (day) => 3 + (day % 7), LAMP: (day) => 2 - (day % 2) });
});
afterAll(() => seller?.stop());

/** Imports a file with an order a day and SKU, up to yesterday. */
async function bring(
	file: string,
	days: number,
	units: Record<string, (day: number) => number>
): Promise<void> {
	const rows: string[] = [];
	for (let day = days; day > 0; day--)
		for (const [sku, of] of Object.entries(units)) {
			const on = new Date(Date.now() - day * 86_400_000).toISOString().slice(0, 10);
			rows.push(`${++orders},${on}T12:00:00Z,${of(day)},${sku},${sku.toLowerCase()},5.00`);
		}
	await importOrders(seller, file, rows);
}

/** A page as it is at a desk, in the dark and on a phone. */
async function expectGood(address: string, ready: string): Promise<void> {
	const cookies = await window.context.cookies();
	for (const look of [{}, { dark: true }, { width: 390, height: 844 }]) {
		const other = await openWindow(browser, look);
		await other.context.addCookies(cookies);
		await other.page.goto(app.url + address);
		await other.page.getByText(ready).first().waitFor();
		const where = `${address} ${JSON.stringify(look)}`;
		await expectNoSidewaysScroll(other.page, where);
		await expectAccessible(other.page, where);
		expect(other.complaints).toEqual([]);
		await other.context.close();
	}
}

describe.runIf(hasBrowser)('forecasts, from the first training to a figure of a person', () => {
	test('a training is asked for on the page, which shows what it made', async () => {
		const { page } = window;
		await page.goto(`${app.url}/${tenant.slug}/forecasts`);
		await page.getByRole('button', { name: 'Train now' }).click();
		await page.getByRole('alertdialog').getByRole('button', { name: 'Train now' }).click();
		const row = page.getByRole('link', { name: 'mug' }).first();
		await row.waitFor({ timeout: 400_000 });
		await expectGood(`/${tenant.slug}/forecasts`, 'Whole shop');
		mug = (await row.getAttribute('href'))!;
		await row.click();
		await page.getByRole('heading', { name: 'What if' }).waitFor();
	}, 500_000);

	test('the truth page says how good forecasts of the past were', async () => {
		await expectGood(`/${tenant.slug}/forecasts/accuracy`, 'How good the forecasts were');
		await expectGood(`/${tenant.slug}/forecasts/accuracy?level=shop`, 'How good the forecasts were');
	}, 120_000);

	test('a scenario changes the figure, is kept, opened beside another, and forgotten', async () => {
		const { page } = window;
		await page.goto(app.url + mug);
		await page.getByRole('button', { name: 'Add a promotion' }).click();
		await page.getByText(/^With this scenario: [\d,]+/).waitFor();
		await page.fill('[name=name]', 'Black Friday');
		await page.getByRole('button', { name: 'Keep', exact: true }).click();
		const kept = page.getByRole('button', { name: /Black Friday/ }).first();
		await kept.waitFor();
		await page.getByRole('button', { name: 'Back to the forecast' }).click();
		await page.getByText(/^With this scenario/).waitFor({ state: 'detached' });
		await kept.click();
		await page.getByText(/^With this scenario: [\d,]+/).waitFor();
		await expectAccessible(page, 'a scenario');
		await page.getByRole('button', { name: 'Remove Black Friday' }).click();
		await kept.waitFor({ state: 'detached' });
	}, 120_000);

	test('a person’s figure stands beside the model’s with who and why, until it is taken back', async () => {
		const { page } = window;
		await page.goto(app.url + mug);
		await page.fill('[name=units]', '44');
		await page.fill('[name=reason]', 'Gift guide in print');
		await page.getByRole('button', { name: 'Set', exact: true }).click();
		const one = page.getByRole('listitem').filter({ hasText: 'Gift guide in print' });
		await one.waitFor();
		expect(await one.innerText()).toMatch(/set .+ to 44 \(model: \d+\)/);
		await page.getByText(/^With what people set: [\d,]+/).waitFor();
		await expectGood(mug, 'Gift guide in print');
		await one.getByRole('button', { name: 'Undo' }).click();
		await one.getByText('taken back by').waitFor();
		await page.getByText(/^With what people set/).waitFor({ state: 'detached' });
	}, 120_000);

	test('the product’s page shows its forecast and leads to it', async () => {
		const { page } = window;
		const product = mug.replace('/forecasts/', '/products/');
		await expectGood(product, 'Open the forecast');
		await page.goto(app.url + product);
		await page.getByRole('link', { name: 'Open the forecast' }).click();
		await page.waitForURL(`**${mug}`);
	}, 120_000);

	test('a product that the last training did not know is forecast at once', async () => {
		const { page } = window;
		await bring('new.csv', 40, { VASE: (day) => 1 + (day % 3) });
		await page.goto(`${app.url}/${tenant.slug}/products`);
		const href = await page.getByRole('link', { name: 'vase' }).first().getAttribute('href');
		await expectGood(href!, 'one can be made now');
		await page.goto(app.url + href!.replace('/products/', '/forecasts/'));
		await page.getByRole('button', { name: 'Forecast it now' }).click();
		await page.getByText('Made just now and not kept').waitFor({ timeout: 60_000 });
		await expectAccessible(page, 'a forecast made on demand');
		await page.setViewportSize({ width: 390, height: 844 });
		await expectNoSidewaysScroll(page, 'a forecast made on demand, on the phone');
		await expectAccessible(page, 'a forecast made on demand, on the phone');
	}, 240_000);

	test('nothing was refused by the policy of the pages or failed in a script', () => {
		expect(window.complaints).toEqual([]);
	});
});
