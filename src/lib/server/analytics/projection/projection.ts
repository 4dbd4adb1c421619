import { setTimeout as sleep } from 'node:timers/promises';
import { subscribeAll } from '../../live/index.ts';
import { electOne } from '../../platform/election.ts';
import { isConnectionError, Unavailable } from '../../platform/errors.ts';
import { log } from '../../platform/log.ts';
import { metrics } from '../../platform/metrics.ts';
import { asSystem } from '../../platform/system.ts';
import { exclusive } from './exclusive.ts';
import { OutboxGap } from './outbox.ts';
import { noteApplied } from './reading.ts';
import { rebuildOrganization } from './rebuild.ts';
import { applyRound } from './round.ts';
import { readApplied, writeApplied, type Applied } from './state.ts';
import { takeOutdated } from './worth.ts';
import { knownZone } from './zone.ts';
import { sweepBuilds } from './sweep.ts';
import { lost, repairStore } from './verify.ts';

/** A look at all organizations, for events that no wake-up told of. */
const LOOK_MS = 5000;
/** Dead builds are dropped this often. */
const SWEEP_MS = 60_000;
/** Events behind which a store without any facts is rebuilt rather than replayed. */
const REBUILD_BEHIND = 2000;

/**
 * Keeps ClickHouse up with the outbox until `stop`: wakes with each commit of this process and looks for itself every 5 s. What
 * waits, waits in PostgreSQL. At start, facts that were lost or damaged are found and made again. With a ClickHouse server and
 * several processes, one holds an advisory lock in PostgreSQL and works, the others wait for it.
 */
export function startProjection(): { stop(): Promise<void> } {
	const awake = new Set<string>();
	let ended = false;
	let wake = () => {};
	const unsubscribe = subscribeAll(({ organizationId }) => {
		awake.add(organizationId);
		wake();
	});
	let upkeep: Promise<void> = Promise.resolve();
	/** Upkeep has a connection of its own and never holds up a round; one after the other. */
	const beside = (work: () => Promise<void>) => {
		upkeep = upkeep.then(work).catch((error: unknown) => {
			if (!ended) log.error({ err: error }, 'upkeep of ClickHouse failed; it is tried again later');
		});
	};
	const pause = () =>
		new Promise<void>((resolve) => {
			wake = resolve;
			setTimeout(resolve, LOOK_MS).unref();
		});
	const loop = async () => {
		while (!ended) {
			const election = await electOne('projection', () => ended);
			let sweepAt = performance.now() + SWEEP_MS;
			let lookAt = 0;
			let checked = false;
			while (!ended && (await election.held())) {
				const began = performance.now();
				try {
					if (!checked) {
						await repairStore();
						beside(rebuildLost);
					}
					checked = true;
					const all = began >= lookAt;
					if (all) lookAt = began + LOOK_MS;
					const ids = [...awake];
					awake.clear();
					if (all || ids.length > 0) await runRound(all ? undefined : ids);
					if (began >= sweepAt) {
						sweepAt = began + SWEEP_MS;
						beside(sweepBuilds);
					}
				} catch (error) {
					if (ended) break;
					log.error({ err: error }, 'the projection failed; it will try again');
					lookAt = 0;
					await sleep(1000, undefined, { ref: false });
				}
				// at most a quarter of a core: a burst becomes fewer, larger rounds, and what is recorded is still seen within a second
				if (!ended && awake.size > 0)
					await sleep(Math.min(600, 3 * (performance.now() - began)), undefined, { ref: false });
				else if (!ended) await pause();
			}
			await election.release();
		}
	};
	const running = loop().catch((error: unknown) => log.error({ err: error }, 'the projection ended'));
	return {
		stop: async () => {
			ended = true;
			unsubscribe();
			wake();
			await running;
			await upkeep;
		}
	};
}

/** What is missing at start although its events were applied is rebuilt. */
async function rebuildLost(): Promise<void> {
	for (const organizationId of await lost()) {
		log.warn({ organizationId }, 'ClickHouse and PostgreSQL differ: rebuilding');
		await rebuildOnce(organizationId);
	}
}

/** Applies everything the outbox holds now, for all organizations or some, and waits for rebuilds that this needs. */
export async function catchUp(organizationIds?: readonly string[]): Promise<void> {
	do {
		await Promise.all([...rebuilds.values(), ...repricings.values()]);
	} while ((await runRound(organizationIds)) > 0 || rebuilds.size > 0);
}

/**
 * One round over organizations that are behind; answers how many events were applied. An organization whose facts cannot be
 * brought up event by event (its time zone or currency changed, events were pruned, there are none yet) is rebuilt beside it meanwhile.
 */
