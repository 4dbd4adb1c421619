import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { readDashboard } from '../../bench/dashboard.ts';
import { Poster } from '../../bench/poster.ts';
import type { Child } from '../../bench/process.ts';
import { plantMember, plantShop, plantTenant, type Shop, type Tenant } from '../../bench/tenants.ts';
import { orderCreated, signed, type Delivery } from '../../bench/webhook.ts';
import type { Role } from '../../src/lib/contracts/permissions.ts';
import { newId } from '../../src/lib/server/platform/ids.ts';

/** An organization whose every text carries its mark, with rows of each kind to name in addresses and forms. */
export interface Planted extends Tenant {
	/** Stands in names, mails, titles, SKUs, cities: where it shows up, the tenant's data shows up. */
	mark: string;
	shop: Shop;
	orderId: string;
	productId: string;
	customerId: string;
	invitationId: string;
	viewerId: string;
	adminId: string;
	deadLetterId: string;
	privacyRequestId: string;
	runId: string;
	importId: string;
	reportId: string;
	/** Cookies of one member per role. */
	cookies: Record<Role, string>;
}

/** Makes an organization through the database and fills it through webhooks, as a shop does. */
export async function plantMarked(app: Child, sql: Sql, dataDir: string): Promise<Planted> {
	const mark = `mark${randomBytes(6).toString('hex')}`;
	const tenant = await plantTenant(sql, { name: `${mark} organization` });
	const shop = await plantShop(sql, dataDir, tenant, { name: `${mark} shop` });
	const cookies = { owner: tenant.cookie } as Record<Role, string>;
	const members = new Map<Role, string>();
	for (const role of ['admin', 'manager', 'analyst', 'viewer'] as const) {
		const member = await plantMember(sql, tenant.id, role, `${mark} ${role}`);
		cookies[role] = member.cookie;
		members.set(role, member.userId);
	}
	const invitationId = newId();
	await sql`insert into invitations (id, organization_id, email, role, token_hash, expires_at)
		values (${invitationId}, ${tenant.id}, ${`${mark}@example.com`}, 'viewer', ${mark}, now() + interval '1 day')`;
	await sql`insert into audit_log (id, organization_id, actor_kind, action, target_id) values (${newId()}, ${tenant.id}, 'operator', 'planted', ${mark})`;

	const poster = new Poster(app.port, '/webhooks/shopify');
	const deliveries = [markedOrder(shop, mark), markedOrder(shop, mark), unreadable(shop, mark)];
	for (const delivery of deliveries) {
		const { status } = await poster.post(delivery);
		if (status !== 200) throw new Error(`The webhook was answered with ${status}.`);
	}
	poster.close();
	// a shop that nobody answers for: background work would change the rows that the test watches
	await sql`update connections set status = 'paused' where id = ${shop.connectionId}`;
	const [order] = await sql<
		{ id: string }[]
	>`select id from orders where organization_id = ${tenant.id} order by id limit 1`;
	const [product] = await sql<
		{ id: string }[]
	>`select id from products where organization_id = ${tenant.id} limit 1`;
	const [customer] = await sql<
		{ id: string }[]
	>`select id from customers where organization_id = ${tenant.id} order by id limit 1`;
	const [dead] = await sql<
		{ id: string }[]
	>`select id from inbox where organization_id = ${tenant.id} and status = 'dead'`;
	const privacyRequestId = newId();
	await sql`insert into privacy_requests (id, organization_id, connection_id, kind, customer_external_id)
		values (${privacyRequestId}, ${tenant.id}, ${shop.connectionId}, 'data_request', ${mark})`;
	const importId = newId();
	await sql`insert into imports (id, organization_id, filename, bytes, received, status, header)
		values (${importId}, ${tenant.id}, ${`${mark}.csv`}, 10, 10, 'mapping', ${[mark]})`;
	await sql`insert into import_errors (organization_id, import_id, number, line, problem) values (${tenant.id}, ${importId}, 0, 2, ${mark})`;
	const reportId = newId();
	await sql`insert into reports (id, organization_id, name, cadence, hour, next_at)
		values (${reportId}, ${tenant.id}, ${`${mark} report`}, 'daily', 7, now() + interval '1 year')`;
	await sql`insert into saved_views (id, organization_id, name, query, shared) values (${newId()}, ${tenant.id}, ${`${mark} view`}, '{}', true)`;
	await sql`insert into annotations (id, organization_id, kind, from_day, to_day, title) values (${newId()}, ${tenant.id}, 'promotion', now()::date, now()::date, ${`${mark} promotion`})`;
	const [run] = await sql<{ id: string }[]>`
		insert into sync_runs (id, organization_id, connection_id, kind, status, trigger, error, finished_at)
		values (${newId()}, ${tenant.id}, ${shop.connectionId}, 'backfill', 'failed', 'connect', ${`${mark} failure`}, now()) returning id`;
	for (let waited = 0; (await readDashboard(app.url, tenant)).totals.orders < 2; waited += 50) {
		if (waited > 15_000) throw new Error('The figures did not come up.');
		await sleep(50);
	}
	return {
		...tenant,
		mark,
		shop,
		cookies,
		invitationId,
		orderId: order!.id,
		productId: product!.id,
		customerId: customer!.id,
		deadLetterId: dead!.id,
		privacyRequestId,
		runId: run!.id,
		importId,
		reportId,
		viewerId: members.get('viewer')!,
		adminId: members.get('admin')!
	};
}

/** A new order of the shop whose texts carry the mark. */
export function markedOrder(shop: Shop, mark: string): Delivery {
	const plain = orderCreated(shop);
	const order = JSON.parse(plain.body.toString());
	order.name = `#${mark}-${order.id}`;
	order.email = `buyer-${mark}@example.com`;
	Object.assign(order.customer, { first_name: mark, email: order.email });
	Object.assign(order.shipping_address, {
		name: mark,
		city: `${mark} city`,
		province: `${mark} region`,
		province_code: null
	});
	for (const line of order.line_items)
		Object.assign(line, {
			title: `${mark} product`,
			sku: `${mark}-${line.product_id}`,
			vendor: `${mark} vendor`
		});
	return resigned(shop, plain, order);
}

function unreadable(shop: Shop, mark: string): Delivery {
	const plain = orderCreated(shop);
	const order = JSON.parse(plain.body.toString());
	delete order.line_items;
	return resigned(shop, plain, { ...order, name: `#${mark}-unreadable` });
}

function resigned(shop: Shop, plain: Delivery, order: { name: string }): Delivery {
	const body = Buffer.from(JSON.stringify(order));
	return {
		...plain,
		name: order.name,
		body,
		headers: signed(shop, 'orders/create', plain.headers['x-shopify-webhook-id']!, body)
	};
}
