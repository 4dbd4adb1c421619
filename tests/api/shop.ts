import { catchUp } from '../../src/lib/server/analytics/index.ts';
import { recordStock, upsertLocations } from '../../src/lib/server/inventory/index.ts';
import { upsertListings } from '../../src/lib/server/catalog/index.ts';
import { record } from '../../src/lib/server/live/index.ts';
import { recordOrders } from '../../src/lib/server/orders/index.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { newId } from '../../src/lib/server/platform/ids.ts';
import { SAMPLE } from '../../src/lib/server/api/samples.ts';
import { makeConnection } from '../factories/connection.ts';
import { plantForecast, pastForecast } from '../factories/forecast.ts';
import { makeLine, makeOrder } from '../factories/order.ts';
import { makePerson, PASSWORD } from '../factories/person.ts';
import { send } from './client.ts';

/** An organization with orders, products and stock, whose owner signed in. Every text carries `mark`. */
export interface ApiShop {
	mark: string;
	email: string;
	organizationId: string;
	token: string;
	/** Real ids by those of the documentation's examples. */
	ids: Record<string, string>;
	/** A further sign-in of the owner. */
	signIn(): Promise<{ access_token: string; refresh_token: string }>;
}

export async function makeApiShop(mark: string): Promise<ApiShop> {
	const person = await makePerson({ name: `${mark} owner`, email: `${mark.toLowerCase()}@example.com` });
	const signIn = async () =>
		(await send('/auth/login', { body: { email: person.email, password: PASSWORD } })).json;
	const { access_token: token, organization } = await signIn();
	const organizationId: string = organization.id;
	const connectionId = await makeConnection(organizationId, { externalId: `${mark}.myshopify.com` });
	const stock = newId();
	const placedAt = new Date(Date.now() - 3_600_000).toISOString();
	const orders = [1, 2, 3].map((number) =>
		makeOrder({
			externalId: `${mark}-${number}`,
			name: `#${mark}-${number}`,
			placedAt,
			updatedAt: placedAt,
			customer: { externalId: `${mark}-c`, name: `${mark} buyer`, email: `buyer-${mark}@example.com` },
			address: { name: mark, city: `${mark} city`, region: 'OR', country: 'US', countryName: null },
			lines: [
				makeLine({
					sku: 'MUG-BLUE',
					title: `${mark} mug`,
					unitPrice: '12.5',
					gross: '12.5',
					listingExternalId: 'v1'
				})
			]
		})
	);
	await record(organizationId, async (tx) => {
		const scope = { organizationId, connectionId };
		const catalog = await upsertListings(tx, scope, [
			{
				externalId: 'v1',
				groupExternalId: null,
				stockExternalId: stock,
				sku: 'MUG-BLUE',
				title: `${mark} mug`,
				variantTitle: null,
				brand: `${mark} brand`,
				category: `${mark} kitchen`,
				barcode: null,
				price: '12.5',
				currency: 'USD',
				cost: '4.2',
				status: 'active',
				tracked: true,
				updatedAt: placedAt
			}
		]);
		const sold = await recordOrders(
			tx,
			orders.map((order) => ({
				organizationId,
				connectionId,
				channel: 'shopify' as const,
				timeZone: 'UTC',
				order
			}))
		);
		await upsertLocations(tx, scope, [
			{ externalId: 'l1', name: `${mark} store`, country: 'US', isActive: true }
		]);
		const level = { available: 4, onHand: 6, committed: 2, incoming: 0, reserved: null, updatedAt: placedAt };
		const stocked = await recordStock(tx, scope, [
			{ stockExternalId: stock, locationExternalId: 'l1', ...level }
		]);
		await tx.sql`insert into products (id, organization_id, sku, title) values (${newId()}, ${organizationId}, 'UNUSED', ${`${mark} unused`})`;
		return { result: null, events: [...catalog.events, ...sold.events, ...stocked.events] };
	});
	await catchUp([organizationId]);
	const [row] = await inOrganization(
		organizationId,
		({ sql }) => sql<Record<'order' | 'product' | 'unused' | 'location' | 'customer' | 'line', string>[]>`
		select (select id from orders order by id limit 1) as order, (select id from products where sku = 'MUG-BLUE') as product,
			(select id from products where sku = 'UNUSED') as unused, (select id from locations limit 1) as location,
			(select id from customers limit 1) as customer, (select id from order_lines order by id limit 1) as line`
	);
	const spent = { day: '2026-11-19', channel: 'shopify', amount: 40, currency: 'USD' };
	await send('/ad-spend', {
		method: 'PUT',
		token,
		body: { entries: [`${mark} ads`, 'Meta'].map((platform) => ({ ...spent, platform })) }
	});
	const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
	await plantForecast(organizationId, {
		level: 'product',
		productId: row!.product,
		category: `${mark} kitchen`,
		origin: yesterday,
		judged: { wape: 0.3, skill: 0.2, past: [pastForecast('2026-10-21', 10, 2)] }
	});
	return {
		mark,
		email: person.email,
		organizationId,
		token,
		signIn,
		ids: {
			[SAMPLE.order]: row!.order,
			[SAMPLE.product]: row!.product,
			[SAMPLE.unusedProduct]: row!.unused,
			[SAMPLE.organization]: organizationId,
			[SAMPLE.location]: row!.location,
			[SAMPLE.connection]: connectionId,
			[SAMPLE.customer]: row!.customer,
			[SAMPLE.line]: row!.line,
			[SAMPLE.email]: person.email
		}
	};
}
