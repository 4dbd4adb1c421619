import { expect, test } from 'vitest';
import { makeConnection } from '../../../../tests/factories/connection.ts';
import { makeProduct, ORIGIN, plantForecast } from '../../../../tests/factories/forecast.ts';
import { makeOrganization } from '../../../../tests/factories/organization.ts';
import { scenarioSchema } from '#lib/contracts/forecasts.ts';
import { dayAfter } from '#lib/contracts/scenarios.ts';
import { inOrganization } from '../platform/db.ts';
import { Conflict, Forbidden, Invalid, NotFound } from '../platform/errors.ts';
import {
	forecastProducts,
	keepScenario,
	listScenarios,
	productOverrides,
	removeScenario,
	setOverride,
	undoOverride
} from './index.ts';

async function makeShop(given: Parameters<typeof plantForecast>[1] | null = null) {
	const made = await makeOrganization();
	const organizationId = made.organization.id;
	const connectionId = await makeConnection(organizationId);
	const productId = await makeProduct(organizationId, { connectionIds: [connectionId], category: 'Mugs' });
	await plantForecast(organizationId, { level: 'product', point: 10, category: 'Mugs', ...given, productId });
	const set = (from: number, to: number, units: number, reason = 'Gift guide in print') =>
		setOverride(made.ctx(), {
			productId,
			fromDay: dayAfter(ORIGIN, from),
			toDay: dayAfter(ORIGIN, to),
			units: String(units),
			reason
		});
	const shown = async () =>
		(await productOverrides(made.ctx(), productId)).map(({ units, modelUnits, state }) => [
			units,
			modelUnits,
			state
		]);
	return { ...made, organizationId, productId, set, shown };
}

test('a person’s figure stands beside the model’s, with who, when and why, and counts in plans', async () => {
	const shop = await makeShop();
	await shop.set(7, 11, 200);
	const [one] = await productOverrides(shop.ctx(), shop.productId);
	expect(one).toMatchObject({
		fromDay: '2026-11-27',
		toDay: '2026-12-01',
		units: 200,
		modelUnits: 50,
		reason: 'Gift guide in print',
		by: 'Test Owner',
		state: 'active',
		sold: null
	});
	const { products } = await forecastProducts(shop.ctx());
	expect(products[0]).toMatchObject({ units: 300, planned: 450 });
});

test('a newer figure replaces those on its days; undone, they hold again', async () => {
	const shop = await makeShop();
	await shop.set(1, 3, 60);
	await shop.set(5, 6, 40);
	const third = await shop.set(3, 5, 90);
	expect(await shop.shown()).toEqual([
		[90, 30, 'active'],
		[40, 20, 'replaced'],
		[60, 30, 'replaced']
	]);
	await undoOverride(shop.ctx(), { id: third });
	expect(await shop.shown()).toEqual([
		[90, 30, 'undone'],
		[40, 20, 'active'],
		[60, 30, 'active']
	]);
	await expect(undoOverride(shop.ctx(), { id: third })).rejects.toThrow(Conflict);
});

test('what was replaced stays so where a newer figure took its days meanwhile', async () => {
	const shop = await makeShop();
	await shop.set(1, 10, 60);
	const second = await shop.set(8, 12, 90);
	await shop.set(1, 2, 5);
	await undoOverride(shop.ctx(), { id: second });
	expect(await shop.shown()).toEqual([
		[5, 20, 'active'],
		[90, 50, 'undone'],
		[60, 100, 'replaced']
	]);
});

test('two people at once: one figure holds', async () => {
	const shop = await makeShop();
	await Promise.all([shop.set(1, 5, 10), shop.set(2, 6, 20), shop.set(3, 7, 30)]);
	expect((await shop.shown()).filter(([, , state]) => state === 'active')).toHaveLength(1);
});

test('once its days are over it is held against what was sold', async () => {
	const shop = await makeShop();
	await shop.set(1, 3, 60);
	const sold = [...new Array<number | null>(100).fill(10), 20, 21, 22, null];
	await inOrganization(
		shop.organizationId,
		({ sql }) => sql`
		update forecasts set origin = ${dayAfter(ORIGIN, 4)}, sold = ${sql.json(sold)} where organization_id = ${shop.organizationId}`
	);
	const told = async () => (await productOverrides(shop.ctx(), shop.productId))[0]!.sold;
	expect(await told()).toBe(63);
	await inOrganization(
		shop.organizationId,
		({ sql }) =>
			sql`update forecasts set sold = ${sql.json([...sold.slice(0, -2), null, null])} where organization_id = ${shop.organizationId}`
	);
	expect(await told()).toBeNull();
});

