import { expect, test } from 'vitest';
import { newId } from '../src/lib/server/platform/ids.ts';
import { inOrganization } from '../src/lib/server/platform/db.ts';
import { asSystem } from '../src/lib/server/platform/system.ts';
import { removeDemoOrganization } from '../src/lib/server/identity/index.ts';
import { makeConnection } from './factories/connection.ts';
import { makeOrganization } from './factories/organization.ts';

test('an organization goes with all its rows, another stays', async () => {
	const demo = await makeOrganization({ isDemo: true });
	const other = await makeOrganization();
	for (const { organization } of [demo, other]) {
		const connectionId = await makeConnection(organization.id);
		const [productId, listingId, orderId] = [newId(), newId(), newId()];
		await inOrganization(organization.id, async ({ sql }) => {
			await sql`insert into products (id, organization_id, sku, title) values (${productId}, ${organization.id}, 'A', 'A')`;
			await sql`insert into listings (id, organization_id, connection_id, product_id, external_id, title) values (${listingId}, ${organization.id}, ${connectionId}, ${productId}, '1', 'A')`;
			await sql`insert into orders (id, organization_id, connection_id, channel, external_id, name, kind, status, placed_at, source_updated_at, currency, name_key, content_hash)
				values (${orderId}, ${organization.id}, ${connectionId}, 'shopify', '1', '#1', 'sale', 'paid', now(), now(), 'USD', '#1', '')`;
			await sql`insert into order_lines (id, organization_id, order_id, external_id, position, listing_id, product_id, title, quantity)
				values (${newId()}, ${organization.id}, ${orderId}, '1', 0, ${listingId}, ${productId}, 'A', 1)`;
		});
	}
	await removeDemoOrganization();
	const left = await asSystem(
		'doctor: check the installation',
		({ sql }) => sql`select organization_id from order_lines`
	);
	expect(left.map((row) => row.organizationId)).toEqual([other.organization.id]);
});
