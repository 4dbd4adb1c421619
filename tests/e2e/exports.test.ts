import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Poster } from '../../bench/poster.ts';
import { startApp, temporaryFolder, type Child } from '../../bench/process.ts';
import { givePassword, signIn } from '../../bench/sign-in.ts';
import { openStore, plantShop, plantTenant, type Tenant } from '../../bench/tenants.ts';
import { orderCreated, signed } from '../../bench/webhook.ts';

/** What a customer or a supplier may call things. */
const FORMULAS = [
	'=HYPERLINK("https://evil.example","x")',
	'+1+1',
	'-2+3',
	'@SUM(1)',
	'\t=1',
	' =1',
	'＝1+1',
	'=1,"2"\r\n=3'
];
const folder = temporaryFolder('exports');
let app: Child;
let tenant: Tenant;
let token: string;

beforeAll(async () => {
	app = await startApp({ dataDir: folder.path });
	const sql = openStore(folder.path);
	tenant = await plantTenant(sql);
	await givePassword(sql, tenant.ownerId);
	const shop = await plantShop(sql, folder.path, tenant);
	const poster = new Poster(app.port, '/webhooks/shopify');
	for (const [index, formula] of FORMULAS.entries()) {
		const order = orderCreated(shop);
		const told = JSON.parse(order.body.toString());
		told.name = formula;
		told.customer = {
			...told.customer,
			id: index + 1,
			first_name: formula,
			last_name: '',
			email: `=${index}@x.example`
		};
		told.shipping_address = {
			...told.shipping_address,
			city: formula,
			province: formula,
			province_code: null
		};
		told.line_items[0] = {
			...told.line_items[0],
			sku: `${formula}-${index}`,
			title: formula,
			variant_id: 9000 + index
		};
		const body = Buffer.from(JSON.stringify(told));
		const answer = await poster.post({
			body,
			headers: signed(shop, 'orders/create', `formula-${index}`, body)
		});
		expect(answer.status).toBe(200);
	}
	poster.close();
	await sql.end({ timeout: 2 });
	token = await signIn(app.url, tenant.ownerId);
}, 120_000);
afterAll(async () => {
	await app?.stop();
	await folder.remove();
});

test.each([
	['orders', '/orders/export'],
	['orders over the API', null],
	['trends by product', '/trends/export?dimension=product&range=last-7-days'],
	['costs of products', '/products/costs/export']
])('no cell of the downloaded %s is a formula', async (_name, path) => {
	const [address, headers] = path
		? [`/${tenant.slug}${path}`, { cookie: tenant.cookie }]
		: ['/api/v1/orders/export', { authorization: `Bearer ${token}` }];
	const held = async () => {
		const response = await fetch(app.url + address, { headers: headers as Record<string, string> });
		expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
		return (parse(await response.text(), { bom: true }) as string[][]).flat();
	};
	// figures follow within a second
	await expect
		.poll(async () => (await held()).some((cell) => cell.startsWith("'=HYPERLINK")), { timeout: 10_000 })
		.toBe(true);
	const cells = await held();
	const computed = cells.filter(
		(cell) => /^\s*[=+\-@＝＋－＠\t\r\n]/.test(cell) && !/^-\d+(\.\d+)?$/.test(cell)
	);
	expect(computed).toEqual([]);
	expect(cells.filter((cell) => cell.startsWith("'")).length).toBeGreaterThanOrEqual(FORMULAS.length - 1);
});
