import { beforeEach, expect, test } from 'vitest';
import type { Channel } from '#lib/contracts/channels.ts';
import type { ProfitView } from '#lib/contracts/profit.ts';
import { makeConnection } from '../../../../../tests/factories/connection.ts';
import { makeLine, makeOrder } from '../../../../../tests/factories/order.ts';
import { makeOrganization, type TestOrganization } from '../../../../../tests/factories/organization.ts';
import { askKept } from '../../../../../tests/setup/kept-sums.ts';
import { record } from '../../live/index.ts';
import { recordOrders, type ChannelOrder } from '../../orders/index.ts';
import { inOrganization } from '../../platform/db.ts';
import { forgetAll } from '../../platform/cache.ts';
import { olapStore } from '../../platform/olap.ts';
import { setCost, setCostMethod } from '../../catalog/index.ts';
import { catchUp, dashboard, profit } from '../index.ts';
import { rows, uuid } from '../projection/clickhouse.ts';
import { dropReplacedSpans } from './sweep.ts';
import { filtersSchema } from '#lib/contracts/analytics.ts';

const NOW = new Date('2026-11-20T18:30:00Z');
const RANGE = { from: '2026-08-01', to: '2026-11-20' };
const CHANNELS: Channel[] = ['amazon', 'shopify'];

let shop: TestOrganization;
let connections: Map<Channel, string>;

beforeEach(async () => {
	shop = await makeOrganization({ timeZone: 'UTC' });
	connections = new Map();
	for (const channel of CHANNELS)
		connections.set(channel, await makeConnection(shop.organization.id, { channel }));
	await rate('EUR', '2026-07-01', '1.1');
	// two orders a month apart on each channel, one of them in euro
	for (const channel of CHANNELS)
		await save(
			channel,
			['2026-08-05', '2026-09-10', '2026-10-15', '2026-11-18'].map((day, index) =>
				order(`${day}`, { currency: index % 2 ? 'EUR' : 'USD', sku: index % 2 ? 'A' : 'B' })
			)
		);
	await cost('A', '2026-01-01', '2');
	await catchUp([shop.organization.id]);
});

function order(day: string, { currency = 'USD', sku = 'A', refund = '', gross = '10' } = {}): ChannelOrder {
	return makeOrder({
		externalId: day,
		name: day,
		placedAt: `${day}T12:00:00Z`,
		updatedAt: `2026-11-${refund || gross !== '10' ? '20' : '19'}T00:00:00Z`,
		currency,
		lines: [makeLine({ sku, title: sku, gross, quantity: 2, listingExternalId: sku })],
		refunds: refund
			? [
					{
						externalId: 'r',
						refundedAt: `${day}T18:00:00Z`,
						lines: [
							{
								externalId: '1',
								lineExternalId: '1',
								amount: refund,
								tax: '0',
								kind: 'item',
								quantity: 1,
								restocked: false
							}
						]
					}
				]
			: []
	} as Parameters<typeof makeOrder>[0]);
}

const save = (channel: Channel, orders: ChannelOrder[]) =>
	record(shop.organization.id, async (tx) => {
		const done = await recordOrders(
			tx,
			orders.map((one) => ({
				organizationId: shop.organization.id,
				connectionId: connections.get(channel)!,
				channel,
				timeZone: 'UTC',
				order: one
			}))
		);
		return { result: undefined, events: done.events };
	});

const rate = (currency: string, day: string, value: string) =>
	inOrganization(
		shop.organization.id,
		({ sql }) => sql`insert into exchange_rates (organization_id, currency, base, day, rate)
			values (${shop.organization.id}, ${currency}, 'USD', ${day}, ${value})
			on conflict (organization_id, base, currency, day) do update set rate = excluded.rate`
	);

async function cost(sku: string, fromDay: string, unitCost: string): Promise<void> {
	const [product] = await inOrganization(
		shop.organization.id,
		({ sql }) => sql<{ id: string }[]>`select id from products where sku = ${sku}`
	);
	await setCost(shop.ctx(), { productId: product!.id, fromDay, unitCost, currency: 'USD' });
}

const asked = (scope: Parameters<TestOrganization['ctx']>[1] = null) =>
	profit(shop.ctx('manager', scope), { range: RANGE, by: 'week', channels: [], categories: [] }, NOW);
