import { sinceNightly } from '../../orders/index.ts';
import { log } from '../../platform/log.ts';
import { olapStore } from '../../platform/olap.ts';
import { asSystem } from '../../platform/system.ts';
import { rebuildCells } from './cells.ts';
import { rows, uuid } from './clickhouse.ts';
import { exclusive } from './exclusive.ts';
import { writeFifo } from './fifo.ts';
import { readApplied, type Applied } from './state.ts';

/** Minutes between two looks: as often as the job runs, so that each night of an organization is seen once. */
const BETWEEN_LOOKS = 15;

/** Checks the rollups of every organization whose clock has just passed two at night, one after the other. */
export async function checkTonight(now: Date, signal?: AbortSignal): Promise<void> {
	const organizations = await asSystem(
		'rebuild: read all organizations',
		({ sql }) => sql<{ id: string; timeZone: string }[]>`select id, time_zone from organizations`
	);
	const zones = new Map<string, number>();
	for (const { id, timeZone } of organizations) {
		if (!zones.has(timeZone)) zones.set(timeZone, sinceNightly(now, timeZone));
		if (zones.get(timeZone)! >= BETWEEN_LOOKS || signal?.aborted) continue;
		await checkRollups(id);
	}
}

/**
 * Holds each day's rollup of an organization against the facts it was made from, and makes those that differ anew. Answers the
 * days that differed: there should be none, so each is an error in the log.
 */
export async function checkRollups(organizationId: string): Promise<string[]> {
	const before = (await readApplied([organizationId])).get(organizationId);
	if (!before || (await differing(before)).length === 0) return [];
	// a round may have come in between: the second look has the projection to itself
	return exclusive(async () => {
		const state = (await readApplied([organizationId])).get(organizationId);
		const days = state ? await differing(state) : [];
		if (!state || days.length === 0) return [];
		log.error({ organizationId, days }, 'rollups differ from their facts; they are made anew');
		await rebuildCells(
			days.map((day) => ({ ...state, day })),
			'rebuild'
		);
		await writeFifo([{ state, version: state.position, days, productIds: [] }], 'rebuild');
		return days;
	});
}

/** Sums of a day, as text: its totals and what its products add up to. */
async function differing({ organizationId, generation, position }: Applied): Promise<string[]> {
	const { database, rebuild } = olapStore();
	const own = `organization_id = ${uuid(organizationId)} and generation = ${Number(generation)}`;
	const facts = await rows<{ day: string; told: string }>(
		rebuild,
		`
		select toString(day) as day, concat(toString(sum(orders)), ' ', toString(sum(units)), ' ', toString(sum(gross)), ' ', toString(sum(discounts)), ' ',
			toString(sum(refunds)), ' ', toString(sum(arraySum(l -> l.gross, lines)))) as told
		from ${database}.sales_facts final where ${own} and (orders > 0 or notEmpty(lines)) group by day`
	);
	const rolledUp = await rows<{ day: string; told: string }>(
		rebuild,
		`
		select toString(s.day) as day, concat(toString(sumIf(orders, grain = 'total')), ' ', toString(sumIf(units, grain = 'total')), ' ',
			toString(sumIf(gross, grain = 'total')), ' ', toString(sumIf(discounts, grain = 'total')), ' ', toString(sumIf(refunds, grain = 'total')), ' ',
			toString(sumIf(gross, grain = 'product'))) as told
		from ${database}.daily_sales_summary as s
		inner join (
			select day, argMax(build, (position, build)) as newest from ${database}.cells where ${own} and position <= ${Number(position)} group by day
		) as c on s.day = c.day and s.build = c.newest
		where s.organization_id = ${uuid(organizationId)} group by s.day`
	);
	const told = new Map(facts.map((row) => [row.day, row.told]));
	const shown = new Map(rolledUp.map((row) => [row.day, row.told]));
	return [...new Set([...told.keys(), ...shown.keys()])]
		.filter((day) => told.get(day) !== shown.get(day))
		.sort();
}
