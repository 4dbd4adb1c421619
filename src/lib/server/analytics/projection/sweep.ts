import { olapStore } from '../../platform/olap.ts';
import { chunks, date, rows, uuid } from './clickhouse.ts';
import { dropReplacedSpans } from '../spans/sweep.ts';
import { readApplied, type Applied } from './state.ts';
import { dropReplacedRates } from './worth.ts';

/** Seconds a superseded build stays: longer than any question that began before it was superseded may run. */
const KEEP_SECONDS = 120;
/** Fewer dead builds than this are not worth rewriting a part for. */
const WORTH = 50;
const BUILDS_AT_ONCE = 1000;

/** Drops the rollup rows of builds that a newer one of the same day has replaced, once no reader can be looking at them. */
export async function sweepBuilds(worth = WORTH): Promise<void> {
	const { rebuild, database } = olapStore();
	for (const state of (await readApplied()).values()) {
		await dropOldGenerationsOnce(state);
		await dropReplacedRates(rebuild, state);
		const dead = await rows<{ day: string; build: string }>(
			rebuild,
			`
			select day, toString(build) as build from (
				select day, build, built_at, row_number() over (partition by day order by position desc, build desc) as n from ${database}.cells
				where organization_id = ${uuid(state.organizationId)} and generation = ${state.generation} and position <= ${state.position}
			) where n > 1 and built_at < now() - ${KEEP_SECONDS} limit 20000`
		);
		if (dead.length < worth) continue;
		for (const part of chunks(dead, BUILDS_AT_ONCE)) await drop(state.organizationId, part);
	}
	await dropReplacedSpans(KEEP_SECONDS, worth);
}

const seen = new Map<string, { generation: number; since: number; dropped: boolean }>();

async function dropOldGenerationsOnce(state: Applied): Promise<void> {
	let entry = seen.get(state.organizationId);
	if (entry?.generation !== state.generation) {
		seen.set(
			state.organizationId,
			(entry = { generation: state.generation, since: performance.now(), dropped: state.generation === 1 })
		);
	}
	if (entry.dropped || performance.now() - entry.since < KEEP_SECONDS * 1000) return;
	await dropOldGenerations(state);
	entry.dropped = true;
}

/** Drops what belongs to generations before this one; its readers must be done. */
export async function dropOldGenerations(state: Applied): Promise<void> {
	const { rebuild, database } = olapStore();
	const old = `organization_id = ${uuid(state.organizationId)} and generation < ${Number(state.generation)}`;
	const builds = await rows<{ day: string; build: string }>(
		rebuild,
		`select day, toString(build) as build from ${database}.cells where ${old}`
	);
	for (const part of chunks(builds, BUILDS_AT_ONCE)) await drop(state.organizationId, part);
	for (const table of [
		'sales_facts',
		'order_days',
		'customer_days',
		'customer_people',
		'customer_cohorts',
		'person_days',
		'worth_rates',
		'product_costs',
		'fifo_takes',
		'cells',
		'applied'
	]) {
		await rebuild.command({ query: `delete from ${database}.${table} where ${old}` });
	}
}

async function drop(
	organizationId: string,
	builds: readonly { day: string; build: string }[]
): Promise<void> {
	const { rebuild, database } = olapStore();
	const which = `organization_id = ${uuid(organizationId)} and (day, build) in (${builds.map(({ day, build }) => `(${date(day)},${BigInt(build)})`).join(',')})`;
	for (const table of [
		'daily_sales_summary',
		'daily_order_sets',
		'daily_profit',
		'daily_money',
		'daily_customers',
		'cells'
	]) {
		await rebuild.command({ query: `delete from ${database}.${table} where ${which}` });
	}
}
