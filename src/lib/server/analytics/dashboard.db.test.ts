import { expect, test } from 'vitest';
import { filtersSchema } from '#lib/contracts/analytics.ts';
import { makeConnection } from '../../../../tests/factories/connection.ts';
import { makeLine, makeOrder } from '../../../../tests/factories/order.ts';
import { makeOrganization } from '../../../../tests/factories/organization.ts';
import { record } from '../live/index.ts';
import { recordOrders, type ChannelOrder } from '../orders/index.ts';
import { catchUp, dashboard } from './index.ts';

const NOW = new Date('2026-11-20T18:30:00Z');

async function shop(given: Parameters<typeof makeOrganization>[0] = {}) {
	const made = await makeOrganization(given);
	const { organization } = made;
	const connectionId = await makeConnection(organization.id);
	const save = async (...orders: ChannelOrder[]) => {
		await record(organization.id, async (tx) => {
			const result = await recordOrders(
				tx,
				orders.map((order) => ({
					organizationId: organization.id,
					connectionId,
					channel: 'shopify',
					timeZone: organization.timeZone,
					order
				}))
			);
			return { result, events: result.events };
		});
		await catchUp([organization.id]);
	};
	const view = (filters: object = {}, scope: Parameters<typeof made.ctx>[1] = null) =>
		dashboard(made.ctx('manager', scope), filtersSchema.parse(filters), NOW);
	return { ...made, save, view };
}

test('a recorded order is on the dashboard at its position', async () => {
	const { save, view } = await shop();
	await save(
		makeOrder({ lines: [makeLine({ quantity: 2, gross: '20', discount: '1.5', category: 'Mugs' })] })
	);
	const seen = await view({ range: 'today', by: 'hour' });
	expect(seen).toMatchObject({
		position: 1,
		totals: {
			gross: '20',
			discounts: '1.5',
			refunds: '0',
			net: '18.5',
			orders: 1,
			units: 2,
			averageOrder: '18.5'
		},
		channels: [{ channel: 'shopify', net: '18.5', orders: 1 }],
		products: [{ sku: 'MUG', net: '18.5', units: 2 }]
	});
	expect(seen.series).toHaveLength(24);
	expect(seen.series[10]).toMatchObject({ at: '2026-11-20T10:00', net: '18.5', orders: 1 });
	expect((await view()).totals).toEqual(seen.totals);
	expect(seen.options).toEqual({
		channels: ['shopify'],
		categories: ['Mugs'],
		countries: [''],
		regions: ['']
	});
});
