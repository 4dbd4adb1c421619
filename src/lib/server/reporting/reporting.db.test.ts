import { expect, test } from 'vitest';
import { makeConnection } from '../../../../tests/factories/connection.ts';
import { makeLine, makeOrder } from '../../../../tests/factories/order.ts';
import { makeOrganization } from '../../../../tests/factories/organization.ts';
import { upsertListings, type ChannelListing } from '../catalog/index.ts';
import { catchUp } from '../analytics/index.ts';
import { recordStock, upsertLocations } from '../inventory/index.ts';
import { record } from '../live/index.ts';
import { recordOrders } from '../orders/index.ts';
import { inOrganization } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { keptMails } from '../platform/mail/outbox.ts';
import { exportTrend, findSubscription, unsubscribe } from './index.ts';
import {
	addAnnotation,
	createReport,
	listAnnotations,
	listGoals,
	listReports,
	listViews,
	previewReport,
	removeAnnotation,
	removeView,
	saveView,
	setGoal
} from './index.ts';
import { queueDueReports, sendReport } from './send.ts';
import { readUnsubscribe, unsubscribeToken } from './unsubscribe.ts';

const NOW = new Date('2026-11-20T18:30:00Z');

/** One order of 40 on each of two days of November in New York. */
async function shop() {
	const made = await makeOrganization({ timeZone: 'America/New_York', currency: 'USD' });
	const { organization } = made;
	const connectionId = await makeConnection(organization.id);
	await record(organization.id, async (tx) => {
		const result = await recordOrders(
			tx,
			['2026-11-18T15:00:00Z', '2026-11-19T15:00:00Z'].map((placedAt, index) => ({
				organizationId: organization.id,
				connectionId,
				channel: 'shopify' as const,
				timeZone: organization.timeZone,
				order: makeOrder({
					externalId: `o${index}`,
					placedAt,
					lines: [
						makeLine({ quantity: 2, gross: '40', sku: 'MUG', title: '=Mug <b>', listingExternalId: 'v1' })
					]
				})
			}))
		);
		return { result, events: result.events };
	});
	await catchUp([organization.id]);
	const userId = made.ownerId;
	return { ...made, connectionId, userId, scope: { organizationId: organization.id, connectionId } };
}

test('promotions by hand, stock-outs and price changes stand beside the figures', async () => {
	const { ctx, scope, organization } = await shop();
	const listing = (given: Partial<ChannelListing>): ChannelListing => ({
		externalId: 'v1',
		groupExternalId: null,
		stockExternalId: 's1',
		sku: 'MUG',
		title: 'Mug',
		variantTitle: null,
		brand: null,
		category: null,
		barcode: null,
		price: '20',
		currency: 'USD',
		cost: null,
		status: 'active',
		tracked: true,
		updatedAt: '2026-11-10T10:00:00Z',
		...given
	});
	const within = inOrganization;
	await within(organization.id, (tx) => upsertListings(tx, scope, [listing({})]));
	await within(organization.id, (tx) =>
		upsertListings(tx, scope, [listing({ price: '25', updatedAt: '2026-11-19T03:00:00Z' })])
	);
	await within(organization.id, (tx) =>
		upsertLocations(tx, scope, [{ externalId: 'here', name: 'Here', country: 'US', isActive: true }])
	);
	const level = (available: number, updatedAt: string) => ({
		stockExternalId: 's1',
		locationExternalId: 'here',
		available,
		onHand: null,
		committed: null,
		incoming: null,
		reserved: null,
		updatedAt
	});
	await within(organization.id, (tx) => recordStock(tx, scope, [level(3, '2026-11-01T00:00:00Z')]));
	await within(organization.id, (tx) => recordStock(tx, scope, [level(0, '2026-11-02T00:00:00Z')]));
	const id = await addAnnotation(ctx(), {
		title: 'Black Friday',
		fromDay: '2026-11-17',
		toDay: '2026-11-18'
	});
	const today = new Date().toISOString().slice(0, 10);
	const all = await listAnnotations(ctx(), {
		from: '2026-11-01',
		to: today > '2026-12-31' ? today : '2026-12-31'
	});
	expect(all.filter(({ kind }) => kind !== 'stock-out')).toMatchObject([
		{ kind: 'promotion', from: '2026-11-17', to: '2026-11-18', title: 'Black Friday', id },
		{ kind: 'price', from: '2026-11-18', title: 'Mug: 20 to 25 USD', channel: 'shopify' }
	]);
	const out = await inOrganization(
		organization.id,
		({ sql }) => sql`select lowest, closing from stock_history where organization_id = ${organization.id}`
	);
	expect(out).toMatchObject([{ lowest: 0, closing: 0 }]);
	expect(await listAnnotations((await shop()).ctx(), { from: '2026-01-01', to: '2026-12-31' })).toEqual([]);
	await expect(removeAnnotation((await shop()).ctx(), id)).rejects.toMatchObject({ status: 404 });
	await expect(addAnnotation(ctx('viewer'), {})).rejects.toMatchObject({ status: 403 });
	await expect(
		addAnnotation(ctx(), { title: 'x', fromDay: '2026-11-18', toDay: '2026-11-17' })
	).rejects.toMatchObject({ status: 400 });
	await removeAnnotation(ctx(), id);
});

