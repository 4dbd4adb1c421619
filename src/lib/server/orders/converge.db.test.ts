import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeConnection } from '../../../../tests/factories/connection.ts';
import { makeLine, makeOrder } from '../../../../tests/factories/order.ts';
import { makeOrganization } from '../../../../tests/factories/organization.ts';
import { record } from '../live/index.ts';
import { inOrganization } from '../platform/db.ts';
import { sum } from './decimal.ts';
import { figuresByDay } from './figures.ts';
import { decideKind, recordOrders, type ChannelOrder } from './index.ts';

const timeZone = 'America/Los_Angeles';
const cents = fc.integer({ min: 0, max: 9_999 }).map((value) => (value / 100).toFixed(2));
const minute = fc.integer({ min: 0, max: 60 * 24 * 4 });
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 1) + minutes * 60_000).toISOString();

const line = fc.record({
	name: fc.integer({ min: 0, max: 3 }),
	quantity: fc.integer({ min: 0, max: 4 }),
	gross: cents,
	discount: cents,
	isGiftCard: fc.boolean(),
	sku: fc.constantFrom('A', 'a', 'B', null)
});
const refund = fc.record({
	name: fc.integer({ min: 0, max: 2 }),
	at: minute,
	lines: fc.uniqueArray(
		fc.record({
			name: fc.integer({ min: 0, max: 3 }),
			kind: fc.constantFrom('item' as const, 'shipping' as const, 'adjustment' as const),
			amount: cents
		}),
		{ selector: (one) => one.name, maxLength: 3 }
	)
});
const state = fc.record({
	placed: minute,
	status: fc.constantFrom('paid' as const, 'shipped' as const, 'cancelled' as const),
	financial: fc.constantFrom('PAID', 'VOIDED', 'REFUNDED'),
	cancelled: fc.boolean(),
	isTest: fc.boolean(),
	priced: fc.boolean(),
	currency: fc.constantFrom('USD', 'USD', 'EUR'),
	lines: fc.uniqueArray(line, { selector: (one) => one.name, maxLength: 4 }),
	refunds: fc.uniqueArray(refund, { selector: (one) => one.name, maxLength: 2 })
});

/** Version n of order `id`: versions of one order never share an instant. */
function order(
	id: number,
	version: number,
	given: typeof state extends fc.Arbitrary<infer State> ? State : never
): ChannelOrder {
	return makeOrder({
		externalId: `o${id}`,
		name: `#${id}`,
		placedAt: at(given.placed),
		updatedAt: at(100_000 + version),
		status: given.status,
		financialStatus: given.financial,
		cancelledAt: given.cancelled ? at(given.placed + 5) : null,
		isTest: given.isTest,
		priceKnown: given.priced,
		currency: given.currency,
		total: null,
		lines: given.lines.map((one, position) =>
			makeLine({
				externalId: `l${one.name}`,
				position,
				sku: one.sku,
				title: `T${one.sku}`,
				quantity: one.quantity,
				gross: one.gross,
				discount: one.discount,
				isGiftCard: one.isGiftCard
			})
		),
		refunds: given.refunds.map((one) => ({
			externalId: `r${one.name}`,
			refundedAt: at(one.at),
			lines: one.lines.map((part) => ({
				externalId: `p${part.name}`,
				kind: part.kind,
				lineExternalId: part.kind === 'item' ? `l${part.name}` : null,
				amount: part.amount
			}))
		}))
	});
}

/** What is stored, without ids and times of our own. */
async function storedState(organizationId: string) {
	return inOrganization(organizationId, async ({ sql }) => ({
		orders:
			await sql`select external_id, name, kind, status, financial_status, placed_at, cancelled_at, source_updated_at, currency, gross, discounts, refunded, net, units, line_count, summary, content_hash from orders order by external_id`,
		lines:
			await sql`select o.external_id as "order", l.external_id, l.position, l.sku, l.title, l.quantity, l.gross, l.discount, l.is_gift_card, p.sku as product from order_lines l join orders o on o.id = l.order_id join products p on p.id = l.product_id order by 1, 2`,
		refunds:
			await sql`select o.external_id as "order", r.external_id, r.refunded_at, i.external_id as item, i.kind, i.amount, l.external_id as line from refunds r join orders o on o.id = r.order_id left join refund_lines i on i.refund_id = r.id left join order_lines l on l.id = i.order_line_id order by 1, 2, 4`,
		payloads:
			await sql`select o.external_id, p.payload from order_payloads p join orders o on o.id = p.order_id order by 1`
	}));
}

async function recordAll(batches: readonly (readonly ChannelOrder[])[]) {
	const { organization } = await makeOrganization({ timeZone });
	const connectionId = await makeConnection(organization.id);
	const cells = new Map<string, { net: string; orders: number; units: number }>();
	for (const batch of batches) {
		const { events } = await record(organization.id, async (tx) => {
			const result = await recordOrders(
				tx,
				batch.map((one) => ({
					organizationId: organization.id,
					connectionId,
					channel: 'shopify',
					timeZone,
					order: one
				}))
			);
			return { result, events: result.events };
		});
		for (const event of events) {
			if (event.kind !== 'order') throw new Error('too many orders for single events');
			for (const { day, currency, net, orders, units } of event.deltas) {
				const before = cells.get(`${day} ${currency}`) ?? { net: '0', orders: 0, units: 0 };
				cells.set(`${day} ${currency}`, {
					net: sum([before.net, net]),
					orders: before.orders + orders,
					units: before.units + units
				});
			}
		}
	}
	return { stored: await storedState(organization.id), cells: filled(cells) };
}

function filled(cells: Map<string, { net: string; orders: number; units: number }>) {
	return Object.fromEntries(
		[...cells]
			.filter(([, cell]) => cell.net !== '0' || cell.orders !== 0 || cell.units !== 0)
			.sort(([a], [b]) => (a < b ? -1 : 1))
	);
}

test('any order of versions, with doubles and in any batches, ends as the newest versions alone; deltas add up to the figures', async () => {
	const history = fc.array(fc.array(state, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 });
	const mixing = fc.infiniteStream(fc.integer({ min: 0, max: 1_000_000 }));
	await fc.assert(
		fc.asyncProperty(history, mixing, async (orders, random) => {
			const draw = () => random.next().value as number;
			const versions = orders.flatMap((states, id) => states.map((one, version) => order(id, version, one)));
			const delivered = [...versions, ...versions.filter(() => draw() % 2 === 0)]
				.map((one) => [draw(), one] as const)
				.sort(([a], [b]) => a - b)
				.map(([, one]) => one);
			const batches: ChannelOrder[][] = [];
			for (let from = 0; from < delivered.length;)
				batches.push(delivered.slice(from, (from += 1 + (draw() % 4))));
			const newest = orders.map((states, id) => order(id, states.length - 1, states.at(-1)!));

			const mixed = await recordAll(batches);
			expect(mixed.stored).toEqual((await recordAll([newest])).stored);
			const cells = new Map<string, { net: string; orders: number; units: number }>();
			for (const one of newest) {
				const priceKnown = one.priceKnown;
				for (const { day, currency, net, orders: count, units } of figuresByDay(
					{ ...one, priceKnown, kind: decideKind(one) },
					timeZone
				)) {
					const before = cells.get(`${day} ${currency}`) ?? { net: '0', orders: 0, units: 0 };
					cells.set(`${day} ${currency}`, {
						net: sum([before.net, net]),
						orders: before.orders + count,
						units: before.units + units
					});
				}
			}
			expect(mixed.cells).toEqual(filled(cells));
		}),
		{ numRuns: 25 }
	);
}, 120_000);
