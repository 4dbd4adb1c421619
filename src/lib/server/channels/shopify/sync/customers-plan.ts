import { upsertCustomers, type MovedCustomer } from '../../../customers/index.ts';
import { buyersChanged } from '../../../orders/index.ts';
import { pages } from '../discover.ts';
import { readCustomer } from '../parse-order-graphql.ts';
import { BULK_CUSTOMERS, CUSTOMERS_PAGE } from '../queries.ts';
import type { RawCustomer } from '../raw-order.ts';
import { missing } from '../../unparsable.ts';
import { updatedBetween, type ShopifyPlan } from './bulk-read.ts';

/** The channel's customer in the form `upsertCustomers` takes. */
export function channelCustomer(
	connection: { organizationId: string; id: string },
	raw: RawCustomer
): Parameters<typeof upsertCustomers>[1][number] {
	return {
		organizationId: connection.organizationId,
		connectionId: connection.id,
		externalId: raw.id,
		name: [raw.firstName, raw.lastName].filter(Boolean).join(' ').slice(0, 500) || null,
		email: raw.email,
		country: raw.countryCode,
		updatedAt: raw.updatedAt === null ? null : new Date(raw.updatedAt).toISOString()
	};
}

/** Customers, those without orders too. */
export const customersPlan: ShopifyPlan<RawCustomer> = {
	resource: 'customers',
	bulk: BULK_CUSTOMERS,
	attach() {},
	pages: ({ client }, { from, to }, after) =>
		pages(client, CUSTOMERS_PAGE, 'customers', { first: 100, query: updatedBetween(from, to), after }),
	async complete() {},
	parse: (node) => readCustomer(node) ?? missing('The customer’s id'),
	async write(tx, { connection }, rows) {
		const moved: MovedCustomer[] = [];
		const ids = await upsertCustomers(
			tx,
			rows.map((raw) => channelCustomer(connection, raw)),
			{ moved }
		);
		const events = await buyersChanged(tx, moved);
		return { written: ids.size, unchanged: 0, events };
	}
};