test('stock-outs run from the day stock fell to nothing to the day before it rose', async () => {
	const { ctx, organization } = await shop();
	await inOrganization(organization.id, async ({ sql }) => {
		const [product] = await sql<
			{ id: string }[]
		>`select id from products where organization_id = ${organization.id}`;
		for (const [day, lowest, closing] of [
			['2026-11-01', 5, 5],
			['2026-11-03', 0, 0],
			['2026-11-07', 9, 9],
			['2026-11-09', 0, 4],
			['2026-11-12', -1, -1]
		] as const)
			await sql`insert into stock_history (organization_id, product_id, day, lowest, closing) values (${organization.id}, ${product!.id}, ${day}, ${lowest}, ${closing})`;
	});
	const outs = async (from: string, to: string) =>
		(await listAnnotations(ctx(), { from, to })).map((row) => [row.from, row.to]);
	expect(await outs('2026-11-01', '2026-11-30')).toEqual([
		['2026-11-03', '2026-11-06'],
		['2026-11-09', '2026-11-09'],
		['2026-11-12', null]
	]);
	expect(await outs('2026-11-07', '2026-11-08')).toEqual([]);
	expect(await outs('2026-11-06', '2026-11-06')).toEqual([['2026-11-03', '2026-11-06']]);
	expect(await outs('2026-12-06', '2026-12-06')).toEqual([['2026-11-12', null]]);
});

test('views are shared or one’s own', async () => {
	const { ctx } = await shop();
	const query = JSON.stringify({ metric: 'orders', dimension: 'channel' });
	const shared = await saveView(ctx(), { name: 'Ours', query, shared: 'on' });
	await saveView(ctx(), { name: 'Mine', query });
	expect((await listViews(ctx())).map(({ name, shared: all }) => [name, all])).toEqual([
		['Mine', false],
		['Ours', true]
	]);
	const other = { ...ctx(), actor: { kind: 'member' as const, userId: newId() } };
	expect((await listViews(other)).map(({ name }) => name)).toEqual(['Ours']);
	expect(await listViews((await shop()).ctx())).toEqual([]);
	await expect(saveView(ctx(), { name: 'Bad', query: '{"metric":"luck"}' })).rejects.toMatchObject({
		status: 400
	});
	await expect(removeView((await shop()).ctx(), shared)).rejects.toMatchObject({ status: 404 });
	await expect(saveView(ctx('viewer'), { name: 'x', query })).rejects.toMatchObject({ status: 403 });
});

test('a goal tells how far it is in its running period', async () => {
	const { ctx } = await shop();
	await setGoal(ctx(), { metric: 'net_sales', period: 'month', target: '100' });
	await setGoal(ctx(), { metric: 'net_sales', period: 'month', target: '160' });
	await setGoal(ctx(), { metric: 'orders', period: 'week', target: '2', channel: 'shopify' });
	expect(await listGoals(ctx(), NOW)).toMatchObject([
		{ metric: 'orders', value: '2', percent: '100.0', pace: 'met', from: '2026-11-16', to: '2026-11-22' },
		{ metric: 'net_sales', target: '160', value: '80', percent: '50.0', pace: 'behind', elapsed: '66.7' }
	]);
	expect(await listGoals((await shop()).ctx(), NOW)).toEqual([]);
	await expect(setGoal(ctx(), { metric: 'orders', period: 'month', target: '-1' })).rejects.toMatchObject({
		status: 400
	});
});