test('days that are over or too far, no reason, nothing forecast: refused in words', async () => {
	const shop = await makeShop();
	await expect(shop.set(0, 3, 10)).rejects.toThrow('Only days ahead can be set: 2026-11-21 is the first.');
	await expect(shop.set(80, 91, 10)).rejects.toThrow(/can be set/);
	await expect(shop.set(3, 2, 10)).rejects.toThrow('The last day is before the first.');
	await expect(shop.set(1, 2, -1)).rejects.toThrow('Units cannot be below 0.');
	await expect(shop.set(1, 2, 5, ' ')).rejects.toThrow(Invalid);
	const other = await makeProduct(shop.organizationId);
	const odd = { productId: other, fromDay: '2026-11-25', toDay: '2026-11-25', units: 1, reason: 'because' };
	await expect(setOverride(shop.ctx(), odd)).rejects.toThrow(NotFound);
});

test('viewers, other organizations and members of one channel cannot set or undo', async () => {
	const shop = await makeShop();
	const id = await shop.set(1, 2, 30);
	const other = await makeOrganization();
	const wanted = {
		productId: shop.productId,
		fromDay: '2026-11-25',
		toDay: '2026-11-25',
		units: 1,
		reason: 'because'
	};
	await expect(setOverride(shop.ctx('viewer'), wanted)).rejects.toThrow(Forbidden);
	await expect(setOverride(other.ctx(), wanted)).rejects.toThrow(NotFound);
	await expect(undoOverride(other.ctx(), { id })).rejects.toThrow(NotFound);
	const channel = shop.ctx('manager', { channels: ['shopify'] });
	await expect(setOverride(channel, wanted)).rejects.toThrow(Forbidden);
	await expect(undoOverride(channel, { id })).rejects.toThrow(Forbidden);
	expect(await productOverrides(channel, shop.productId)).toEqual([]);
	const elsewhere = shop.ctx('manager', { categories: ['Lamps'] });
	await expect(setOverride(elsewhere, wanted)).rejects.toThrow(NotFound);
	await expect(undoOverride(elsewhere, { id })).rejects.toThrow(NotFound);
	expect(await productOverrides(elsewhere, shop.productId)).toEqual([]);
	expect(await productOverrides(other.ctx(), shop.productId)).toEqual([]);
});

test('a scenario is kept under a name, seen by all, removed by whoever kept it', async () => {
	const shop = await makeShop();
	const scenario = scenarioSchema.parse({
		uplift: 0.2,
		promotions: [{ fromDay: '2026-11-27', toDay: '2026-11-30', lift: 0.5 }]
	});
	const id = await keepScenario(shop.ctx(), { productId: shop.productId, name: 'Black Friday', scenario });
	expect(await listScenarios(shop.ctx(), shop.productId)).toMatchObject([
		{ id, name: 'Black Friday', scenario, by: 'Test Owner', own: true }
	]);
	const colleague = {
		...shop.ctx('analyst'),
		actor: { kind: 'member', userId: (await makeOrganization()).ownerId }
	} as const;
	expect(await listScenarios(colleague, shop.productId)).toMatchObject([{ own: false }]);
	await expect(removeScenario(colleague, { id })).rejects.toThrow(NotFound);
	const other = await makeOrganization();
	expect(await listScenarios(other.ctx(), shop.productId)).toEqual([]);
	await expect(keepScenario(other.ctx(), { productId: shop.productId, name: 'x', scenario })).rejects.toThrow(
		NotFound
	);
	await expect(
		keepScenario(shop.ctx('viewer'), { productId: shop.productId, name: 'x', scenario })
	).rejects.toThrow(Forbidden);
	await expect(
		keepScenario(shop.ctx(), { productId: shop.productId, name: 'x', scenario: { ...scenario, uplift: 99 } })
	).rejects.toThrow(Invalid);
	await removeScenario(shop.ctx(), { id });
	expect(await listScenarios(shop.ctx(), shop.productId)).toEqual([]);
});
