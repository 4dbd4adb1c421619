import { afterEach, expect, test, vi } from 'vitest';
import { inOrganization } from '../../../src/lib/server/platform/db.ts';
import { later, now } from './clock.ts';
import { connectedSeller, connectionRow, type ConnectedSeller } from './seller.ts';

vi.mock('../../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

let target: ConnectedSeller;
afterEach(async () => {
	now();
	await target?.stop();
});

const levels = () =>
	inOrganization(
		target.organizationId,
		({ sql }) => sql<{ sku: string; available: number; incoming: number | null }[]>`
		select l.sku, s.available, s.incoming from stock_levels s join locations p on p.id = s.location_id
		join listings l on l.product_id = s.product_id and l.connection_id = p.connection_id and l.fulfilled_by = 'channel'
		where p.connection_id = ${target.connectionId} order by l.sku`
	);
const atAmazon = () =>
	target.sim.simulator
		.market('amazon')
		.market.offers.filter((offer) => offer.stock)
		.map((offer) => ({ sku: offer.sku, available: offer.stock!.available }))
		.sort((a, b) => (a.sku < b.sku ? -1 : 1));

test('F10: a list of stock whose token ended is begun anew, and is whole', async () => {
	target = await connectedSeller('--fault', 'F10', '--products', '240');
	expect(atAmazon().length).toBeGreaterThan(50);
	const run = await target.run();
	expect(run).toMatchObject({ status: 'succeeded' });
	expect((await levels()).map(({ sku, available }) => ({ sku, available }))).toEqual(atAmazon());
}, 120_000);

test('F11: inbound pieces that change unseen come with the next whole look, and a page can say how old they are', async () => {
	target = await connectedSeller();
	await target.run();
	const before = (await levels()).map(({ incoming }) => incoming);
	const { inboundAsOf } = (await connectionRow(target)).facts;
	expect(inboundAsOf).toEqual(expect.any(String));
	await target.sim.control('faults', { on: ['F11'] });
	later(40);
	await target.run('stock');
	expect((await levels()).map(({ incoming }) => incoming)).toEqual(before);
	expect((await connectionRow(target)).facts.inboundAsOf).toBe(inboundAsOf);
	later(7 * 60);
	await target.run('stock');
	expect((await levels()).map(({ incoming }) => incoming)).not.toEqual(before);
	expect((await connectionRow(target)).facts.inboundAsOf).not.toBe(inboundAsOf);
	expect((await levels()).map(({ sku, available }) => ({ sku, available }))).toEqual(atAmazon());
}, 120_000);
