import { expect, test } from 'vitest';
import { makeConnection } from '../../../../tests/factories/connection.ts';
import { makeLine, makeOrder } from '../../../../tests/factories/order.ts';
import { makeOrganization } from '../../../../tests/factories/organization.ts';
import { record } from '../live/index.ts';
import { recordOrders, type ChannelOrder } from '../orders/index.ts';
import { inOrganization } from '../platform/db.ts';
import { Forbidden } from '../platform/errors.ts';
import { reconciliation } from './reconcile.ts';

const NOW = new Date('2026-11-20T18:00:00Z');
const ZONE = 'America/New_York';

async function makeShop() {
	const { organization, ctx } = await makeOrganization({ timeZone: 'Europe/Berlin' });
	const connectionId = await makeConnection(organization.id, { channel: 'walmart' });
	return {
		ctx,
		connectionId,
		save: (...orders: ChannelOrder[]) =>
			record(organization.id, async (tx) => {
				const { events } = await recordOrders(
					tx,
					orders.map((order) => ({
						organizationId: organization.id,
						connectionId,
						channel: 'walmart' as const,
						timeZone: organization.timeZone,
						order
					}))
				);
				return { result: undefined, events };
			}),
		tell: (day: string, orders: number, units: number, gross: string, marketplace = '') =>
			inOrganization(
				organization.id,
				({ sql }) => sql`
				insert into channel_figures (organization_id, connection_id, marketplace, day, time_zone, currency, orders, units, gross, read_at)
				values (${organization.id}, ${connectionId}, ${marketplace}, ${day}, ${ZONE}, 'USD', ${orders}, ${units}, ${gross}, now() + interval '1 minute')`
			)
	};
}

const order = (externalId: string, placedAt: string, given: Parameters<typeof makeOrder>[0] = {}) =>
	makeOrder({ externalId, placedAt, updatedAt: placedAt, ...given });

test('each day beside the channel’s own figure, in its zone, with the reasons that make up the difference', async () => {
	const { ctx, save, tell, connectionId } = await makeShop();
	await save(
		// 23:30 in New York on the 18th, already the 19th in Berlin
		order('1', '2026-11-19T04:30:00Z'),
		order('2', '2026-11-18T15:00:00Z', { lines: [makeLine({ quantity: 2, gross: '20', discount: '3' })] }),
		order('3', '2026-11-17T15:00:00Z'),
		order('4', '2026-11-17T16:00:00Z', {
			status: 'cancelled',
			cancelledAt: '2026-11-17T17:00:00Z',
			financialStatus: null
		}),
		order('5', '2026-11-16T15:00:00Z'),
		order('6', '2026-11-15T15:00:00Z', {
			priceKnown: false,
			lines: [makeLine({ gross: null, unitPrice: null })],
			total: null
		}),
		order('7', '2026-11-14T15:00:00Z'),
		order('8', '2026-11-20T15:00:00Z')
	);
	await tell('2026-11-18', 2, 3, '30');
	await tell('2026-11-17', 2, 2, '20');
	await tell('2026-11-16', 2, 2, '25.50');
	await tell('2026-11-15', 0, 0, '0');
	await tell('2026-11-13', 0, 0, '0');
	const [connection] = await reconciliation(ctx('analyst'), NOW);
	expect(connection).toMatchObject({
		id: connectionId,
		channel: 'walmart',
		timeZone: ZONE,
		shifted: 1,
		silence: null,
		totals: [
			{ currency: 'USD', ours: { orders: 6, units: 7 }, theirs: { orders: 6, units: 7, gross: '75.5' } }
		]
	});
	expect(
		connection!.days.map(({ day, ours, theirs, verdict, reasons }) => [
			day,
			ours.orders,
			theirs?.orders ?? null,
			verdict,
			reasons.map(({ key }) => key)
		])
	).toEqual([
		['2026-11-20', 1, null, 'unread', []],
		['2026-11-18', 2, 2, 'equal', []],
		['2026-11-17', 1, 2, 'explained', ['cancelled']],
		['2026-11-16', 1, 2, 'open', []],
		['2026-11-15', 1, 0, 'explained', ['pending']],
		// between told days: the channel names no sale
		['2026-11-14', 1, 0, 'open', []]
	]);
});

test('discounts taken off, another zone’s day, marketplaces added up', async () => {
	const { ctx, save, tell } = await makeShop();
	await save(
		order('1', '2026-11-18T15:00:00Z', { lines: [makeLine({ gross: '40', discount: '4.5' })] }),
		order('2', '2026-11-17T23:30:00Z', { lines: [makeLine({ gross: '7' })] })
	);
	await tell('2026-11-18', 1, 1, '35.50', 'US');
	await tell('2026-11-18', 0, 0, '0', 'CA');
	await tell('2026-11-17', 0, 0, '0');
	const [connection] = await reconciliation(ctx(), NOW);
	expect(
		connection!.days.map(({ day, verdict, reasons }) => [day, verdict, reasons.map(({ key }) => key)])
	).toEqual([
		['2026-11-18', 'explained', ['discounts']],
		['2026-11-17', 'explained', ['zone']]
	]);
});

test('a member who sees a part is refused, other channels than theirs are not shown', async () => {
	const { ctx, tell } = await makeShop();
	await tell('2026-11-18', 1, 1, '10');
	await expect(reconciliation(ctx('manager', { categories: ['Mugs'] }), NOW)).rejects.toThrow(Forbidden);
	expect(await reconciliation(ctx('manager', { channels: ['amazon'] }), NOW)).toEqual([]);
	expect(await reconciliation(ctx('manager', { channels: ['walmart'] }), NOW)).toHaveLength(1);
	const { ctx: other } = await makeShop();
	expect((await reconciliation(other(), NOW))[0]).toMatchObject({
		days: [],
		silence: expect.stringContaining('each night')
	});
});
