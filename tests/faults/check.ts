import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { expect } from 'vitest';
import { readDashboard } from '../../bench/dashboard.ts';
import type { Shop, Tenant } from '../../bench/tenants.ts';
import { isRefund, type Delivery } from '../../bench/webhook.ts';

/** Each acknowledged order stands in PostgreSQL once, with its lines and one `created` event; positions have no gap. */
export async function expectRecordedOnce(
	sql: Sql,
	tenant: Tenant,
	shop: Shop,
	acknowledged: readonly Delivery[]
): Promise<void> {
	const rows = await sql<
		{ externalId: string; copies: number; lines: number; created: number; refunded: string }[]
	>`
		select o.external_id, o.refunded::text, count(*) over (partition by o.external_id)::int as copies,
			(select count(*)::int from order_lines l where l.order_id = o.id) as lines,
			(select count(*)::int from outbox x where x.organization_id = o.organization_id and x.subject_id = o.id and x.payload ->> 'change' = 'created') as created
		from orders o where o.organization_id = ${tenant.id} and o.connection_id = ${shop.connectionId}`;
	const byId = new Map(rows.map((row) => [row.externalId, row]));
	expect(
		acknowledged.filter(({ externalId }) => !byId.has(externalId)),
		'acknowledged orders lost'
	).toEqual([]);
	expect(
		rows.filter(({ copies, lines, created }) => copies !== 1 || lines !== 3 || created !== 1),
		'orders doubled'
	).toEqual([]);
	expect(
		acknowledged.filter(
			(delivery) => isRefund(delivery) && Number(byId.get(delivery.externalId)?.refunded) !== 12.95
		),
		'acknowledged refunds lost or doubled'
	).toEqual([]);
	expect(rows.length).toBe(new Set(acknowledged.map(({ externalId }) => externalId)).size);
	const [outbox] = await sql<{ count: number; first: number; last: number; position: number }[]>`
		select count(*)::int, min(x.position) as first, max(x.position) as last, max(p.position) as position
		from outbox x join outbox_positions p using (organization_id) where x.organization_id = ${tenant.id}`;
	expect(outbox).toEqual({ count: outbox!.last, first: 1, last: outbox!.last, position: outbox!.last });
}

/** The dashboard's sums (of its usual days, or those of `query`, which must hold every order) equal a recomputation from PostgreSQL's rows, once the projection has caught up. */
export async function expectPanelsEqualPostgres(
	url: string,
	sql: Sql,
	tenant: Tenant,
	patience = 15_000,
	query = ''
): Promise<void> {
	const [{ position }] =
		(await sql`select position from outbox_positions where organization_id = ${tenant.id}`) as unknown as [
			{ position: number }
		];
	const deadline = Date.now() + patience;
	let view = await readDashboard(url, tenant, query);
	while (view.position < position && Date.now() < deadline) {
		await sleep(100);
		view = await readDashboard(url, tenant, query);
	}
	expect(view.position, 'the projection has caught up').toBeGreaterThanOrEqual(position);
	const [truth] = await sql<{ orders: number; units: number; gross: string; refunds: string }[]>`
		select count(*)::int as orders, coalesce(sum(units), 0)::int as units, coalesce(sum(gross - cards), 0)::text as gross, coalesce(sum(refunded), 0)::text as refunds
		from orders o cross join lateral (
			select coalesce(sum(l.gross), 0) as cards from order_lines l where l.order_id = o.id and l.is_gift_card) c
		where organization_id = ${tenant.id} and kind = 'sale'`;
	const { orders, units, gross, refunds } = view.totals;
	expect({ orders, units, gross: Number(gross), refunds: Number(refunds) }).toEqual({
		orders: truth!.orders,
		units: truth!.units,
		gross: Number(truth!.gross),
		refunds: Number(truth!.refunds)
	});
}