test('a report goes out once when it is due, to members only, and its link stops it', async () => {
	const { ctx, userId, organization } = await shop();
	const made = new Date('2026-11-19T20:00:00Z');
	const viewId = await saveView(ctx(), {
		name: 'Products',
		query: '{"dimension":"product","range":"last-7-days"}',
		shared: true
	});
	await expect(
		createReport(ctx(), { name: 'Day', cadence: 'daily', recipients: newId() }, made)
	).rejects.toMatchObject({ status: 400 });
	const id = await createReport(ctx(), { name: 'Day', cadence: 'daily', recipients: userId, viewId }, made);
	expect(await listReports(ctx())).toMatchObject([
		{ nextAt: '2026-11-20T12:00:00.000Z', recipients: [{ name: 'Test Owner' }] }
	]);

	const queued: { reportId: string; dueAt: string }[] = [];
	const queue = async (_contract: unknown, payload: unknown) => {
		const job = payload as (typeof queued)[number] & { organizationId: string };
		if (job.organizationId === organization.id) queued.push(job);
	};
	await queueDueReports(new Date('2026-11-20T11:59:59Z'), queue as never);
	expect(queued).toEqual([]);
	await queueDueReports(NOW, queue as never);
	await queueDueReports(NOW, queue as never);
	expect(queued).toMatchObject([{ reportId: id, dueAt: '2026-11-20T12:00:00.000Z' }]);
	expect((await listReports(ctx()))[0]).toMatchObject({ nextAt: '2026-11-21T12:00:00.000Z' });

	expect(await sendReport(queued[0] as never, NOW)).toBe(true);
	const mail = (await keptMails()).find(({ to }) => to === `${userId}@example.com`)!;
	expect(mail.subject).toContain('Day:');
	expect(mail.text).toContain('Net sales: $40.00');
	expect(mail.text).toContain('=Mug <b>');
	const preview = await previewReport(ctx(), id, NOW);
	expect(preview.html).toContain('=Mug &#60;b&#62;');
	expect(preview.html).not.toContain('<b>');
	const missing = '2 pieces of 2 sold have no cost yet, so the margin is too high by what they cost.';
	for (const words of [mail.text, preview.text, preview.html]) expect(words).toContain(missing);
	expect(mail.text).toContain('Shopify told no fees in this range');

	const token = /unsubscribe\/(\S+)/.exec(mail.text)![1]!;
	expect(readUnsubscribe(token)).toMatchObject({ reportId: id, userId });
	expect(await findSubscription(token)).toEqual({ known: true, name: 'Day', subscribed: true });
	await unsubscribe(token);
	await unsubscribe(token);
	expect(await findSubscription(token)).toEqual({ known: true, name: null, subscribed: false });
	expect(await sendReport(queued[0] as never, NOW)).toBe(false);
	const forged = Buffer.from(
		Buffer.from(unsubscribeToken(organization.id, id, userId), 'base64url')
			.toString()
			.replace(userId, newId())
	).toString('base64url');
	expect(readUnsubscribe(forged)).toBeNull();
	expect(await findSubscription(forged)).toMatchObject({ known: false });
	await expect(unsubscribe('nonsense')).rejects.toMatchObject({ status: 404 });
	await expect(previewReport((await shop()).ctx(), id, NOW)).rejects.toMatchObject({ status: 404 });
});

test('a trend as CSV has every group and no formula', async () => {
	const { ctx } = await shop();
	const { csv, name } = await exportTrend(
		ctx(),
		{ dimension: 'product', range: 'last-7-days', by: 'day' },
		NOW
	);
	expect(name).toBe('net_sales-2026-11-14-2026-11-20.csv');
	const lines = csv.trim().split('\r\n');
	expect(lines).toHaveLength(1 + 7 + 7);
	expect(lines[5]).toBe('2026-11-18,product,All,,net_sales,USD,40,0');
	expect(lines[12]).toMatch(/^2026-11-18,product,'=Mug <b>,MUG,net_sales,USD,40,$/);
	await expect(exportTrend(ctx('viewer'), {}, NOW)).rejects.toMatchObject({ status: 403 });
});
