import { spawnSync } from 'node:child_process';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launchBrowser } from '../../bench/browser.ts';
import { startApp, temporaryFolder, type Child } from '../../bench/process.ts';
import { openStore } from '../../bench/tenants.ts';
import { expectAccessible, expectNoSidewaysScroll, openWindow } from './browsing.ts';
import { routeFiles } from './route-files.ts';
import { ROUTES } from './route-map.ts';
import { plantMarked, type Planted } from './two-tenants.ts';

const hasBrowser = chromiumPath() !== null && spawnSync(chromiumPath()!, ['--version']).status === 0;
if (!hasBrowser)
	console.warn(
		'SKIPPED: no Chromium on this machine. Install it or set CHROMIUM_PATH; no page is looked at.'
	);

const folder = temporaryFolder('every-page');
let app: Child;
let browser: Browser;
let tenant: Planted;

beforeAll(async () => {
	if (!hasBrowser) return;
	app = await startApp({ dataDir: folder.path });
	const sql = openStore(folder.path);
	tenant = await plantMarked(app, sql, folder.path);
	await sql.end();
	browser = await launchBrowser();
});
afterAll(async () => {
	await browser?.close();
	await app?.stop();
	await folder.remove();
});

const pages = routeFiles().filter(({ page }) => page);

/** The page's address in the organization with a row of each kind. */
const addressOf = (id: string) =>
	Object.entries({ org: tenant.slug, ...ROUTES[id]!.params?.(tenant) }).reduce(
		(address, [name, value]) => address.replace(new RegExp(`\\[(\\.\\.\\.)?${name}\\]`), value),
		id
	);

describe.runIf(hasBrowser).each([
	['at a desk', {}],
	['in the dark', { dark: true }],
	['on a phone', { width: 390, height: 844 }]
])('%s', (_name, look) => {
	test('axe finds nothing on any page, and none is wider than its window', async () => {
		const { context, page, complaints } = await openWindow(browser, look);
		const [name, ...value] = tenant.cookie.split('=');
		await context.addCookies([{ name: name!, value: value.join('='), url: app.url }]);
		for (const { id } of pages) {
			await page.goto(app.url + addressOf(id));
			await page.waitForLoadState('networkidle', { timeout: 2000 }).catch(() => {}); // live pages never are
			await expectNoSidewaysScroll(page, id);
			await expectAccessible(page, id);
		}
		// some pages are refusals here: a token of no mail, a page of developers
		expect(complaints.filter((text) => !/status of 40\d/.test(text))).toEqual([]);
		await context.close();
	}, 600_000);
});