const figures = ({ totals, previous, series, channels, products, unconverted }: ProfitView) => ({
	totals,
	previous,
	series,
	channels,
	products,
	unconverted
});

/** What is answered without any kept sums. */
async function plain<T>(ask: () => Promise<T>): Promise<T> {
	await emptied();
	forgetAll();
	return ask();
}

async function emptied(): Promise<void> {
	const { rebuild, database } = olapStore();
	await rebuild.command({ query: `truncate table ${database}.spans` });
	const { forgetKept } = await import('./known.ts');
	for (const kind of ['sales', 'profit', 'days', 'categories'] as const)
		forgetKept(shop.organization.id, kind);
}

const made = () =>
	rows<{ kind: string; n: number }>(
		olapStore().reader(),
		`select kind, toUInt32(count()) as n from ${olapStore().database}.spans where organization_id = ${uuid(shop.organization.id)} group by kind order by kind`
	);

test('sums of days are kept after a question, read by the next, and answer the same', async () => {
	const before = figures(await plain(() => asked()));
	expect(before.totals.cogs).not.toBe('0');
	expect(figures(await askKept(() => asked()))).toEqual(before);
	expect((await made()).map(({ kind }) => kind)).toEqual(['profit', 'days']);
	// they are what is read: without them nothing is left of the days they stand for
	const { rebuild, database } = olapStore();
	await rebuild.command({ query: `truncate table ${database}.span_sums` });
	forgetAll();
	expect((await asked()).totals).toMatchObject({ gross: '0', cogs: '0', units: 0 });
});

test('a late refund, a changed cost, a rate entered later and receipts are in the next answer', async () => {
	await askKept(() => asked());
	const changes: [string, () => Promise<unknown>][] = [
		['refund', () => save('shopify', [order('2026-09-10', { currency: 'EUR', refund: '3' })])],
		['cost', () => cost('A', '2026-01-01', '3')],
		['cost from a day on', () => cost('A', '2026-10-01', '4')],
		['rate of a day', () => rate('EUR', '2026-09-01', '1.25')],
		['rate between', () => rate('EUR', '2026-11-18', '1.5')],
		['first in, first out', () => setCostMethod(shop.ctx(), { method: 'fifo' })]
	];
	let last = figures(await askKept(() => asked()));
	for (const [name, change] of changes) {
		await change();
		await catchUp([shop.organization.id]);
		const now = figures(await asked());
		expect(figures(await askKept(() => asked())), name).toEqual(now);
		expect(figures(await plain(() => asked())), name).toEqual(now);
		if (name !== 'first in, first out') expect(now.totals, name).not.toEqual(last.totals);
		last = figures(await askKept(() => asked()));
	}
});

test('who sees one channel gets that channel alone out of sums that were kept for all', async () => {
	await askKept(() => asked());
	const scope = { channels: ['shopify' as const] };
	const seen = figures(await askKept(() => asked(scope as never)));
	expect(seen.channels.map(({ channel }) => channel)).toEqual(['shopify']);
	expect(seen).toEqual(figures(await plain(() => asked(scope as never))));
});

test('top products of a long range come from kept sums and stay what they are', async () => {
	const ask = () => dashboard(shop.ctx(), filtersSchema.parse({ range: RANGE }), NOW);
	const before = (await plain(ask)).products;
	expect(before).toHaveLength(2);
	expect((await askKept(ask)).products).toEqual(before);
	expect((await made()).map(({ kind }) => kind)).toEqual(['sales']);
	await save('amazon', [order('2026-08-05', { sku: 'B', gross: '30' })]);
	await catchUp([shop.organization.id]);
	forgetAll();
	const after = (await ask()).products;
	expect(after).not.toEqual(before);
	expect((await plain(ask)).products).toEqual(after);
});

test('sums that were made again are dropped, once nobody reads them', async () => {
	await askKept(() => asked());
	const once = await made();
	await cost('A', '2026-01-01', '3');
	await catchUp([shop.organization.id]);
	const now = figures(await askKept(() => asked()));
	expect(await made()).not.toEqual(once);
	await dropReplacedSpans(-10, 1);
	expect(await made()).toEqual(once);
	forgetAll();
	expect(figures(await asked())).toEqual(now);
});

test('days that have just changed are not kept', async () => {
	await asked();
	expect(await made()).toEqual([]);
});
