import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll, type Window } from './browsing.ts';
import { browserFor, startSeller, type StartedSeller } from './seller.ts';

const hasBrowser = browserFor('the import is');

const FILES = path.resolve(import.meta.dirname, '../imports/files');
let seller: StartedSeller;
let app: StartedSeller['app'];
let window: Window;
let tenant: StartedSeller['tenant'];

beforeAll(async () => {
	if (!hasBrowser) return;
	seller = await startSeller('import');
	({ app, window, tenant } = seller);
});
afterAll(() => seller?.stop());

async function choose(file: string): Promise<void> {
	const { page } = window;
	await page.goto(`${app.url}/${tenant.slug}/import`);
	await page.waitForLoadState('networkidle');
	await page.setInputFiles('input[type=file]', file);
	await page.waitForURL(/\/import\/[0-9a-f-]{36}$/);
}
const button = (name: string | RegExp) => window.page.getByRole('button', { name });
const said = (text: string) => window.page.getByText(text, { exact: true }).first();

describe.runIf(hasBrowser)('history by file', () => {
	test('a report of Amazon is seen before it is imported, and its orders are among the orders', async () => {
		const { page } = window;
		await choose(path.join(FILES, 'amazon-all-orders.txt'));
		await button('Import 4 orders').waitFor();
		await page.getByText('“two” is no number of pieces').waitFor();
		await expectAccessible(page, 'a checked file');
		await button('Import 4 orders').click();
		await said('Done').waitFor();
		await page.goto(`${app.url}/${tenant.slug}/orders?from=2023-01-01&to=2023-12-31`);
		await page.getByText('111-2223334-5556667').first().waitFor();
	});

	test('columns of a file of its own are said, and an import is undone', async () => {
		const { page } = window;
		await choose(path.join(FILES, 'own-columns.csv'));
		await said('Columns to say').waitFor();
		await expectAccessible(page, 'columns to say');
		await button('Check the file').click();
		await page.getByText('Say which columns hold these: Order id').waitFor();
		// the browser notes a refused form
		expect(window.complaints.splice(0)).toEqual([expect.stringContaining('400')]);
		const columns = { orderId: 'Bestellnummer', orderedAt: 'Datum', quantity: 'Menge', unitPrice: 'Preis' };
		for (const [field, column] of Object.entries(columns))
			await page.selectOption(`[name="map.${field}"]`, column);
		await button('Check the file').click();
		await button(/^Import \d orders$/).click();
		await said('Done').waitFor();
		await button('Undo').click();
		await button('Undo the import').click();
		await said('Undone').waitFor();
		await page.getByText(/orders removed\./).waitFor();
	});

	test('a large file shows how far it is, also after a reload, and on the phone', async () => {
		const { page } = window;
		const file = path.join(seller.folder, 'large.csv');
		const rows = ['orderId,orderedAt,quantity,sku,title,unitPrice'];
		for (let at = 0; at < 120_000; at++)
			rows.push(`${9_000_000 + at},2022-03-04,1,SKU-${at % 50},A thing with a name,5.00`);
		fs.writeFileSync(file, rows.join('\n'));
		expect(fs.statSync(file).size).toBeGreaterThan(4_000_000); // more than one part
		await choose(file);
		await said('Columns to say').or(button('Import 120,000 orders')).first().waitFor();
		await button('Check the file').click();
		await button('Import 120,000 orders').waitFor({ timeout: 60_000 });
		await button('Import 120,000 orders').click();
		await page.getByRole('progressbar').waitFor();
		await page.reload();
		await page.getByRole('progressbar').waitFor();
		await button('Stop and undo').click();
		await button('Undo the import').click();
		await said('Undone').waitFor({ timeout: 60_000 });
		await page.setViewportSize({ width: 390, height: 844 });
		await expectNoSidewaysScroll(page, 'an import on the phone');
		await page.goto(`${app.url}/${tenant.slug}/import`);
		await expectNoSidewaysScroll(page, 'imports on the phone');
		await expectAccessible(page, 'imports');
	});

	test('reconciliation says what it will compare', async () => {
		const { page } = window;
		await page.goto(`${app.url}/${tenant.slug}/reconciliation`);
		await page.getByText('Nothing to compare yet').waitFor();
		await expectAccessible(page, 'reconciliation');
		await expectNoSidewaysScroll(page, 'reconciliation on the phone');
	});

	test('nothing was refused by the policy of the pages or failed in a script', () => {
		expect(window.complaints).toEqual([]);
	});
});