export function runRound(organizationIds?: readonly string[]): Promise<number> {
	return exclusive(async () => {
		const waiting = (await behind(organizationIds)).filter((one) => !rebuilds.has(one.state.organizationId));
		const hopeless = waiting.filter(
			(one) =>
				one.settingsChanged || one.last < one.state.position || (one.fresh && one.last > REBUILD_BEHIND)
		);
		for (const { state } of hopeless) void rebuildOnce(state.organizationId);
		const rest = waiting.filter((one) => !hopeless.includes(one));
		if (rest.length === 0) return 0;
		const last = new Map(rest.map((one) => [one.state.organizationId, one.last]));
		try {
			return await applyAndShow(rest, last);
		} catch (error) {
			if (rest.length === 1) return await giveWay(rest[0]!, error);
			// each alone, so that one whose events cannot be applied holds up no other
			let applied = 0;
			const failures: unknown[] = [];
			for (const one of rest) {
				applied += await applyAndShow([one], last)
					.catch((alone: unknown) => giveWay(one, alone))
					.catch((failure: unknown) => (failures.push(failure), 0));
			}
			if (failures.length > 0) throw failures[0];
			return applied;
		}
	});
}

async function applyAndShow(waiting: readonly Waiting[], last: ReadonlyMap<string, number>): Promise<number> {
	const reached = await applyRound(
		waiting.map((one) => one.state),
		last
	);
	await writeApplied(reached);
	noteApplied(reached);
	for (const organizationId of takeOutdated()) reprice(organizationId);
	metrics.olapLag.set(
		reached.reduce((sum, state) => sum + last.get(state.organizationId)! - state.position, 0)
	);
	return reached.reduce((sum, state, index) => sum + state.position - waiting[index]!.state.position, 0);
}

/** Events that are gone call for a rebuild; whatever else keeps an organization from being applied is told and tried again. */
async function giveWay({ state: { organizationId } }: Waiting, error: unknown): Promise<number> {
	if (error instanceof OutboxGap) {
		log.warn({ organizationId }, 'events were pruned before they reached ClickHouse: rebuilding');
		void rebuildOnce(organizationId);
		return 0;
	}
	if (isConnectionError(error) || error instanceof Unavailable) throw error;
	log.error({ err: error, organizationId }, 'events could not be applied to ClickHouse');
	throw error;
}

/** Rebuilds that rounds started, by organization; its rounds wait for them. */
const rebuilds = new Map<string, Promise<void>>();

function rebuildOnce(organizationId: string): Promise<void> {
	const running =
		rebuilds.get(organizationId) ??
		rebuildOrganization(organizationId)
			.then(
				() => {},
				(error: unknown) =>
					log.error({ err: error, organizationId }, 'a rebuild failed; the next round tries again')
			)
			.finally(() => rebuilds.delete(organizationId));
	rebuilds.set(organizationId, running);
	return running;
}

/** Rebuilds for changed rates, by organization: its rounds go on meanwhile, and readers add up for themselves. */
const repricings = new Map<string, Promise<void>>();

function reprice(organizationId: string): void {
	if (repricings.has(organizationId)) return;
	const running = rebuildOrganization(organizationId)
		.then(
			() => {},
			(error: unknown) =>
				log.error({ err: error, organizationId }, 'a rebuild for changed rates failed; questions stay slow')
		)
		.finally(() => repricings.delete(organizationId));
	repricings.set(organizationId, running);
}

/** `last` is the outbox's position; `fresh`: ClickHouse knows nothing of the organization. */
interface Waiting {
	state: Applied;
	last: number;
	fresh: boolean;
	settingsChanged: boolean;
}

async function behind(organizationIds?: readonly string[]): Promise<Waiting[]> {
	const [positions, applied] = await Promise.all([
		asSystem(
			'outbox: read for the hub and the projection',
			({ sql }) => sql<{ organizationId: string; position: number; timeZone: string; currency: string }[]>`
			select p.organization_id, p.position, o.time_zone, o.currency from outbox_positions p join organizations o on o.id = p.organization_id
			where ${organizationIds ? sql`p.organization_id = any(${[...organizationIds]}::uuid[])` : sql`true`}`
		),
		readApplied(organizationIds)
	]);
	const zones = new Map<string, string>();
	for (const { timeZone } of positions)
		if (!zones.has(timeZone)) zones.set(timeZone, await knownZone(timeZone));
	return positions
		.map(({ organizationId, position, timeZone: setting, currency }) => {
			const timeZone = zones.get(setting)!;
			const known = applied.get(organizationId);
			const state = known ?? { organizationId, generation: 1, position: 0, timeZone, currency };
			return {
				state,
				last: position,
				fresh: !known,
				settingsChanged: known !== undefined && (known.timeZone !== timeZone || known.currency !== currency)
			};
		})
		.filter((one) => one.last > one.state.position || one.settingsChanged || one.last < one.state.position);
}
