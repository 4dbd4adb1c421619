import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserFor, importOrders, startSeller, type StartedSeller } from './seller.ts';

const hasBrowser = browserFor('pages that follow what comes in are');
let seller: StartedSeller;
/** Shopify's ids are whole numbers. */
let id = 9_100_000;

beforeAll(async () => {
	if (!hasBrowser) return;
	seller = await startSeller('follows');
	await bring('first.csv', 3);
});
afterAll(() => seller?.stop());

/** Imports a file of orders of one mug at 5.00, each of yesterday. */
async function bring(name: string, orders: number): Promise<void> {
	const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
	const rows: string[] = [];
	for (let n = 0; n < orders; n++) rows.push(`${++id},${day}T12:00:00Z,1,MUG,mug,5.00`);
	await importOrders(seller, name, rows);
}

describe.runIf(hasBrowser)('open pages', () => {
	test('trends, the performance of products and a product take in what comes in, without a reload', async () => {
		const root = `${seller.app.url}/${seller.tenant.slug}`;
		const open = async (address: string, says: string): Promise<Page> => {
			const page = await seller.window.context.newPage();
			await page.goto(address);
			await page.getByText(says).first().waitFor({ timeout: 20_000 });
			await page.getByText('Live', { exact: false }).first().waitFor();
			return page;
		};
		const performance = await open(`${root}/products/performance`, '$15');
		const trends = await open(`${root}/trends?dimension=customer`, '$15.00');
		const address = await performance.getByRole('link', { name: 'mug' }).first().getAttribute('href');
		const product = await open(new URL(address!, root).href, '3 units');
		const loads = [performance, trends, product].map((page) => {
			let count = 0;
			page.on('load', () => count++);
			return () => count;
		});

		await bring('second.csv', 4);

		await trends.getByText('$35.00').first().waitFor({ timeout: 30_000 });
		await performance.getByText('$35').first().waitFor({ timeout: 30_000 });
		await product.getByText('7 units').first().waitFor({ timeout: 30_000 });
		expect(loads.map((count) => count())).toEqual([0, 0, 0]);
	}, 240_000);
});
