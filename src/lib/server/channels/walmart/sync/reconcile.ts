import { inOrganization } from '../../../platform/db.ts';
import type { RunContext } from '../../channel.ts';
import type { Json } from '../../json.ts';
import { parseNodes, writeBatch } from '../../sync/write.ts';
import type { WalmartClient } from '../client.ts';
import { attachReturns } from '../returns-book.ts';
import { readOrder } from '../raw-order.ts';
import { byCreation, orderPages, ordersPlan } from './orders-plan.ts';

/** So many days are read again each night, whatever Walmart says of their changes. */
const DAYS = 35;

interface DayFigure {
	currency: string;
	orders: number;
	units: number;
	/** Cents. */
	gross: number;
}

/**
 * Reads the orders of the last weeks by when they were placed, which needs none of Walmart's dates of change: what a window of
 * changes missed is found here. What Walmart lists is kept by day as its own figure, summed apart from the way orders are stored.
 */
export async function reconcile(context: RunContext<WalmartClient>): Promise<void> {
	const { connection, client } = context;
	const to = new Date();
	const timeZone = connection.timeZone ?? 'UTC';
	const from = new Date(to.getTime() - DAYS * 86_400_000);
	const figures = new Map<string, DayFigure>();
	const window = { from: from.toISOString(), to: to.toISOString() };
	for await (const { nodes } of orderPages(context, window, null, byCreation)) {
		for (const node of nodes) count(figures, node, timeZone);
		await attachReturns(client, nodes);
		await writeBatch(context, ordersPlan, await parseNodes(ordersPlan, nodes, 'poll'), null);
	}
	// the first day is cut by the window
	const days = [...figures].filter(([day]) => day > dayIn(from.getTime(), timeZone));
	await inOrganization(connection.organizationId, async ({ sql }) => {
		for (const [day, { currency, orders, units, gross }] of days)
			await sql`
				insert into channel_figures (organization_id, connection_id, marketplace, day, time_zone, currency, orders, units, gross)
				values (${connection.organizationId}, ${connection.id}, '', ${day}, ${timeZone}, ${currency}, ${orders}, ${units}, ${(gross / 100).toFixed(2)})
				on conflict (connection_id, marketplace, day) do update set time_zone = excluded.time_zone, currency = excluded.currency,
					orders = excluded.orders, units = excluded.units, gross = excluded.gross, read_at = now()`;
	});
	context.progress.add('figures', { done: days.length, written: days.length });
}

/** Adds up an order as Walmart's list shows it: its kept pieces at their item price. */
function count(figures: Map<string, DayFigure>, node: Json, timeZone: string): void {
	let order;
	try {
		order = readOrder(node);
	} catch {
		// it becomes a dead letter, which the page of the connection shows
		return;
	}
	if (order.isReplacement) return;
	let units = 0;
	let gross = 0;
	for (const line of order.lines) {
		const cancelled = line.statuses
			.filter((status) => status.word === 'cancelled')
			.reduce((sum, status) => sum + status.pieces, 0);
		const kept = Math.max(0, line.ordered - cancelled);
		units += kept;
		for (const charge of line.charges) {
			if (charge.type === 'SHIPPING' || charge.isDiscount) continue;
			const cents = Number(charge.amount) / 10_000;
			gross += order.perPiece
				? cents * kept
				: line.ordered === 0
					? 0
					: Math.round((cents * kept) / line.ordered);
		}
	}
	if (units === 0) return;
	const day = dayIn(order.orderedAt, timeZone);
	const figure = figures.get(day) ?? { currency: order.currency, orders: 0, units: 0, gross: 0 };
	figure.orders++;
	figure.units += units;
	figure.gross += gross;
	figures.set(day, figure);
}

function dayIn(at: number, timeZone: string): string {
	return new Intl.DateTimeFormat('en-CA', {
		timeZone,
		year: 'numeric',
		month: '2-digit',
		day: '2-digit'
	}).format(at);
}
