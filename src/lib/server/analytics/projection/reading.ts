import { olapStore } from '../../platform/olap.ts';
import { stampsOf, type Stamps } from '../spans/stamps.ts';
import { rows, uuid } from './clickhouse.ts';
import { keep, kept } from './kept.ts';
import { readApplied, type Applied } from './state.ts';

/*
 * What readers need to know before they ask: how far an organization's facts are, and which build of each day counts there. Both
 * are small and the same for all questions of a page, so they are kept in this process for a moment, and looked up once however
 * many ask. Where ClickHouse is embedded no other process writes, and `noteApplied` says at once what moved.
 */
const APPLIED_MS = { embedded: 2000, remote: 150 };
/** Far below the time for which a build that was replaced stays (sweep.ts). */
const BUILDS_MS = 30_000;

/** The builds that count at a position: those of `days` in order, `dead` those of the same numbers that were replaced. */
export interface Builds {
	days: { day: string; build: number }[];
	dead: { day: string; build: number }[];
	/** Stamps of the days with their builds. */
	stamps: Stamps;
	/** The newest build of some days, in days since 1970; 0 without any. */
	newestBetween(from: number, to: number): number;
}

/** How far the organization's facts are, at most a moment ago; undefined while it has none. */
export function appliedOf(organizationId: string): Promise<Applied | undefined> {
	const store = olapStore();
	return kept('applied', organizationId, store.embedded ? APPLIED_MS.embedded : APPLIED_MS.remote, async () =>
		(await readApplied([organizationId])).get(organizationId)
	);
}

/** Told by the projection after it moved what readers see. */
export function noteApplied(states: readonly Applied[]): void {
	const store = olapStore();
	for (const state of states)
		keep(
			'applied',
			state.organizationId,
			store.embedded ? APPLIED_MS.embedded : APPLIED_MS.remote,
			Promise.resolve(state)
		);
}

/**
 * The build numbers that count from `from` to `to` at a position, and the days of which they were replaced: what `CURRENT_BUILDS`
 * takes. A number stands for many days where a rebuild made them, so both lists are short.
 */
export async function buildsBetween(
	organizationId: string,
	{ generation, position }: { generation: number; position: number },
	from: string,
	to: string
): Promise<{ builds: number[]; dead: string }> {
	const all = await buildsAt(organizationId, { generation, position });
	const within = ({ day }: { day: string }) => day >= from && day <= to;
	const builds = new Set(all.days.filter(within).map(({ build }) => build));
	const dead = all.dead.filter((one) => within(one) && builds.has(one.build));
	return { builds: [...builds], dead: `[${dead.map(({ day, build }) => `('${day}',${build})`).join(',')}]` };
}

/** All builds that count at a position. */
export function buildsAt(
	organizationId: string,
	{ generation, position }: { generation: number; position: number }
): Promise<Builds> {
	return kept('builds', `${organizationId} ${generation} ${position}`, BUILDS_MS, () =>
		readBuilds(organizationId, generation, position)
	);
}

async function readBuilds(organizationId: string, generation: number, position: number): Promise<Builds> {
	const { database } = olapStore();
	const found = await rows<{ on: string; made: string[] }>(
		olapStore().reader(),
		`select toString(day) as on, arrayMap(x -> toString(x.2), arrayReverseSort(groupUniqArray((position, build)))) as made from ${database}.cells
		where organization_id = ${uuid(organizationId)} and generation = ${Number(generation)} and position <= ${Number(position)}
		group by day order by day`
	);
	const days = found.map(({ on, made }) => ({ day: on, build: Number(made[0]) }));
	const stamps = stampsOf(
		days.map(({ day, build }) => ({ day: Date.parse(day) / 86_400_000, text: `${day} ${build}` }))
	);
	return {
		days,
		stamps,
		newestBetween: (from, to) =>
			days.reduce((newest, { build }, index) => {
				const day = stamps.days[index]!;
				return day >= from && day <= to && build > newest ? build : newest;
			}, 0),
		dead: found.flatMap(({ on, made }) =>
			made.filter((build) => build !== made[0]).map((build) => ({ day: on, build: Number(build) }))
		)
	};
}
