import type { PgBoss } from 'pg-boss';
import type { z } from 'zod';
import { log, withTrace } from './log.ts';
import { metrics } from './metrics.ts';
import { newId } from './ids.ts';

/** A job's contract, apart from its handler: name, payload, when it runs by itself, how it is retried. Data only. */
export interface JobContract<Payload extends z.ZodType = z.ZodType> {
	name: string;
	payload: Payload;
	/** Cron in UTC, for sweeps that fan out per organization. */
	schedule?: string;
	/** Runs when a process starts, too: what a crash left behind does not wait for the clock. */
	atStart?: true;
	/** Tries after the first; waits double from `retryDelay` seconds. */
	retryLimit?: number;
	retryDelay?: number;
	/** Seconds after which a running job counts as lost. */
	expireInSeconds?: number;
	/** How many run at the same time in one process. */
	concurrency?: number;
}

/** A contract with the function that does the work. */
export interface JobHandler<Payload extends z.ZodType = z.ZodType> {
	contract: JobContract<Payload>;
	run(payload: z.output<Payload>, job: { id: string; signal: AbortSignal }): Promise<void>;
}

const held = globalThis as unknown as {
	tidemarkQueue?: { boss: PgBoss; contracts: Map<string, JobContract> };
};

/**
 * Starts the queue with its handlers.
 * @throws Error when a contract has no handler, a handler has no contract, or a name stands twice
 */
export async function startQueue(
	boss: PgBoss,
	contracts: readonly JobContract[],
	handlers: readonly JobHandler[],
	work: boolean
): Promise<void> {
	const byName = checkRegistry(contracts, handlers);
	boss.on('error', (error) => log.error({ err: error }, 'queue error'));
	await boss.start();
	held.tidemarkQueue = { boss, contracts: new Map(contracts.map((contract) => [contract.name, contract])) };
	for (const contract of contracts) {
		const options = {
			retryLimit: contract.retryLimit ?? 3,
			retryDelay: contract.retryDelay ?? 5,
			retryBackoff: true,
			expireInSeconds: contract.expireInSeconds ?? 900
		};
		if (await boss.getQueue(contract.name)) await boss.updateQueue(contract.name, options);
		else await boss.createQueue(contract.name, { ...options, policy: 'standard' });
		if (contract.schedule) await boss.schedule(contract.name, contract.schedule, {}, { tz: 'UTC' });
		if (!work) continue;
		await listen(boss, byName.get(contract.name)!);
		if (contract.atStart) await enqueue(contract, {}, { key: 'start' });
	}
}

/** One handler for each contract. Exported for the test of the registry. */
export function checkRegistry(
	contracts: readonly JobContract[],
	handlers: readonly JobHandler[]
): Map<string, JobHandler> {
	const byName = new Map<string, JobHandler>();
	for (const handler of handlers) {
		if (byName.has(handler.contract.name))
			throw new Error(`Two handlers for the job ${handler.contract.name}.`);
		byName.set(handler.contract.name, handler);
	}
	const names = new Set<string>();
	for (const { name } of contracts) {
		if (names.has(name)) throw new Error(`The job ${name} is declared twice.`);
		names.add(name);
		if (!byName.has(name)) throw new Error(`The job ${name} has no handler.`);
	}
	for (const name of byName.keys())
		if (!names.has(name)) throw new Error(`The handler for ${name} belongs to no declared job.`);
	return byName;
}

async function listen(boss: PgBoss, handler: JobHandler): Promise<void> {
	const { contract } = handler;
	const options = { localConcurrency: contract.concurrency ?? 1, pollingIntervalSeconds: 1 };
	await boss.work(contract.name, options, async ([job]) => {
		if (!job) return;
		await withTrace({ jobId: job.id, requestId: newId() }, async () => {
			try {
				await handler.run(contract.payload.parse(job.data ?? {}), { id: job.id, signal: job.signal });
				metrics.jobs.inc({ name: contract.name, outcome: 'done' });
			} catch (error) {
				metrics.jobs.inc({ name: contract.name, outcome: 'failed' });
				log.error({ err: error, job: contract.name }, 'job failed');
				throw error;
			}
		});
	});
}

/**
 * Puts a job into the queue after the caller's commit. With `key`, one job with that key waits at a time.
 * Long work has a row of its own (a sync run), so that a sweep finds what a crash kept from being queued.
 */
export async function enqueue<Payload extends z.ZodType>(
	contract: JobContract<Payload>,
	payload: z.input<Payload>,
	options: { key?: string; startAfterSeconds?: number } = {}
): Promise<void> {
	if (!held.tidemarkQueue) throw new Error('The queue has not started.');
	contract.payload.parse(payload);
	await held.tidemarkQueue.boss.send(contract.name, payload as object, {
		...(options.key !== undefined && { singletonKey: options.key, singletonSeconds: 1 }),
		...(options.startAfterSeconds !== undefined && { startAfter: options.startAfterSeconds })
	});
}

/** Waits for running jobs, at most `timeout` ms, and stops. */
export async function stopQueue(timeout: number): Promise<void> {
	await held.tidemarkQueue?.boss.stop({ graceful: true, timeout });
	delete held.tidemarkQueue;
}
