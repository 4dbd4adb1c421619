import type {
	DayFigures,
	Reason,
	ReconciledConnection,
	ReconciledDay
} from '#lib/contracts/reconciliation.ts';
import { toldFigures, type ComparedConnection, type ToldFigure } from '../channels/index.ts';
import { require } from '../identity/index.ts';
import { dayParts, localDay, type DayParts } from '../orders/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { Forbidden } from '../platform/errors.ts';
import { add, explain } from './explain.ts';

/** As far back as channels are asked each night. */
export const RECONCILED_DAYS = 35;

/**
 * Our figures beside each channel's own, per day in the zone in which the channel counts, with the reasons for what differs. The
 * channel's figures are those of its last nightly check; ours are read now.
 * @throws Forbidden without analytics.read, or for a member who sees a part of the orders only: a part cannot be compared
 */
export async function reconciliation(ctx: Ctx, now = new Date()): Promise<ReconciledConnection[]> {
	require(ctx, 'analytics.read');
	if (ctx.scope?.categories || ctx.scope?.locations)
		throw new Forbidden(
			'You see a part of the orders, and a part cannot be compared with a channel’s whole. An admin can see this page.'
		);
	return inOrganization(ctx.organization.id, async (tx) => {
		const { connections, figures } = await toldFigures(tx, ctx.organization.id, RECONCILED_DAYS);
		const seen = connections.filter(({ channel }) => ctx.scope?.channels?.includes(channel) ?? true);
		const compared: ReconciledConnection[] = [];
		for (const connection of seen) {
			const own = figures.filter((figure) => figure.connectionId === connection.id);
			compared.push(await compare(tx, ctx, connection, own, now));
		}
		return compared;
	});
}

async function compare(
	tx: Tx,
	ctx: Ctx,
	connection: ComparedConnection,
	figures: readonly ToldFigure[],
	now: Date
): Promise<ReconciledConnection> {
	const organizationZone = ctx.organization.timeZone;
	const timeZone = figures[0]?.timeZone ?? connection.timeZone ?? organizationZone;
	const base = { id: connection.id, name: connection.name, channel: connection.channel, timeZone };
	if (figures.length === 0)
		return { ...base, days: [], totals: [], shifted: 0, silence: silenceOf(connection) };
	const to = localDay(now.toISOString(), timeZone);
	const from = figures.reduce((first, { day }) => (day < first ? day : first), to);
	const parts = await dayParts(
		tx,
		{ organizationId: ctx.organization.id, connectionId: connection.id },
		{
			timeZone,
			// the figures may be in the organization's zone already; then the account's own is the other one
			otherZone: timeZone === organizationZone ? (connection.timeZone ?? timeZone) : organizationZone,
			from,
			to,
			readAt: askedAt(figures)
		}
	);
	const keyOf = ({ day, currency }: { day: string; currency: string }) => `${day} ${currency}`;
	const ours = new Map(parts.map((part) => [keyOf(part), part]));
	const theirs = new Map(figures.map((figure) => [keyOf(figure), figure]));
	// a day on which neither side sold anything says nothing
	const keys = [...new Set([...ours.keys(), ...theirs.keys()])].sort().reverse();
	const asked = askedAt(figures);
	const days = keys.flatMap((key) => {
		const part = ours.get(key);
		return dayOf(part, theirs.get(key) ?? (part && silentDay(part, figures[0]!, asked)));
	});
	return {
		...base,
		days,
		totals: totalsOf(days),
		shifted: timeZone === organizationZone ? 0 : parts.reduce((sum, { shifted }) => sum + shifted, 0),
		silence: null
	};
}

/** When the channel was asked about each day from its first to its last. One without sales may have no figure: it is none. */
function askedAt(figures: readonly ToldFigure[]): Map<string, Date> {
	const told = new Map(figures.map(({ day, readAt }) => [day, readAt]));
	const days = [...told.keys()].sort();
	const latest = new Date(Math.max(...figures.map(({ readAt }) => readAt.getTime())));
	for (let at = Date.parse(days[0]!); at <= Date.parse(days.at(-1)!); at += 86_400_000) {
		const day = new Date(at).toISOString().slice(0, 10);
		if (!told.has(day)) told.set(day, latest);
	}
	return told;
}

/** A day that lies between told ones and on which the channel names no sale. */
function silentDay(
	{ day, currency }: DayParts,
	like: ToldFigure,
	asked: ReadonlyMap<string, Date>
): ToldFigure | undefined {
	const readAt = asked.get(day);
	return (
		readAt && { ...like, day, currency, orders: 0, units: like.units === null ? null : 0, gross: '0', readAt }
	);
}

const NONE: DayFigures = { orders: 0, units: 0, gross: '0' };

function dayOf(part: DayParts | undefined, figure: ToldFigure | undefined): ReconciledDay[] {
	const { day, currency } = (figure ?? part)!;
	const ours = part?.sales ?? NONE;
	if (!figure) {
		if (ours.orders === 0) return [];
		return [{ day, currency, ours, theirs: null, verdict: 'unread', reasons: [], readAt: null }];
	}
	const theirs = { orders: figure.orders, units: figure.units, gross: figure.gross };
	if (ours.orders === 0 && theirs.orders === 0) return [];
	return [
		{
			day,
			currency,
			ours,
			theirs,
			...explain(ours, theirs, part ? candidatesOf(part) : [], part?.pending.orders),
			readAt: figure.readAt.toISOString()
		}
	];
}

/** What the channel could count otherwise, as what it would add to our figures. */
function candidatesOf(part: DayParts): Reason[] {
	const less = (amount: string) => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`);
	const minus = ({ orders, units, gross }: DayFigures): DayFigures => ({
		orders: -orders,
		units: -units,
		gross: less(gross)
	});
	const money = (gross: string): DayFigures => ({ orders: 0, units: 0, gross });
	return [
		{ key: 'cancelled', ...part.cancelled },
		{ key: 'pending', ...minus({ ...part.pending, gross: '0' }) },
		{ key: 'late', ...minus(part.late) },
		{ key: 'discounts', ...money(less(part.discounts)) },
		{ key: 'tax', ...money(part.tax) },
		{ key: 'refunded', ...money(less(part.refunded)) },
		{ key: 'refundsToday', ...money(less(part.refundsToday)) },
		{ key: 'excluded', ...part.excluded },
		{ key: 'zone', ...add(part.otherZone, minus(part.sales)) }
	];
}

function totalsOf(days: readonly ReconciledDay[]): ReconciledConnection['totals'] {
	const told = days.filter((day) => day.theirs !== null);
	return [...Map.groupBy(told, ({ currency }) => currency)].map(([currency, own]) => ({
		currency,
		ours: own.map(({ ours }) => ours).reduce(add, NONE),
		theirs: {
			...own.map(({ theirs }) => ({ ...theirs!, units: theirs!.units ?? 0 })).reduce(add, NONE),
			...(own.some(({ theirs }) => theirs!.units === null) && { units: null })
		}
	}));
}

function silenceOf({ status, withheld }: ComparedConnection): string {
	if (withheld !== null) return withheld;
	if (status === 'disconnected') return 'Disconnected: nobody can be asked.';
	if (status === 'connecting')
		return 'The first sync is under way; the channel is asked in the night after it.';
	return 'No figure of its own yet. Channels that tell one are asked each night at two.';
}
