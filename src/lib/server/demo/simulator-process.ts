import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { log } from '../platform/log.ts';

/** The line the simulator prints once it listens. */
const readySchema = z.object({
	event: z.literal('ready'),
	url: z.url(),
	shop: z.string(),
	accessToken: z.string(),
	webhookSecret: z.string(),
	/** Of the shop, also to come; instants in ms. */
	promotions: z.array(z.object({ from: z.number(), until: z.number(), title: z.string() })),
	amazon: z.object({
		apiUrl: z.url(),
		sellerId: z.string(),
		region: z.string(),
		clientId: z.string(),
		clientSecret: z.string(),
		refreshToken: z.string(),
		queueUrl: z.url(),
		accessKeyId: z.string(),
		secretAccessKey: z.string()
	}),
	walmart: z.object({ url: z.url(), clientId: z.string(), clientSecret: z.string() })
});
export type SimulatorReady = z.output<typeof readySchema>;

const START_TIMEOUT_MS = 60_000;

/** A running simulator; it ends with us, even when we are killed, since it watches its standard input. */
export interface SimulatorProcess {
	ready: SimulatorReady;
	/** Resolves when the process has ended, by us or by itself. */
	ended: Promise<void>;
	/** Sends an action to the control endpoint; a failure is logged, since the shop goes on without it. */
	control(action: Record<string, unknown>): Promise<void>;
	stop(): void;
}

/**
 * Starts the simulator on a free loopback port, at low priority.
 * @throws Error when it does not say that it is ready within a minute
 */
export async function startSimulator(options: readonly string[]): Promise<SimulatorProcess> {
	const child = spawn(
		process.execPath,
		[path.resolve('simulator/main.ts'), '--port', '0', '--parent', ...options],
		{
			stdio: ['pipe', 'pipe', 'pipe'],
			env: { PATH: process.env.PATH, TZ: 'UTC' }
		}
	);
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	let complaint = '';
	child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)));
	const ready = await Promise.race([
		readyLine(child),
		ended.then(() => null),
		sleep(START_TIMEOUT_MS, null, { ref: false })
	]);
	if (!ready) {
		child.kill('SIGKILL');
		throw new Error(`The simulator did not start. ${complaint.trim()}`);
	}
	log.info({ url: ready.url, pid: child.pid }, 'simulator started');
	const control = async (action: Record<string, unknown>) => {
		const sent = await fetch(`${ready.url}/__control`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(action)
		}).catch((error: unknown) => error as Error);
		if (sent instanceof Error || !sent.ok)
			log.warn({ action: action.action }, 'the simulator did not take an action');
	};
	return { ready, ended, control, stop: () => child.kill('SIGTERM') };
}

async function readyLine(child: ChildProcess): Promise<SimulatorReady | null> {
	for await (const line of createInterface({ input: child.stdout! })) {
		if (!line.startsWith('{')) continue;
		const parsed = readySchema.safeParse(JSON.parse(line));
		if (!parsed.success) continue;
		child.stdout!.resume();
		return parsed.data;
	}
	return null;
}
