import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { median, percentile } from './percentiles.ts';
import { Poster } from './poster.ts';
import { startApp, temporaryFolder } from './process.ts';
import type { Line, Result } from './report.ts';
import { givePassword, signIn } from './sign-in.ts';
import { openStore, plantShop, plantTenant, type Shop, type Tenant } from './tenants.ts';
import { orderCreated, orderEdited, orderRefunded, type Delivery } from './webhook.ts';

/** Changes of each kind in a round after which all places are asked at once: five rounds make 20. */
const AT_ONCE = 4;
/** Orders that stand before the first change, over the last 25 days. */
const ORDERS = 500;
const LONGEST_MS = 10_000;
/** Between two looks at a place. */
const PAUSE_MS = 20;
const CENTS_OF_ORDER = 1295 + 2 * 450 + 3 * 3800;

/** What all places have to tell, in cents of the organization's currency, over the last 30 days. */
interface Truth {
	net: number;
	margin: number;
}

/** A place that tells net sales or the margin, as a text or number that is read as cents. */
interface Place {
	name: string;
	of: keyof Truth;
	/** Shows whole units of the currency. */
	whole?: true;
	read(): Promise<number>;
}

/** Ms from a change to a place telling it: of each place asked alone, and of the last of all of them asked at once. */
interface Samples {
	alone: number[];
	atOnce: number[];
}

/** From a change to the last of all places telling it: the pages as HTML, the API, the exports. */
export async function run(rounds: number): Promise<Result> {
	const folder = temporaryFolder('agree');
	const app = await startApp({ dataDir: folder.path, env: { API_REQUESTS_PER_MINUTE: '1000000' } });
	const sql = openStore(folder.path);
	const poster = new Poster(app.port, '/webhooks/shopify');
	try {
		const tenant = await plantTenant(sql, { name: 'Bench' });
		await givePassword(sql, tenant.ownerId);
		const shop = await plantShop(sql, folder.path, tenant);
		const orders = await sell(poster, shop);
		const [product] = await sql<{ id: string; sku: string }[]>`
			select id, sku from products where organization_id = ${tenant.id} order by sku limit 1`;
		const seller = new Seller(orders, product!.sku);
		const places = placesOf(app.url, tenant, await signIn(app.url, tenant.ownerId));
		await agreed(places, seller.truth(), performance.now(), 120_000);
		const post = async (delivery: Delivery) => {
			const { status, sentAt } = await poster.post(delivery);
			if (status !== 200) throw new Error(`A webhook was answered with ${status}.`);
			return sentAt;
		};
		const changes: Record<string, () => Promise<number>> = {
			'a late refund': () => post(orderRefunded(shop, seller.refund(), new Date())),
			'a changed order': () => post(orderEdited(shop, seller.edit(), new Date())),
			'a changed cost': async () => {
				const sentAt = performance.now();
				await setCost(app.url, tenant, product!.id, seller.cost());
				return sentAt;
			}
		};
		const took = new Map(Object.keys(changes).map((name) => [name, { alone: [], atOnce: [] } as Samples]));
		const last = new Map<string, number>();
		const sample = async (asked: readonly Place[], into: keyof Samples) => {
			for (const [name, change] of Object.entries(changes)) {
				const sentAt = await change();
				const slowest = await agreed(asked, seller.truth(), sentAt, LONGEST_MS);
				took.get(name)![into].push(slowest.ms);
				if (into === 'atOnce') last.set(slowest.name, (last.get(slowest.name) ?? 0) + 1);
				await sleep(100 + Math.random() * 400); // not in step with the projection's own timers
			}
		};
		for (let round = 0; round < rounds; round++) {
			for (const place of places) await sample([place], 'alone');
			for (let n = 0; n < AT_ONCE; n++) await sample(places, 'atOnce');
		}
		await agreed(places, seller.truth(), performance.now(), LONGEST_MS);
		const often = [...last].sort((a, b) => b[1] - a[1]).slice(0, 3);
		return {
			bench: 'agree',
			lines: [...took].flatMap(([name, { alone, atOnce }]) => [
				...linesOf(`${name}, each place asked alone`, alone),
				...linesOf(`${name}, all ${places.length} asked at once`, atOnce)
			]),
			facts: {
				places: places.length,
				'samples of each alone': rounds * places.length,
				'all at once': rounds * AT_ONCE,
				orders: orders.length,
				'load average': os.loadavg()[1]!.toFixed(1),
				'last of all to tell it': often.map(([name, times]) => `${name} (${times})`).join(' ')
			}
		};
	} finally {
		poster.close();
		await sql.end({ timeout: 2 });
		await app.stop();
		await folder.remove();
	}
}

