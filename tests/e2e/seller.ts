import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright';
import { chromiumPath, launchBrowser } from '../../bench/browser.ts';
import { startApp, temporaryFolder, type Child } from '../../bench/process.ts';
import { openStore, plantTenant, type Tenant } from '../../bench/tenants.ts';
import { openWindow, type Window } from './browsing.ts';

/** Whether there is a Chromium here; says what is not tested without one. */
export function browserFor(what: string): boolean {
	const found = chromiumPath() !== null && spawnSync(chromiumPath()!, ['--version']).status === 0;
	if (!found)
		console.warn(
			`SKIPPED: no Chromium on this machine. Install it or set CHROMIUM_PATH; ${what} not tested.`
		);
	return found;
}

/** A new seller's owner, signed in in a window, over the built app on stores of its own. */
export interface StartedSeller {
	app: Child;
	browser: Browser;
	window: Window;
	tenant: Tenant;
	/** A folder for files of the test; it goes with `stop`. */
	folder: string;
	stop(): Promise<void>;
}

/** Starts the built app, an organization without any channel, and a browser that is signed in as its owner. */
export async function startSeller(name: string): Promise<StartedSeller> {
	const folder = temporaryFolder(name);
	const app = await startApp({ dataDir: folder.path });
	const sql = openStore(folder.path);
	const tenant = await plantTenant(sql);
	await sql.end();
	const browser = await launchBrowser();
	const window = await openWindow(browser);
	const [key, ...value] = tenant.cookie.split('=');
	await window.context.addCookies([{ name: key!, value: value.join('='), url: app.url }]);
	return {
		app,
		browser,
		window,
		tenant,
		folder: folder.path,
		stop: async () => {
			await browser.close();
			await app.stop();
			await folder.remove();
		}
	};
}

/** Imports a file of one-line orders, as a person does it on the import page. `rows`: order id, day, quantity, SKU, title and price. */
export async function importOrders(
	{ app, tenant, folder, window: { page } }: StartedSeller,
	name: string,
	rows: readonly string[]
): Promise<void> {
	const file = path.join(folder, name);
	fs.writeFileSync(file, ['orderId,orderedAt,quantity,sku,title,unitPrice', ...rows].join('\n'));
	await page.goto(`${app.url}/${tenant.slug}/import`);
	await page.waitForLoadState('networkidle');
	await page.setInputFiles('input[type=file]', file);
	const start = page.getByRole('button', { name: /^Import [\d,]+ orders$/ });
	await start
		.or(page.getByText('Columns to say', { exact: true }))
		.first()
		.waitFor();
	if (!(await start.isVisible())) await page.getByRole('button', { name: 'Check the file' }).click();
	await start.click({ timeout: 90_000 });
	await page.getByText('Done', { exact: true }).first().waitFor({ timeout: 60_000 });
}
