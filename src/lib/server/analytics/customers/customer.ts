import type { CustomerView } from '#lib/contracts/customer.ts';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { z } from 'zod';
import { peopleOf, recordsOf } from '../../customers/index.ts';
import { ordersOfBuyer } from '../../orders/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization } from '../../platform/db.ts';
import { NotFound } from '../../platform/errors.ts';
import { ask } from '../ask.ts';
import { average, exact, shown } from '../exact.ts';
import { daysBetween } from '../periods.ts';
import { askAbout, mayAsk, within, type Asked } from './asked.ts';
import { limitsOf } from './people.ts';
import { peopleBy, personMonths, personUnconverted } from './queries/people.ts';
import { segmentOf } from './segments.ts';

/**
 * One person over all connections: how each knows them, what they bought, and where they stand among all customers. Takes the id of
 * the person or of any of their records.
 * @throws Forbidden without customers.read or with limits, NotFound, Unavailable
 */
export async function getCustomer(ctx: Ctx, id: string, now = new Date()): Promise<CustomerView> {
	mayAsk(ctx);
	const organizationId = ctx.organization.id;
	if (!z.uuid().safeParse(id).success) throw new NotFound('This customer');
	const asked = await askAbout(ctx, now);
	const found = await inOrganization(organizationId, async (tx) => {
		const people = await peopleOf(tx, [{ organizationId, customerId: id }]);
		const self = people.find((row) => row.customerId === id);
		if (!self) throw new NotFound('This customer');
		const ids = self.personId === null ? [id] : people.map((row) => row.customerId);
		const [records, bought] = await Promise.all([
			recordsOf(tx, organizationId, ids),
			ordersOfBuyer(tx, organizationId, ids)
		]);
		return { personId: self.personId, records, bought };
	});
	const known = <T>(of: (one: (typeof found.records)[number]) => T | null) =>
		found.records.map(of).find((value) => value !== null) ?? null;
	return {
		position: asked.at.position,
		asOf: now.toISOString(),
		currency: ctx.organization.currency,
		id: found.personId ?? id,
		name: known((one) => one.name),
		email: known((one) => one.email),
		country: known((one) => one.country),
		records: found.records,
		figures: found.personId === null ? null : await figuresOf(asked, found.personId),
		...found.bought
	};
}

async function figuresOf(asked: Asked, person: string): Promise<CustomerView['figures']> {
	const { ctx, at, shape, money, today } = asked;
	const params = await limitsOf(asked);
	const one = { ...params, codes: [], found: [person], limit: 1, offset: 0 };
	const [[row], months, unconverted] = await Promise.all([
		ask(ctx, peopleBy('spent'), at, within([]), shape, one),
		ask(ctx, personMonths, at, within([]), shape, { ...money, person }),
		ask(ctx, personUnconverted, at, within([]), shape, { ...money, person })
	]);
	if (!row) return null;
	const net = exact(row.net);
	const sum = (rows: typeof months) => ({
		orders: rows.reduce((total, each) => total + each.orders, 0),
		net: shown(rows.reduce((total, each) => total + exact(each.net), 0n))
	});
	const between = daysBetween(row.firstDay, row.lastDay) - 1;
	return {
		recency: row.r,
		frequency: row.f,
		monetary: row.m,
		segment: segmentOf(row.r, row.f),
		orders: row.orders,
		net: shown(net),
		averageOrder: row.orders > 0 ? average(net, row.orders) : null,
		firstDay: row.firstDay,
		lastDay: row.lastDay,
		daysSinceLast: Math.max(0, daysBetween(row.lastDay, today) - 1),
		secondAfterDays: months[0] && months[0].secondAfter >= 0 ? months[0].secondAfter : null,
		meanDaysBetween: row.orders > 1 ? Math.round(between / (row.orders - 1)) : null,
		byChannel: CHANNELS.flatMap((channel) => {
			const own = months.filter((each) => each.channel === channel);
			return own.length > 0 ? [{ channel, ...sum(own) }] : [];
		}),
		byMonth: [...Map.groupBy(months, (each) => each.month)].map(([month, own]) => ({ month, ...sum(own) })),
		unconverted
	};
}