function linesOf(name: string, samples: readonly number[]): Line[] {
	const line = { reference: null, unit: 'ms', judge: 'absolute' as const };
	return [
		{ ...line, name: `${name}: p50`, candidate: median(samples), gate: null },
		{
			...line,
			name: `${name}: p95`,
			candidate: percentile(samples, 0.95),
			gate: { atMost: 1000 },
			note: `slowest ${Math.round(Math.max(...samples))} ms`
		}
	];
}

async function sell(poster: Poster, shop: Shop): Promise<Delivery[]> {
	const orders: Delivery[] = [];
	for (let n = 0; n < ORDERS; n++) {
		const order = orderCreated(shop, new Date(Date.now() - (1 + (n % 24)) * 86_400_000));
		if ((await poster.post(order)).status !== 200) throw new Error('A webhook was refused.');
		orders.push(order);
	}
	return orders;
}

/** Counts by itself what was sold, paid back, taken out and what a piece of one product costs. */
class Seller {
	#orders: Delivery[];
	#sku: string;
	#net: number;
	#pieces: number;
	#cost = 0;
	#next = 0;

	constructor(orders: Delivery[], sku: string) {
		this.#orders = orders;
		this.#sku = sku;
		this.#net = orders.length * CENTS_OF_ORDER;
		this.#pieces = orders.reduce((sum, order) => sum + this.#soldIn(order), 0);
	}

	truth(): Truth {
		return { net: this.#net, margin: this.#net - this.#pieces * this.#cost };
	}

	/** The next order, of which a piece of the first line is paid back and not put into stock again. */
	refund(): Delivery {
		this.#net -= 1295;
		return this.#orders[this.#next++]!;
	}

	/** The next order, of whose last line a piece is taken out. */
	edit(): Delivery {
		const order = this.#orders[this.#next++]!;
		this.#net -= 3800;
		if (linesIn(order)[2]!.sku === this.#sku) this.#pieces--;
		return order;
	}

	/** Another cost of a piece, in cents. */
	cost(): number {
		return (this.#cost += 25);
	}

	#soldIn(order: Delivery): number {
		return linesIn(order).reduce((sum, line) => sum + (line.sku === this.#sku ? line.quantity : 0), 0);
	}
}

const linesIn = (order: Delivery) =>
	(JSON.parse(order.body.toString()) as { line_items: { sku: string; quantity: number }[] }).line_items;

/** As the product's page sends it. */
async function setCost(url: string, tenant: Tenant, productId: string, cents: number): Promise<void> {
	const body = new URLSearchParams({ unitCost: (cents / 100).toFixed(2), currency: 'USD', fromDay: '' });
	const response = await fetch(`${url}/${tenant.slug}/products/${productId}?/cost`, {
		method: 'POST',
		headers: { cookie: tenant.cookie, origin: url, accept: 'application/json' },
		body
	});
	const text = await response.text();
	if (!text.includes('"success"'))
		throw new Error(`The cost was answered with ${response.status}: ${text.slice(0, 300)}`);
}

/** Asks every place until it tells the truth; answers which one was last, and ms since `since`. */
async function agreed(
	places: readonly Place[],
	truth: Truth,
	since: number,
	longest: number
): Promise<{ name: string; ms: number }> {
	const told = await Promise.all(
		places.map(async ({ name, of, whole, read }) => {
			const right = whole ? Math.round(truth[of] / 100) * 100 : truth[of];
			for (;;) {
				const value = await read();
				const ms = performance.now() - since;
				if (value === right) return { name, ms };
				if (ms > longest)
					throw new Error(`${name} tells ${value} after ${Math.round(ms)} ms, and not ${right}.`);
				await sleep(PAUSE_MS);
			}
		})
	);
	return told.reduce((slowest, one) => (one.ms > slowest.ms ? one : slowest));
}

type Json = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- answers of any shape

function placesOf(url: string, tenant: Tenant, token: string): Place[] {
	const text = async (path: string, headers: Record<string, string>) => {
		const response = await fetch(url + path, { headers });
		if (!response.ok)
			throw new Error(`${path} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
		return response.text();
	};
	const get = (path: string) => text(`/api/v1${path}`, { authorization: `Bearer ${token}` });
	const json = async (path: string): Promise<Json> => JSON.parse(await get(path));
	const page = (path: string) => text(`/${tenant.slug}${path}`, { cookie: tenant.cookie });
	const cents = (amount: unknown) => Math.round(Number(amount) * 100);
	const total = (rows: Json[], name: string) => cents(rows.reduce((sum, row) => sum + Number(row[name]), 0));
	/** The amount that a pattern finds in the words of a page. */
	const shown = async (path: string, pattern: RegExp) => {
		const words = (await page(path)).replace(/<!--.*?-->|<[^>]*>/gs, ' ').replace(/\s+/g, ' ');
		return cents(pattern.exec(words)?.[1]?.replace(/[, ]/g, ''));
	};
	/** Sum of a column; no cell of these files holds a comma or a line's end. */
	const column = (
		csv: string,
		name: string,
		given: (row: string[], names: string[]) => boolean = () => true
	) => {
		const [head, ...rows] = csv
			.replace('\ufeff', '')
			.trimEnd()
			.split('\r\n')
			.map((line) => line.split(','));
		const at = head!.indexOf(name);
		return cents(rows.filter((row) => given(row, head!)).reduce((sum, row) => sum + Number(row[at]), 0));
	};
	const whole = (row: string[], names: string[]) => row[names.indexOf('group')] === 'All';
	const net = (name: string, read: () => Promise<number>): Place => ({ name, of: 'net', read });
	const margin = (name: string, read: () => Promise<number>): Place => ({ name, of: 'margin', read });
	const customers = () => json('/analytics/customers?range=last-30-days');
	return [
		net('api metrics', async () => cents((await json('/dashboard/metrics')).total_revenue)),
		net('api revenue', async () => cents((await json('/analytics/revenue')).totals.net)),
		margin('api revenue, margin', async () => cents((await json('/analytics/revenue')).totals.margin)),
		net('api trend', async () => cents((await json('/analytics/trends')).total.value)),
		margin('api trend, margin', async () =>
			cents((await json('/analytics/trends?metric=contribution_margin')).total.value)
		),
		net('api products', () => ofAllPages(json, '/analytics/products', 'net_sales').then(cents)),
		margin('api products, margin', () => ofAllPages(json, '/analytics/products', 'margin').then(cents)),
		net('api customers', async () => {
			const { range } = await customers();
			return cents(range.new_net + range.returning_net + range.unidentified_net);
		}),
		net('api segments', async () => total((await customers()).segments, 'net')),
		net('api cohorts', async () => total((await json('/analytics/cohorts')).cohorts, 'revenue')),
		net('api orders.csv', async () => column(await get('/orders/export'), 'net')),
		net('page dashboard', () => shown('/dashboard', /Net sales \$([\d,]+ ?\.\d\d)/)),
		net('page orders', () => shown('/orders', /\$([\d,.]+) net sales/)),
		net('page trends', () => shown('/trends?range=last-30-days', /Month \$([\d,.]+)/)),
		{
			name: 'page profit',
			of: 'margin',
			whole: true,
			read: () => shown('/profit', /Contribution margin : what it means \$([\d,]+)/)
		},
		net('trend.csv', async () => column(await page('/trends/export?range=last-30-days'), 'value', whole)),
		margin('trend.csv, margin', async () =>
			column(await page('/trends/export?range=last-30-days&metric=contribution_margin'), 'value', whole)
		)
	];
}

async function ofAllPages(
	json: (path: string) => Promise<Json>,
	path: string,
	name: string
): Promise<number> {
	let sum = 0;
	for (let cursor = ''; ;) {
		const { data, next_cursor: next } = await json(path + cursor);
		for (const row of data) sum += row[name];
		if (next === null) return sum;
		cursor = `?cursor=${next}`;
	}
}
